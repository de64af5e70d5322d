"""The fields of a condition and of a block of conditions, in a form that needs no script.

A row in which nothing is chosen takes any value as text; after the next round trip it offers
just what its fact can be asked, and the field that fits the value.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.groups.facts import LOOKUPS, SETS, Fact, Kind, Lookup, Takes
from outreach.groups.rule import Match, find_fact, find_lookup, read_condition
from outreach.groups.values import MAX_TEXT
from outreach.groups.written_value import from_written

NO_CHOICE = ("", "---------")
WHAT = ("", gettext_lazy("Choose what to ask about"))
HOW = ("", gettext_lazy("how"))
VALUES_LIST = "rule-values"


class BlockForm(forms.Form):
    """Whether all, any or none of some conditions have to hold."""

    match = forms.ChoiceField(
        choices=[
            (Match.ALL.value, gettext_lazy("all of these hold")),
            (Match.ANY.value, gettext_lazy("any of these holds")),
            (Match.NONE.value, gettext_lazy("none of these holds")),
        ],
    )


class ConditionForm(forms.Form):
    """One condition; `raw_condition` holds it as JSON once cleaned, None for an empty row."""

    fact = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    comparison = forms.ChoiceField(label=gettext_lazy("How"), required=False)
    value = forms.CharField(label=gettext_lazy("Value"), required=False, max_length=MAX_TEXT)
    raw_condition: dict[str, Any] | None = None

    def __init__(self, *args: Any, known: Mapping[str, Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        name, code = (self[field].value() or "" for field in ("fact", "comparison"))
        self._offer("fact", [WHAT, *_gone(name, known), *_by_section(known.values())])
        self._offer("comparison", [HOW, *_by_section(_all_lookups())])
        if chosen := known.get(name):
            own = [(lookup.code, lookup.label) for lookup in chosen.lookups]
            self.fields["comparison"].widget.choices = [HOW, *own]
        self.fields["value"].widget = _value_widget(chosen, code, self["value"].value() or "")
        self.takes_no_value = _takes(chosen, code) == Takes.NOTHING
        self.takes_days = _takes(chosen, code) == Takes.DAYS

    def clean(self) -> dict[str, Any]:
        data = {key: self.cleaned_data.get(key, "") for key in self.fields}
        if self.errors or not any(data.values()):
            return data
        if not data["fact"]:
            self.add_error("fact", _("Choose what to ask about, or remove the row."))
            return data
        if not data["comparison"]:
            self.add_error("comparison", _("Choose how to compare, and a value."))
            return data
        self._clean_condition(data["fact"], data["comparison"], data["value"])
        return data

    def _clean_condition(self, name: str, code: str, text: str) -> None:
        field = "fact"
        try:
            fact = find_fact(name, self.known)
            field = "comparison"
            lookup = find_lookup(code, fact)
            field = "value"
            raw = {"fact": name, "is": code} | from_written(fact, lookup, text)
            read_condition(raw, self.known)
        except ValidationError as error:
            self.add_error(field, error)
        else:
            self.raw_condition = raw

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = choices


def all_labels(known: Mapping[str, Fact]) -> list[str]:
    """Every value that can be chosen anywhere, to be proposed while one writes."""
    return sorted({str(label) for fact in known.values() for code, label in fact.choices})


def _takes(fact: Fact | None, code: str) -> Takes | None:
    lookups = fact.lookups if fact else ()
    return next((lookup.takes for lookup in lookups if lookup.code == code), None)


def _value_widget(fact: Fact | None, code: str, written: str) -> forms.Widget:
    takes = _takes(fact, code)
    if fact is None or takes is None:
        return forms.TextInput({"list": VALUES_LIST})
    if takes == Takes.DAYS:
        return forms.NumberInput({"min": 1, "step": 1})
    if fact.kind == Kind.CHOICE:
        return forms.Select(choices=[NO_CHOICE, *_unknown(fact, written), *fact.choices])
    if takes == Takes.VALUE and fact.kind == Kind.NUMBER:
        return forms.NumberInput({"step": "any"})
    if takes == Takes.VALUE and fact.kind == Kind.DATE:
        return forms.DateInput({"type": "date"})
    return forms.TextInput()


def _all_lookups() -> list[Lookup]:
    found = {one.code: one for lookups in (*LOOKUPS.values(), SETS) for one in lookups}
    return list(found.values())


def _by_section(named: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
    sections: dict[str, list[tuple[str, Any]]] = {}
    for one in named:
        code = one.code if isinstance(one, Lookup) else one.name
        sections.setdefault(str(one.section), []).append((code, one.label))
    return list(sections.items())


def _gone(name: str, known: Mapping[str, Fact]) -> list[tuple[str, str]]:
    if not name or name in known:
        return []
    return [(name, _("%(name)s (no longer exists)") % {"name": name})]


def _unknown(fact: Fact, written: str) -> list[tuple[str, str]]:
    """What was typed is kept, so that it can be seen beside its error."""
    is_known = any(written == code for code, label in fact.choices)
    return [(written, written)] if written and not is_known else []
