"""The CRM as its staff see it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.forms import Field
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html

from project.crm.filters import CountryFilter, CustomerFilter
from project.crm.models import Company, Contact, Order
from project.crm.money import euros

BY_NAME = Coalesce(NullIf(F("last_name"), Value("")), F("first_name"))
ADDRESS = ("street", "postcode", "city", "region", "country")
WIDE = {"first_name", "last_name", "email", "street"}

# Django's admin classes take no type argument at run time.
if TYPE_CHECKING:
    CompanyPages = admin.ModelAdmin[Company]
    ContactPages = admin.ModelAdmin[Contact]
    OrderPages = admin.ModelAdmin[Order]
    OrderRows = admin.TabularInline[Order, Contact]
    PeopleRows = admin.TabularInline[Contact, Company]
else:
    CompanyPages = ContactPages = OrderPages = admin.ModelAdmin
    OrderRows = PeopleRows = admin.TabularInline


class OrderInline(OrderRows):
    model = Order
    fields = ["number", "ordered_on", "status", "total"]
    extra = 0
    show_change_link = True


class PeopleInline(PeopleRows):
    model = Contact
    verbose_name = "person"
    verbose_name_plural = "people to talk to"
    fields = ["email", "phone", "mobile", "language"]
    readonly_fields = ["email", "phone", "mobile", "language"]
    ordering = [BY_NAME, "first_name", "pk"]
    max_num = 0
    can_delete = False
    show_change_link = True


@admin.register(Company)
class CompanyAdmin(CompanyPages):
    list_display = ["name", "kind", "city", "region", "country", "people"]
    list_filter = ["kind", CountryFilter]
    search_fields = ["name", "vat_number", "city"]
    readonly_fields = ["created_at"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["name", "kind", "vat_number", "website"]}),
        ("Address", {"fields": ADDRESS}),
        ("Record", {"fields": ["created_at"], "classes": ["collapse"]}),
    ]
    inlines = [PeopleInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return super().get_queryset(request).annotate(people=Count("contacts"))

    @admin.display(description="people", ordering="people")
    def people(self, company: Company) -> int:
        people: int = getattr(company, "people")  # noqa: B009  # annotated in get_queryset
        return people


@admin.register(Contact)
class ContactAdmin(ContactPages):
    list_display = [
        "name",
        "works_for",
        "address",
        "country",
        "last_ordered_on",
        "owner",
        "may_be_contacted",
    ]
    list_display_links = ["name"]
    list_select_related = ["company", "owner"]
    list_filter = [
        "language",
        CountryFilter,
        CustomerFilter,
        "do_not_contact",
        ("email", admin.EmptyFieldListFilter),
        ("owner", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = [
        "first_name",
        "last_name",
        "email",
        "phone",
        "mobile",
        "city",
        "company__name",
    ]
    search_help_text = "Name, e-mail, phone, city or company"
    ordering = [BY_NAME, "first_name", "pk"]
    autocomplete_fields = ["company"]
    readonly_fields = ["bought_so_far", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["first_name", "last_name", "company", "language", "birthday"]}),
        ("How to reach them", {"fields": ["email", "phone", "mobile", "do_not_contact"]}),
        ("Where they live", {"fields": [*ADDRESS, "time_zone"]}),
        (
            "Looking after them",
            {"fields": ["owner", "customer_since", "bought_so_far", "notes"]},
        ),
        ("Record", {"fields": ["created_at", "updated_at"], "classes": ["collapse"]}),
    ]
    inlines = [OrderInline]

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        if db_field.name in WIDE:
            kwargs["widget"] = AdminTextInputWidget(attrs={"class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        newest = Order.objects.filter(contact=OuterRef("pk")).order_by("-ordered_on")
        last = Subquery(newest.values("ordered_on")[:1])
        return super().get_queryset(request).annotate(last_ordered_on=last)

    @admin.display(description="name", ordering=BY_NAME)
    def name(self, contact: Contact) -> str:
        return str(contact)

    @admin.display(description="company", ordering="company__name")
    def works_for(self, contact: Contact) -> str | None:
        """As text, since Django forbids a line break in a column of related objects."""
        return str(contact.company) if contact.company else None

    @admin.display(description="e-mail", ordering="email", empty_value="none")
    def address(self, contact: Contact) -> str:
        """May break before the @, so that a long one leaves room for the rest."""
        local, at, domain = contact.email.rpartition("@")
        return format_html("{}<wbr>{}{}", local, at, domain) if contact.email else ""

    @admin.display(description="last order", ordering="last_ordered_on", empty_value="never")
    def last_ordered_on(self, contact: Contact) -> object:
        return getattr(contact, "last_ordered_on")  # noqa: B009  # annotated in get_queryset

    @admin.display(description="contact OK", boolean=True, ordering="-do_not_contact")
    def may_be_contacted(self, contact: Contact) -> bool:
        return not contact.do_not_contact

    @admin.display(description="bought so far")
    def bought_so_far(self, contact: Contact) -> str:
        bought = contact.orders.exclude(status__in=Order.NOT_SOLD).aggregate(
            count=Count("pk"), total=models.Sum("total"), last_on=models.Max("ordered_on")
        )
        if not bought["count"]:
            return "Nothing yet"
        orders = "1 order" if bought["count"] == 1 else f"{bought['count']} orders"
        return f"{orders} for {euros(bought['total'])}, last on {date_format(bought['last_on'])}"


@admin.register(Order)
class OrderAdmin(OrderPages):
    list_display = ["number", "contact", "ordered_on", "status", "amount"]
    list_select_related = ["contact"]
    list_filter = ["status"]
    date_hierarchy = "ordered_on"
    search_fields = [
        "number",
        "contact__first_name",
        "contact__last_name",
        "contact__email",
        "contact__company__name",
    ]
    autocomplete_fields = ["contact"]
    fieldsets = [
        (None, {"fields": ["number", "contact", "ordered_on"]}),
        ("State", {"fields": ["status", "total"]}),
    ]

    @admin.display(description="total", ordering="total")
    def amount(self, order: Order) -> str:
        return euros(order.total)
