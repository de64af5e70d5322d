"""What the list of people can be narrowed by; rooms to the right may add to it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from outreach.recipients.models import Recipient
from outreach.recipients.wording import NOT_KNOWN, country_name, language_name

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

EMPTY = "-"
"""Stands for an empty column in an address, where an empty value would mean "all"."""

_added: list[type[SimpleListFilter]] = []


def register(list_filter: type[SimpleListFilter]) -> None:
    """Offer a filter on the list of people."""
    if list_filter not in _added:
        _added.append(list_filter)


def added() -> tuple[type[SimpleListFilter], ...]:
    return tuple(_added)


class _ColumnFilter(SimpleListFilter):
    """The values that a column holds, each by its name, in the order of the names."""

    column: ClassVar[str]

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> Iterable[tuple[str, str]]:
        held = Recipient.objects.order_by().values_list(self.column, flat=True).distinct()
        named = [(code or EMPTY, self.name_of(code)) for code in held]
        return sorted(named, key=lambda choice: (choice[0] == EMPTY, choice[1]))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Recipient]
    ) -> QuerySet[Recipient] | None:
        value = self.value()
        if value is None:
            return None
        return queryset.filter(**{self.column: "" if value == EMPTY else value})

    def name_of(self, code: str) -> str:
        raise NotImplementedError


class LanguageFilter(_ColumnFilter):
    title = _("language")
    parameter_name = column = "language"

    def name_of(self, code: str) -> str:
        return language_name(code) if code else str(NOT_KNOWN)


class CountryFilter(_ColumnFilter):
    title = _("country")
    parameter_name = column = "country"

    def name_of(self, code: str) -> str:
        return str(country_name(code) if code else NOT_KNOWN)
