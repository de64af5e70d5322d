"""Follow single changes in the CRM as they happen; bulk changes are found by the sweep."""

from contextlib import suppress
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from outreach.recipients.keys import canonical_key
from outreach.recipients.sources import ContactSource, sources
from outreach.recipients.sync import sync_keys
from outreach.tenancy import has_tenants, name_of, tenancy


def connect() -> None:
    """Listen to the models of all sources. What is wrong with them is said by the checks."""
    with suppress(ImproperlyConfigured, LookupError):
        for source in sources().values():
            _listen(source)


def _listen(source: ContactSource) -> None:
    follow = partial(_follow, source)
    for sender in _kin(source.model_class()):
        for signal in (post_save, post_delete):
            signal.connect(
                follow,
                sender=sender,
                weak=False,
                dispatch_uid=f"outreach.recipients.{source.key}",
            )


def _kin(model: type[Model]) -> set[type[Model]]:
    """The model and whatever else is the same rows: its proxies, its parents and its children.

    Django tells of a change in the name of the class that it was made by, and of no other.
    """
    return {
        other
        for other in apps.get_models()
        if issubclass(other, model) or issubclass(model, other) or _is_same_table(other, model)
    }


def _is_same_table(one: type[Model], other: type[Model]) -> bool:
    return one._meta.concrete_model is other._meta.concrete_model


def _follow(
    source: ContactSource,
    *,
    instance: Model,
    using: str | None = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """Our part comes after the host's commit, and what fails in it never reaches the host."""
    if raw:  # fixtures are loaded in bulk: the sweep reads them
        return
    own_key = source.model_class()._meta.pk.attname  # a child may have one besides its parent's
    key = canonical_key(getattr(instance, own_key, instance.pk))
    tenant = source.tenant_of(instance)
    if has_tenants() and not tenant:  # it is nobody's, or the sweep finds whose
        return

    def read_again() -> None:  # named, since Django 5.2 logs the name of what failed
        with tenancy().activate(name_of(tenant)):
            sync_keys(source, [key])

    transaction.on_commit(read_again, using=using, robust=True)
