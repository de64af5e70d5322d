"""The only seam to the CRM: a source says where its people, and what is known of them, live."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.db import router
from django.db.models import (
    CharField,
    Model,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Replace
from django.dispatch import receiver
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from outreach.conf import conf
from outreach.recipients.countries import COUNTRIES
from outreach.recipients.hashing import keyed_hash
from outreach.recipients.keys import canonical_key, is_plain, key_field, pk_of
from outreach.recipients.models import ContactLink
from outreach.recipients.normalise import split_addresses
from outreach.tenancy import current_tenant, has_tenants

BATCH = 10_000
"""Contacts read and written at once: a second or two, in which SQLite lets nobody else write."""


@dataclass(frozen=True, slots=True)
class SegmentField:
    """A field of the CRM that staff may build groups on: an ORM path and its name in words.

    `kind` is "text", "choice", "number", "date" or "boolean"; `choices` are (value, label) pairs.
    `phrases` say a comparison in words, as {"not_in_last": "who did not order for %(value)s days"}.
    """

    path: str
    label: str | Promise
    kind: str = "text"
    choices: tuple[tuple[str, str | Promise], ...] = ()
    phrases: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class HostContact:
    """A contact as read from the CRM; `emails` are normalised, first choice first."""

    key: str
    emails: tuple[str, ...] = ()
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    company: str = ""
    language: str = ""
    time_zone: str = ""
    country: str = ""
    is_customer: bool = False
    last_order_on: date | None = None
    is_opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUp:
    """Somebody who signed up and confirmed, and whom no source knows; `topics` by short name.

    `how` is the name of the form, or what staff wrote down: “at the fair in Alba, on Saturday”.
    """

    email: str
    given_name: str
    family_name: str
    language: str
    topics: tuple[str, ...]
    how: str
    tenant: str


class RawContact(NamedTuple):
    """A contact as it stands in the CRM: its primary key and its rows, not yet understood.

    `key` is the primary key as text; `digest` differs when anything that we read of it does.
    """

    pk: object
    rows: tuple[tuple[Any, ...], ...]
    key: str
    digest: str


class ContactSource:
    """Base of a host's sources. The attributes are ORM paths from the contact; "" is "not kept".

    A model with an `email` column needs `model` alone; it may hold one address, several in a text
    or a list of them. `opted_out` is the host's own flag, read and obeyed; `opted_in` one that is
    false for those who want nothing. `customer` is a path that is true, or not null, for those
    who bought; `last_order` one to the days or instants of their orders, the latest of which is
    a sign of life. `tenant` is whose contact it is, in a host with tenants whose database does
    not keep them apart by itself.
    """

    model: ClassVar[str]
    email: ClassVar[str] = "email"
    name: ClassVar[str] = ""
    given_name: ClassVar[str] = ""
    family_name: ClassVar[str] = ""
    company: ClassVar[str] = ""
    language: ClassVar[str] = ""
    time_zone: ClassVar[str] = ""
    country: ClassVar[str] = ""
    customer: ClassVar[str] = ""
    last_order: ClassVar[str] = ""
    opted_out: ClassVar[str] = ""
    opted_in: ClassVar[str] = ""
    tenant: ClassVar[str] = ""
    segment_fields: ClassVar[Mapping[str, SegmentField]] = {}

    _texts = ("name", "given_name", "family_name", "company", "language", "time_zone", "country")
    _paths = ("email", *_texts, "customer", "last_order", "opted_out", "opted_in")

    @property
    def key(self) -> str:
        """What names this source in our tables."""
        return self.model.lower()

    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def queryset(self) -> QuerySet[Any]:
        """All rows of the host, past managers that hide some or raise outside a scope."""
        return QuerySet(self.model_class())

    def rows(self) -> QuerySet[Any]:
        """Those of them that belong to the tenant under way."""
        rows, tenant = self.queryset(), current_tenant()
        if not (self.tenant and has_tenants()):
            return rows
        return rows.filter(**{self.tenant: tenant}) if tenant else rows.none()

    def tenant_of(self, contact: Model) -> object:
        """Whose contact this is, "" where only the database could tell. Asks no query."""
        if not self.tenant:
            return current_tenant()
        columns = {field.name: field.attname for field in contact._meta.concrete_fields}
        return getattr(contact, columns.get(self.tenant, self.tenant), None) or ""

    def create_contact(self, sign_up: SignedUp) -> object | None:
        """Make a contact of somebody who confirmed a sign-up, and return its primary key.

        Called once that is committed, in a transaction of its own; if it raises, it is called
        again within the hour, for as long as a sign-up lasts. None leaves the person without a
        contact, or to the next source. Not made here: they are written to all the same.
        """
        return None

    def batches(self, after: str = "", size: int = BATCH) -> Iterator[list[RawContact]]:
        """All contacts behind the key `after`, in batches by ranges of keys.

        Flat memory, and no cursor held open: that would keep SQLite from writing what was read.
        """
        last: object = pk_of(self.model_class(), after) if after else None
        while True:
            rows = self.rows() if last is None else self.rows().filter(pk__gt=last)
            found = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
            if not found:
                return
            last = found[-1]
            yield self._read_raw(self.rows().filter(pk__gte=found[0], pk__lte=last))

    def raw_contacts(self, keys: Iterable[str]) -> list[RawContact]:
        """The contacts with these keys, as they are now; those that are gone are not there."""
        return self._read_raw(self.rows().filter(pk__in=self._pks_of(keys)))

    def live_keys(self, keys: Iterable[str]) -> set[str]:
        """Those of these keys that the CRM has."""
        rows = self.rows().filter(pk__in=self._pks_of(keys)).order_by()
        return {canonical_key(pk) for pk in rows.values_list("pk", flat=True)}

    def contact_of(self, raw: RawContact) -> HostContact:
        """A contact made of what was read of it."""
        paths = self._own_paths
        return self.read(raw.pk, [dict(zip(paths, row, strict=True)) for row in raw.rows])

    def read(self, pk: object, rows: Sequence[Mapping[str, Any]]) -> HostContact:
        """Make a contact of its rows, keyed by our names. Override for the unusual.

        There are several where a path leads to several (addresses, orders): of texts the first
        counts, of addresses each, and a flag is true where it is true once.
        """
        texts = {name: _clean(rows[0].get(name)) for name in self._texts}
        texts["name"] = texts["name"] or f"{texts['given_name']} {texts['family_name']}".strip()
        country = texts["country"].upper()
        texts["country"] = country if country in COUNTRIES else ""
        emails: dict[str, None] = {}
        days: list[date] = []
        is_customer = is_opted_out = False
        for row in rows:
            emails.update(dict.fromkeys(split_addresses(_listed(row.get("email")))))
            if day := _day(row.get("last_order")):
                days.append(day)
            is_customer = is_customer or bool(row.get("customer"))
            wants_nothing = row.get("opted_in") in (False, "")
            is_opted_out = is_opted_out or wants_nothing or bool(row.get("opted_out"))
        return HostContact(
            key=canonical_key(pk),
            emails=tuple(emails),
            is_customer=is_customer,
            last_order_on=max(days, default=None),
            is_opted_out=is_opted_out,
            **texts,
        )

    def _read_raw(self, queryset: QuerySet[Any]) -> list[RawContact]:
        rows = queryset.order_by("pk").values_list("pk", *self._own_paths.values())
        return [_raw(pk, [row[1:] for row in of_one]) for pk, of_one in groupby(rows, _FIRST)]

    @cached_property
    def _own_paths(self) -> dict[str, str]:
        return {name: path for name in self._paths if (path := getattr(self, name))}

    def keys(self, queryset: QuerySet[Any]) -> QuerySet[Any, Any] | list[str]:
        """The rows' keys in the text form in which we store them: a subquery where one can be.

        Rows in another database, and keys that it has in another form than Python, are read.
        """
        key = key_field(self.model_class())
        if not is_plain(key) or router.db_for_read(self.model_class()) != _our_database():
            return [canonical_key(pk) for pk in queryset.order_by().values_list("pk", flat=True)]
        text: Cast | Replace = Cast("pk", CharField(max_length=255))
        if isinstance(key, UUIDField):
            text = Replace(text, Value("-"), Value(""))
        keys: QuerySet[Any, Any] = queryset.order_by().annotate(outreach_key=text)
        return keys.values("outreach_key")

    def _pks_of(self, keys: Iterable[str]) -> list[Any]:
        """The primary keys that these texts stand for."""
        return [pk for key in keys if (pk := pk_of(self.model_class(), key)) is not None]


_FIRST = itemgetter(0)


def _raw(pk: object, rows: list[tuple[Any, ...]]) -> RawContact:
    """The database may give the rows of one contact in another order each time."""
    if len(rows) > 1:
        rows.sort(key=repr)
    in_order = tuple(rows)
    return RawContact(pk, in_order, canonical_key(pk), keyed_hash(repr(in_order)))


def _clean(value: object) -> str:
    """A text as it can be kept: PostgreSQL takes no NUL."""
    return "" if value is None else str(value).replace("\0", "").strip()


def _listed(value: object) -> str:
    """One address or several, as a JSON or array column has them."""
    return ",".join(map(_clean, value)) if isinstance(value, list | tuple) else _clean(value)


def _day(value: object) -> date | None:
    """The local date of a day or an instant."""
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


@cache
def sources() -> dict[str, ContactSource]:
    """The host's sources by key. Raises ImproperlyConfigured with the path that is wrong."""
    found: dict[str, ContactSource] = {}
    for path in conf().contact_sources:
        try:
            source: ContactSource = import_string(path)()
        except ImportError as error:
            raise ImproperlyConfigured(
                f"OUTREACH['CONTACT_SOURCES']: {path} cannot be imported ({error})."
            ) from error
        found[source.key] = source
    return found


@receiver(setting_changed, dispatch_uid="outreach.recipients.sources")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        sources.cache_clear()


def _our_database() -> str:
    return router.db_for_read(ContactLink)
