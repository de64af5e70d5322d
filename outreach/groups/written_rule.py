"""A rule as it stands in a form: rows in their order, some of them blank, unfinished or wrong.

rule-match    all                      of the outermost block
rule-outline  c1 b1 c2                 a condition, a block, and a condition within the block
rule-1-fact, rule-1-comparison, rule-1-value, rule-2-match, rule-3-fact …
rule-do       add-condition:2          the button that was pressed, and at which row
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.groups.rule import MAX_CONDITIONS, MAX_DEPTH, Match
from outreach.groups.values import MAX_TEXT
from outreach.groups.written_value import as_written

PREFIX = "rule"
DO = f"{PREFIX}-do"
OUTLINE = f"{PREFIX}-outline"
ADD_CONDITION, ADD_BLOCK, REMOVE, COUNT = "add-condition", "add-block", "remove", "count"

_MAX_ROWS = 2 * MAX_CONDITIONS
_TOKEN = re.compile(r"[bc][0-9]\b", re.ASCII)


@dataclass(slots=True, eq=False)
class WrittenCondition:
    """What stands in the three fields of a row."""

    fact: str = ""
    comparison: str = ""
    value: str = ""


@dataclass(slots=True, eq=False)
class WrittenBlock:
    """All, any or none of its parts."""

    match: str = Match.ALL.value
    parts: "list[WrittenCondition | WrittenBlock]" = field(default_factory=list)


Written = WrittenCondition | WrittenBlock


def from_form(data: Mapping[str, Any]) -> WrittenBlock:
    """The rows of a form that was sent. What is sent wrongly becomes rows that say so."""
    root = WrittenBlock(_text(data, f"{PREFIX}-match"))
    open_blocks = [root]
    tokens = _TOKEN.findall(_text(data, OUTLINE, most=4 * _MAX_ROWS))[:_MAX_ROWS]
    for number, (kind, level) in enumerate(tokens, start=1):
        # Never deeper than one level too many, which is refused in words.
        del open_blocks[min(max(int(level), 1), MAX_DEPTH) :]
        part = _block(data, number) if kind == "b" else _condition(data, number)
        open_blocks[-1].parts.append(part)
        if isinstance(part, WrittenBlock):
            open_blocks.append(part)
    return root


def from_stored(raw: object, *, levels: int = MAX_DEPTH) -> WrittenBlock:
    """The rows of a stored rule, be it broken."""
    stored = raw if isinstance(raw, dict) else {}
    found = WrittenBlock(as_written(stored.get("match", Match.ALL.value)))
    parts = stored.get("conditions")
    for part in parts[:MAX_CONDITIONS] if isinstance(parts, list) else []:
        if isinstance(part, dict) and "conditions" in part:
            if levels:
                found.parts.append(from_stored(part, levels=levels - 1))
        elif isinstance(part, dict):
            words = (as_written(part.get(name)) for name in ("fact", "is", "value"))
            found.parts.append(WrittenCondition(*words))
    return found


def numbered(block: WrittenBlock, level: int = 1) -> Iterator[tuple[int, Written]]:
    """Every row below a block with its level, in the order of the form."""
    for part in block.parts:
        yield level, part
        if isinstance(part, WrittenBlock):
            yield from numbered(part, level + 1)


def outline_of(root: WrittenBlock) -> str:
    kinds = ((isinstance(part, WrittenBlock), level) for level, part in numbered(root))
    return " ".join(f"{'b' if is_block else 'c'}{level}" for is_block, level in kinds)


def act(root: WrittenBlock, what: str) -> Written | None:
    """Do what a button says: add or remove rows. Returns the row to go on at."""
    verb, _colon, number = what.partition(":")
    rows = [root, *(part for _level, part in numbered(root))]
    at = (
        rows[int(number)]
        if number.isascii() and number.isdigit() and _is_in(number, rows)
        else None
    )
    if isinstance(at, WrittenBlock) and verb in {ADD_CONDITION, ADD_BLOCK}:
        return _add(root, at, is_block=verb == ADD_BLOCK)
    if at is not None and at is not root and verb == REMOVE:
        holder = next(row for row in rows if isinstance(row, WrittenBlock) and at in row.parts)
        holder.parts.remove(at)
        return holder
    return None


def has_room(root: WrittenBlock) -> bool:
    """Whether another condition may be added."""
    return sum(isinstance(p, WrittenCondition) for _l, p in numbered(root)) < MAX_CONDITIONS


def _add(root: WrittenBlock, block: WrittenBlock, *, is_block: bool) -> Written | None:
    if not has_room(root):
        return None
    new = WrittenCondition()
    if is_block:
        # Within "all of" one mostly wants "any of", and the other way round.
        opposite = Match.ALL if block.match == Match.ANY else Match.ANY
        block.parts.append(WrittenBlock(opposite.value, [new]))
    else:
        block.parts.append(new)
    return new


def _is_in(number: str, rows: list[Written]) -> bool:
    return len(number) < 4 and int(number) < len(rows)


def _block(data: Mapping[str, Any], number: int) -> WrittenBlock:
    return WrittenBlock(_text(data, f"{PREFIX}-{number}-match"))


def _condition(data: Mapping[str, Any], number: int) -> WrittenCondition:
    names = ("fact", "comparison", "value")
    return WrittenCondition(*(_text(data, f"{PREFIX}-{number}-{name}") for name in names))


def _text(data: Mapping[str, Any], name: str, *, most: int = 2 * MAX_TEXT) -> str:
    return str(data.get(name, ""))[:most]
