"""The rows of a written rule with their forms, to be shown, checked, and read as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from outreach.groups.facts import Fact, Kind
from outreach.groups.rule import MAX_DEPTH, block_as_json
from outreach.groups.rule_form import BlockForm, ConditionForm
from outreach.groups.written_rule import PREFIX, Written, WrittenBlock
from outreach.groups.written_value import as_code


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """`place` is what people are told: 2.1 is the first within the second."""

    number: int
    place: str
    form: ConditionForm
    is_block = False


@dataclass(frozen=True, slots=True)
class BlockRow:
    """`is_next` where the keyboard goes on; `may_nest` unless that would be too deep."""

    number: int
    place: str
    form: BlockForm
    rows: "tuple[ConditionRow | BlockRow, ...]"
    is_next: bool
    may_nest: bool
    is_block = True

    def all_rows(self) -> "Iterator[ConditionRow | BlockRow]":
        """This row and every one within."""
        yield self
        for row in self.rows:
            if isinstance(row, BlockRow):
                yield from row.all_rows()
            else:
                yield row

    def as_json(self) -> dict[str, Any]:
        """The conditions, once checked; empty rows, and blocks of such, are passed over."""
        match = self.form["match"].value()
        return block_as_json(match, [raw for row in self.rows if (raw := _as_json(row))])


def rows_of(
    root: WrittenBlock,
    known: Mapping[str, Fact],
    *,
    is_checked: bool = False,
    next_row: Written | None = None,
) -> BlockRow:
    """The rows of a rule. Unless `is_checked`, no form says what is wrong in it."""
    return _Builder(known, is_checked, next_row).block(root, ())


class _Builder:
    def __init__(
        self, known: Mapping[str, Fact], is_checked: bool, next_row: Written | None
    ) -> None:
        self.known, self.is_checked, self.next_row = known, is_checked, next_row
        self.numbers = count()

    def block(self, block: WrittenBlock, place: tuple[int, ...]) -> BlockRow:
        number = next(self.numbers)
        prefix = f"{PREFIX}-{number}" if number else PREFIX
        form = BlockForm(**self._filled(prefix, match=block.match))
        rows = tuple(self._row(part, (*place, n)) for n, part in enumerate(block.parts, start=1))
        is_next, may_nest = block is self.next_row, len(place) < MAX_DEPTH - 1
        return BlockRow(number, _shown(place), form, rows, is_next, may_nest)

    def _row(self, part: Written, place: tuple[int, ...]) -> ConditionRow | BlockRow:
        if isinstance(part, WrittenBlock):
            return self.block(part, place)
        number = next(self.numbers)
        fact = self.known.get(part.fact)
        value = as_code(fact, part.value) if fact and fact.kind == Kind.CHOICE else part.value
        written = {"fact": part.fact, "comparison": part.comparison, "value": value}
        form = ConditionForm(known=self.known, **self._filled(f"{PREFIX}-{number}", **written))
        if part is self.next_row:
            form.fields["fact"].widget.attrs["autofocus"] = True
        return ConditionRow(number, _shown(place), form)

    def _filled(self, prefix: str, **written: str) -> dict[str, Any]:
        if not self.is_checked:
            return {"prefix": prefix, "initial": written}
        return {"prefix": prefix, "data": {f"{prefix}-{name}": v for name, v in written.items()}}


def _as_json(row: ConditionRow | BlockRow) -> dict[str, Any] | None:
    if isinstance(row, ConditionRow):
        return row.form.raw_condition
    raw = row.as_json()
    return raw if raw["conditions"] else None


def _shown(place: tuple[int, ...]) -> str:
    return ".".join(map(str, place))
