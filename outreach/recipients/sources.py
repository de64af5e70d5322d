"""The only seam to the CRM: a source says where its people, and what is known of them, live."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.db.models import CharField, Field, ForeignKey, Model, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Replace
from django.dispatch import receiver
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from outreach.conf import conf
from outreach.recipients.normalise import split_addresses


@dataclass(frozen=True, slots=True)
class SegmentField:
    """A field of the CRM that staff may build groups on: an ORM path and its name in words.

    `kind` is "text", "choice", "number", "date" or "boolean"; `choices` are (value, label) pairs.
    """

    path: str
    label: str | Promise
    kind: str = "text"
    choices: tuple[tuple[str, str | Promise], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
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
    is_opted_out: bool = False


class ContactSource:
    """Base of a host's sources. The attributes are ORM paths from the contact; "" is "not kept".

    A model with an `email` column needs `model` alone. `opted_out` is the host's own flag, read
    and obeyed. `customer` is a path that is true, or not null, for those who bought.
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
    opted_out: ClassVar[str] = ""
    segment_fields: ClassVar[Mapping[str, SegmentField]] = {}

    _texts = ("name", "given_name", "family_name", "company", "language", "time_zone", "country")
    _paths = ("email", *_texts, "customer", "opted_out")

    @property
    def key(self) -> str:
        """What names this source in our tables."""
        return self.model.lower()

    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def queryset(self) -> QuerySet[Any]:
        """All rows of the host, past managers that hide some or raise outside a scope."""
        return QuerySet(self.model_class())

    def contacts(self, keys: Iterable[str] | None = None) -> Iterator[HostContact]:
        """Stream the contacts, or those with these keys, in one query and flat memory."""
        rows = self.queryset().order_by("pk")
        if keys is not None:
            rows = rows.filter(pk__in=list(keys))
        paths = {name: getattr(self, name) for name in self._paths if getattr(self, name)}
        values = rows.values_list("pk", *paths.values())
        for pk, *found in values.iterator(chunk_size=2000):
            yield self.read(pk, dict(zip(paths, found, strict=True)))

    def read(self, pk: object, row: Mapping[str, Any]) -> HostContact:
        """Make a contact of one row, `row` keyed by our names. Override for the unusual."""
        texts = {name: str(row.get(name) or "").strip() for name in self._texts}
        if not texts["name"]:
            texts["name"] = f"{texts['given_name']} {texts['family_name']}".strip()
        return HostContact(
            key=canonical_key(pk),
            emails=tuple(split_addresses(str(row.get("email") or ""))),
            is_customer=bool(row.get("customer")),
            is_opted_out=bool(row.get("opted_out")),
            **texts,
        )

    def keys(self, queryset: QuerySet[Any]) -> QuerySet[Any, Any]:
        """The rows' keys in the text form in which we store them, as a subquery."""
        text: Cast | Replace = Cast("pk", CharField(max_length=64))
        if isinstance(_key_field(self.model_class()), UUIDField):
            text = Replace(text, Value("-"), Value(""))
        keys: QuerySet[Any, Any] = queryset.order_by().annotate(outreach_key=text)
        return keys.values("outreach_key")


def canonical_key(pk: object) -> str:
    """A primary key as text, the same on every database (UUIDs as 32 hexadecimal digits)."""
    return pk.hex if isinstance(pk, UUID) else str(pk)


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


def _key_field(model: type[Model]) -> "Field[Any, Any]":
    field = model._meta.pk
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field
