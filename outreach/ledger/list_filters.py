from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from outreach.ledger import reasons
from outreach.ledger.figures import CAME_BACK, WENT_OUT
from outreach.ledger.models import Delivery, Run

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin


class WhatBecameFilter(SimpleListFilter):
    """Deliveries by state, and by the figures of the send log that put several together."""

    title = _("what became of it")
    parameter_name = "became"
    TOGETHER = {
        "written-to": Delivery.INCLUDED,
        "went-out": WENT_OUT,
        "came-back": CAME_BACK,
    }

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> Iterable[tuple[str, Any]]:
        return [
            ("written-to", _("to be written to, or written to")),
            ("went-out", _("went out")),
            ("came-back", _("came back, for now or for good")),
            *((state.value, state.label) for state in Delivery.State),
            ("spam", _("marked as spam")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Delivery]
    ) -> QuerySet[Delivery] | None:
        value = self.value()
        if value is None:
            return None
        if value == "spam":
            return queryset.filter(complained_at__isnull=False)
        return queryset.filter(state__in=self.TOGETHER.get(value, (value,)))


class ReasonFilter(SimpleListFilter):
    """Deliveries by the reason why they were left out."""

    title = _("why they were left out")
    parameter_name = "reason"

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> Iterable[tuple[str, str]]:
        return [(code, capfirst(str(words))) for code, words in reasons.known().items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Delivery]
    ) -> QuerySet[Delivery] | None:
        return queryset.filter(reason=self.value()) if self.value() else None


class RunStateFilter(SimpleListFilter):
    """Runs by state; those that a newer one took the place of are shown when asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> Iterable[tuple[str, Any]]:
        return Run.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> QuerySet[Run]:
        if self.value() is None:
            return queryset.exclude(state=Run.State.REPLACED)
        return queryset.filter(state=self.value())
