"""The rows to write a rule in, by keyboard and without script: each button is a round trip."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from outreach.groups.facts import Fact
from outreach.groups.rule import VERSION, Rule, validate
from outreach.groups.rule_form import all_labels
from outreach.groups.rule_rows import BlockRow, rows_of
from outreach.groups.written_rule import (
    DO,
    OUTLINE,
    WrittenBlock,
    WrittenCondition,
    act,
    from_form,
    from_stored,
    has_room,
    numbered,
    outline_of,
)


class RuleEditor:
    """Rows from what was sent, or from a stored rule.

    Where a button of the editor was pressed, which `asked` names, nothing is checked; else
    `is_valid` and `raw` do for the rows what a form does for its fields.
    """

    outline_name, do_name = OUTLINE, DO

    def __init__(
        self, data: Mapping[str, Any] | None, stored: object, *, known: Mapping[str, Fact]
    ) -> None:
        self.known = known
        self.is_bound = data is not None
        self.asked = str(data.get(DO, "")) if data is not None else ""
        self.written = from_stored(stored) if data is None else from_form(data)
        next_row = act(self.written, self.asked)
        # A stored rule that is broken is checked at once, so that its rows say what is wrong.
        is_checked = not self.asked and (self.is_bound or _is_broken(stored, known))
        self.is_empty = not any(_is_filled(part) for _level, part in numbered(self.written))
        if not self.written.parts:
            self.written.parts.append(WrittenCondition())
        self.root = rows_of(self.written, known, is_checked=is_checked, next_row=next_row)

    @property
    def outline(self) -> str:
        return outline_of(self.written)

    @property
    def has_room(self) -> bool:
        return has_room(self.written)

    @property
    def proposed_values(self) -> list[str]:
        return all_labels(self.known)

    def is_valid(self) -> bool:
        return self.is_bound and not self.asked and not _first_mistake(self.root)

    def raw(self) -> dict[str, Any]:
        """The rule as JSON, without empty rows, once valid."""
        return {"version": VERSION, **self.root.as_json()}

    def has_changed(self, stored: object) -> bool:
        """Whether the rows say something else than a stored rule."""
        return _texts(self.written) != _texts(from_stored(stored))

    def rule(self) -> Rule:
        """The rule as it is written now. Raises ValidationError for the first thing amiss."""
        root = rows_of(self.written, self.known, is_checked=True)
        if mistake := _first_mistake(root):
            raise ValidationError(mistake)
        return validate({"version": VERSION, **root.as_json()}, known=self.known)


def _first_mistake(root: BlockRow) -> str:
    for row in root.all_rows():
        for errors in row.form.errors.values():
            text = " ".join(map(str, errors))
            said = _("Condition %(number)s: %(error)s") % {"number": row.place, "error": text}
            return said if row.place else text
    return ""


def _is_broken(stored: object, known: Mapping[str, Fact]) -> bool:
    if not stored:
        return False
    try:
        validate(stored, known=known)
    except ValidationError:
        return True
    return False


def _is_filled(part: WrittenBlock | WrittenCondition) -> bool:
    if isinstance(part, WrittenBlock):
        return False
    return any((part.fact, part.comparison, part.value))


def _texts(root: WrittenBlock) -> list[tuple[object, ...]]:
    """All that is written, to be compared, without what is empty."""
    rows = [(0, root), *numbered(root)]
    return [
        (level, row.match)
        if isinstance(row, WrittenBlock)
        else (level, row.fact, row.comparison, row.value)
        for level, row in rows
        if isinstance(row, WrittenBlock) or _is_filled(row)
    ]
