"""The fields of the CRM that its contact sources open to rules, asked where they live."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db.models import (
    CharField,
    DateTimeField,
    DecimalField,
    Exists,
    Field,
    OuterRef,
    Q,
    QuerySet,
    TextField,
)
from django.db.models import Value as Param
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.days import span_of, start_of
from outreach.groups.facts import LOOKUPS, Choice, Kind, Lookup, Text, Value
from outreach.recipients.links_to import links_to
from outreach.recipients.models import ContactLink
from outreach.recipients.sources import ContactSource, SegmentField, sources


@dataclass(frozen=True, kw_only=True)
class CrmFact:
    """True of a person of whom one contact in the CRM, not gone from it, fits."""

    name: str
    label: Text
    section: Text
    kind: Kind
    choices: tuple[Choice, ...]
    source: ContactSource
    path: str
    phrases: Mapping[str, Text] = field(default_factory=dict)

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        return LOOKUPS[self.kind]

    def condition(self, lookup: str, value: Value) -> Q:
        """Raises BrokenRule where the source names a field that the CRM does not have."""
        rows = self.source.rows()
        try:
            column = rows.order_by().values(self.path).query.output_field
            found = rows.filter(**self._filter(lookup, value, column))
        except FieldError as error:
            raise BrokenRule(
                _("The CRM has no field behind “%(fact)s”.") % {"fact": self.label}
            ) from error
        return Q(Exists(self._links(found)))

    def _links(self, rows: QuerySet[Any]) -> QuerySet[ContactLink]:
        return links_to(self.source, rows).filter(recipient=OuterRef("pk"))

    def _filter(self, lookup: str, value: Value, column: "Field[Any, Any]") -> dict[str, Any]:
        if lookup == "filled":
            is_text = isinstance(column, CharField | TextField)
            # Not exclude(): over a path to many rows that would drop contacts with one empty row.
            return {f"{self.path}__gt": ""} if is_text else {f"{self.path}__isnull": False}
        if lookup == "yes":
            return {self.path: True}
        if self.kind == Kind.DATE:
            return self._dates(lookup, value, column)
        if self.kind == Kind.NUMBER:
            return {f"{self.path}__{_NUMBERS[lookup]}": _number(value)}
        if self.kind == Kind.CHOICE:
            return {self.path: value}
        return {f"{self.path}__{_WORDS[lookup]}": value}

    def _dates(self, lookup: str, value: Value, column: "Field[Any, Any]") -> dict[str, Any]:
        first, end = span_of(lookup, value)
        is_instant = isinstance(column, DateTimeField)
        return {
            f"{self.path}__{operator}": start_of(day) if is_instant else day
            for operator, day in (("gte", first), ("lt", end))
            if day
        }


_WORDS = {"equals": "iexact", "contains": "icontains", "starts": "istartswith"}
_NUMBERS = {"equals": "exact", "at_least": "gte", "at_most": "lte"}


def crm_facts(tenant: str) -> Iterable[CrmFact]:
    """The segment fields of every source, named "contact.country" for the model Contact."""
    taken: set[str] = set()
    for source in sources().values():
        short = source.key.rpartition(".")[2]
        prefix = source.key if short in taken else short
        taken.add(prefix)
        words = source.model_class()._meta.verbose_name or prefix
        section = format_lazy("{crm} {model}", crm=gettext_lazy("CRM"), model=words)
        for name, opened in source.segment_fields.items():
            yield _fact(f"{prefix}.{name}", opened, source, section)


def _fact(name: str, opened: SegmentField, source: ContactSource, section: Text) -> CrmFact:
    if opened.kind not in set(Kind):
        raise ImproperlyConfigured(f"Segment field {name} has the unknown kind {opened.kind!r}.")
    return CrmFact(
        name=name,
        label=opened.label,
        section=section,
        kind=Kind(opened.kind),
        choices=tuple((str(code), label) for code, label in opened.choices),
        source=source,
        path=opened.path,
        phrases=opened.phrases,
    )


def _number(value: Value) -> Param:
    """As a decimal of its own, so that no column's precision can refuse or round it."""
    return Param(Decimal(str(value)), output_field=DecimalField(max_digits=20, decimal_places=4))
