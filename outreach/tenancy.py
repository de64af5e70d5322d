"""Whose data this is, in a host with several tenants: all there are, and the one under way.

A host without tenants sets nothing: it has one, called "", and no query knows of it.
"""

import hmac
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils.module_loading import import_string

from outreach.conf import conf

MARK = 6
"""So many bytes at the front of a key tell whose row it names."""


class Tenancy:
    """Base of a host's tenancy, which `OUTREACH["TENANCY"]` names.

    A tenant goes by a text of 1 to 64 characters that never changes, say its id; "" is none.
    """

    def all(self) -> Iterable[str]:
        """Every tenant, also one that has no more than links in old messages."""
        return ("",)

    def current(self) -> str:
        """The tenant under way. Asked with every query, so it must not make one."""
        return ""

    def activate(self, tenant: str) -> AbstractContextManager[None]:
        """Have this tenant under way inside the block, whatever is committed there."""
        return nullcontext()

    def staff(self, users: QuerySet[Any]) -> QuerySet[Any]:
        """Which of the host's users work for the tenant under way."""
        return users


@cache
def tenancy() -> Tenancy:
    """The host's tenancy. Raises ImproperlyConfigured with what is wrong with it."""
    path = conf().tenancy
    if not path:
        return Tenancy()
    try:
        found = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(f"{path} cannot be imported ({error}).") from error
    if not (isinstance(found, type) and issubclass(found, Tenancy)):
        raise ImproperlyConfigured(f"{path} is no subclass of outreach.tenancy.Tenancy.")
    needed = ("all", "current", "activate")
    if lacking := [name for name in needed if getattr(found, name) is getattr(Tenancy, name)]:
        raise ImproperlyConfigured(f"{path} does not say {', '.join(lacking)}.")
    return found()


def has_tenants() -> bool:
    """Whether this host tells tenants apart at all."""
    return bool(conf().tenancy)


def current_tenant() -> str:
    """The tenant under way; "" for none, and in a host without tenants."""
    return tenancy().current()


def is_nobodys() -> bool:
    """Whether no tenant is under way where there should be one."""
    return has_tenants() and not current_tenant()


def new_key() -> UUID:
    """A random key (RFC 9562, version 4) that tells, to us alone, whose row it names.

    Keys are what links, reply addresses and the metadata of providers carry: whoever comes with
    one comes without a tenant, and under row-level security nothing is found without. A reply
    address has no room for more (RFC 5321, 4.5.3.1.1).
    """
    key, tenant = uuid4(), current_tenant()
    return UUID(bytes=_mark(tenant) + key.bytes[MARK:]) if tenant else key


def tenants_marked(key: UUID) -> list[str]:
    """Whose row the key names: hardly ever more than one; none for a key that is not ours."""
    mark = key.bytes[:MARK]
    if mark not in _by_mark():
        _by_mark.cache_clear()  # a new tenant, perhaps
    return _by_mark().get(mark, [])


def tenants_to_ask(key: UUID) -> list[str]:
    """The same; everybody for a key made before there were tenants. For what was signed alone."""
    return tenants_marked(key) or [*tenancy().all(), ""]


@cache
def _by_mark() -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = {}
    for tenant in tenancy().all():
        found.setdefault(_mark(tenant), []).append(tenant)
    return found


def _mark(tenant: str) -> bytes:
    return hmac.digest(conf().pepper.encode(), f"tenant:{tenant}".encode(), "sha256")[:MARK]


@receiver(setting_changed, dispatch_uid="outreach.tenancy")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        tenancy.cache_clear()
        _by_mark.cache_clear()
