"""Follow single changes in the CRM as they happen; bulk changes are found by the sweep."""

from contextlib import suppress
from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from outreach.recipients.sources import ContactSource, canonical_key, sources
from outreach.recipients.sync import sync_keys
from outreach.tenancy import has_tenants, name_of, tenancy


def connect() -> None:
    """Listen to the models of all sources. What is wrong with them is said by the checks."""
    with suppress(ImproperlyConfigured, LookupError):
        for source in sources().values():
            _listen(source)


def _listen(source: ContactSource) -> None:
    follow = partial(_follow, source)
    for signal in (post_save, post_delete):
        signal.connect(
            follow,
            sender=source.model_class(),
            weak=False,
            dispatch_uid=f"outreach.recipients.{source.key}",
        )


def _follow(source: ContactSource, *, instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Our part comes after the host's commit, and what fails in it never reaches the host."""
    if raw:  # fixtures are loaded in bulk: the sweep reads them
        return
    key, tenant = canonical_key(instance.pk), source.tenant_of(instance)
    if has_tenants() and not tenant:  # it is nobody's, or the sweep finds whose
        return

    def read_again() -> None:  # named, since Django 5.2 logs the name of what failed
        with tenancy().activate(name_of(tenant)):
            sync_keys(source, [key])

    transaction.on_commit(read_again, robust=True)
