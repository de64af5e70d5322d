"""Members of a group as rows of a file, in and out (django-import-export)."""

import unicodedata
from dataclasses import dataclass
from typing import Any

import tablib  # type: ignore[import-untyped]
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource, Resource
from import_export.widgets import Widget

from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, Membership
from outreach.preferences.resources import EmailAddress
from outreach.recipients.models import Recipient, RecipientAddress

NEEDED = ("address",)
MAY_COME = ("address", "why")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST = 250


@dataclass(slots=True)
class MemberRow:
    """One row that names an address; `number` is that of the file, whose heading is row 1."""

    number: int = 0
    address: str = ""
    why: str = ""


class Note(Widget):  # type: ignore[misc]
    """A few words, which may be missing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        words = " ".join(undefused("" if value is None else str(value)).split())
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in words):
            raise ValueError(_("holds a character that cannot be kept"))
        if len(words) > MOST:
            raise ValueError(_("is longer than %(most)d characters") % {"most": MOST})
        return words


class MemberAddress(EmailAddress):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return super().clean(undefused("" if value is None else str(value)), row, **kwargs)


class MemberRows(Resource):  # type: ignore[misc]
    """Reads rows into `rows` and writes nothing; what a row lacks is in the result."""

    address = Field("address", "address", widget=MemberAddress())
    why = Field("why", "why", widget=Note())

    class Meta:
        instance_loader_class = BaseInstanceLoader  # a resource of no model has none
        force_init_instance = True
        skip_diff = True
        use_transactions = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: list[MemberRow] = []

    def init_instance(self, row: Any = None) -> MemberRow:
        return MemberRow()

    def do_instance_save(self, instance: MemberRow, is_create: bool) -> None:
        self.rows.append(instance)

    def before_save_instance(self, instance: MemberRow, row: Any, **kwargs: Any) -> None:
        instance.number = kwargs["row_number"] + 1


class MemberTable(ModelResource):  # type: ignore[misc]
    """The members of one group, each field of text so that no spreadsheet runs it.

    Writes no file and asks for no permission: whoever exports does, and records it (B12).
    """

    name = Field("name", "name")
    company = Field("company", "company")
    address = Field(column_name="address")
    added = Field(column_name="added")
    added_by = Field(column_name="added_by")
    why = Field(column_name="why")
    source = Field(column_name="source")

    class Meta:
        model = Recipient
        fields = ("name", "company", "address", "added", "added_by", "why", "source")

    def dehydrate_address(self, person: Any) -> str:
        return str(person.held_addresses[0].address) if person.held_addresses else ""

    def dehydrate_added(self, person: Any) -> str:
        membership = _membership(person)
        return (
            timezone.localtime(membership.added_at).isoformat(" ", "seconds") if membership else ""
        )

    def dehydrate_added_by(self, person: Any) -> str:
        return getattr(_membership(person), "added_by", "")

    def dehydrate_why(self, person: Any) -> str:
        return getattr(_membership(person), "reason", "")

    def dehydrate_source(self, person: Any) -> str:
        return getattr(_membership(person), "source", "")

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> str:
        return defused(str(super().export_field(field, instance, **kwargs)))


def members_as_table(group: ContactGroup) -> tablib.Dataset:
    """Everybody in a group, to be exported by whoever asked for the permission and the purpose.

    Raises BrokenRule.
    """
    return MemberTable().export(queryset=_with_membership(members_of(group), group))


def defused(text: str) -> str:
    """With a sign before what a spreadsheet would take for a formula, and run."""
    return f"'{text}" if text.startswith(FORMULA) else text


def undefused(text: str) -> str:
    """What `defused` made of a text, turned back, so that an exported file can be imported."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _with_membership(people: QuerySet[Recipient], group: ContactGroup) -> QuerySet[Recipient]:
    held = RecipientAddress.objects.select_related("address").order_by("position", "pk")
    return people.order_by("name", "pk").prefetch_related(
        Prefetch("held", held, to_attr="held_addresses"),
        Prefetch("memberships", Membership.objects.filter(group=group), to_attr="held_memberships"),
    )


def _membership(person: Any) -> Membership | None:
    return next(iter(person.held_memberships), None)
