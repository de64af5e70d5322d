"""What we know of a person ourselves: language, country and how well we know each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from outreach.groups.facts import DIFFERS, EQUALS, LOOKUPS, Choice, Kind, Lookup, Text, Value
from outreach.recipients.countries import COUNTRIES
from outreach.recipients.models import Stage

SECTION = _("Outreach")


@dataclass(frozen=True, kw_only=True)
class ColumnFact:
    """A column of Recipient that holds one of a list of codes."""

    name: str
    label: Text
    column: str
    choices: tuple[Choice, ...]
    section: Text = SECTION
    kind: Kind = Kind.CHOICE
    lookups: tuple[Lookup, ...] = LOOKUPS[Kind.CHOICE]
    phrases: Mapping[str, Text] = field(default_factory=dict)

    def condition(self, lookup: str, value: Value) -> Q:
        if lookup == "filled":
            return ~Q(**{self.column: ""})
        return Q(**{self.column: value})


class LanguageFact(ColumnFact):
    """What the person chose, else what the CRM says. Also finds regional forms: who reads "pt-br"
    reads "pt"."""

    def condition(self, lookup: str, value: Value) -> Q:
        if lookup == "filled":
            return super().condition(lookup, value) | ~Q(chosen_language="")
        in_the_crm = Q(language__iexact=value) | Q(language__istartswith=f"{value}-")
        return Q(chosen_language=value) | Q(chosen_language="") & in_the_crm


def person_facts(tenant: str) -> Iterable[ColumnFact]:
    yield LanguageFact(
        name="person.language",
        label=_("language"),
        column="language",
        choices=_languages(),
        phrases={
            "equals": _("whose language is %(value)s"),
            "differs": _("whose language is not %(value)s"),
            "filled": _("whose language is known"),
            "empty": _("whose language is not known"),
        },
    )
    yield ColumnFact(
        name="person.country",
        label=_("country"),
        column="country",
        choices=tuple(COUNTRIES.items()),
        phrases={
            "equals": _("whose country is %(value)s"),
            "differs": _("whose country is not %(value)s"),
            "filled": _("whose country is known"),
            "empty": _("whose country is not known"),
        },
    )
    yield ColumnFact(
        name="person.stage",
        label=_("stage"),
        column="stage",
        choices=tuple(Stage.choices),
        lookups=(EQUALS, DIFFERS),
        phrases={
            "equals": _("whose stage is %(value)s"),
            "differs": _("whose stage is not %(value)s"),
        },
    )


def _languages() -> tuple[Choice, ...]:
    codes = [code for code, info in LANG_INFO.items() if "name" in info]
    named = ((code, str(get_language_info(code)["name_translated"])) for code in codes)
    return tuple(sorted(named, key=lambda choice: choice[1]))
