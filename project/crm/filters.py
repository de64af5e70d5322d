"""What the lists of the CRM can be narrowed to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from project.crm.countries import COUNTRIES
from project.crm.models import Contact, Order

LAPSED_AFTER = timedelta(days=365)


class CountryFilter(admin.SimpleListFilter):
    """Only the countries that somebody on the list lives in, by name."""

    title = "country"
    parameter_name = "country"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        rows = model_admin.model._default_manager.exclude(country="").order_by()
        codes = rows.values_list("country", flat=True).distinct()
        return sorted(((code, COUNTRIES.get(code, code)) for code in codes), key=lambda c: c[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(country=self.value()) if self.value() else queryset


class CustomerFilter(admin.SimpleListFilter):
    title = "orders"
    parameter_name = "orders"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [
            ("recent", "Ordered in the last year"),
            ("lapsed", "Ordered, but not in the last year"),
            ("never", "Never ordered"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        orders = Order.objects.filter(contact=OuterRef("pk"))
        lately = orders.filter(ordered_on__gt=timezone.localdate() - LAPSED_AFTER)
        match self.value():
            case "recent":
                return queryset.filter(Exists(lately))
            case "lapsed":
                return queryset.filter(Exists(orders), ~Exists(lately))
            case "never":
                return queryset.filter(~Exists(orders))
        return queryset
