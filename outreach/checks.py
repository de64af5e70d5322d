"""System checks: each has an id and a hint that says the mend."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from outreach.conf import conf
from outreach.recipients.sources import sources


@register(Tags.compatibility)
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """E001–E005: what outreach cannot work without."""
    needed = {
        "E001": ("contact_sources", "a dotted path to a ContactSource for each model with people"),
        "E002": ("base_url", "the address of your site, as https://crm.example.com"),
        "E003": ("keys", 'a secret that signs links, as {"2026": "…"}; never remove one'),
        "E004": ("pepper", "a long random text, backed up and never changed"),
        "E005": ("mailer", "the e-mail backend for outreach, as a path or with its options"),
    }
    return [
        Error(
            f"OUTREACH[{name.upper()!r}] is not set.",
            hint=f"Set it to {what}.",
            id=f"outreach.{code}",
        )
        for code, (name, what) in needed.items()
        if not getattr(conf(), name)
    ]


@register(Tags.models)
def check_sources(**kwargs: Any) -> list[CheckMessage]:
    """E006: a contact source that cannot be found or read."""
    try:
        for source in sources().values():
            source.model_class()
    except (ImproperlyConfigured, LookupError, ValueError) as error:
        hint = "Correct the path in OUTREACH['CONTACT_SOURCES'] or the source's `model`."
        return [Error(str(error), hint=hint, id="outreach.E006")]
    return []


@register(Tags.security)
def check_webhook_secret(**kwargs: Any) -> list[CheckMessage]:
    """E007: anyone could report bounces in the provider's name."""
    from django.conf import settings

    if getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET") or getattr(
        settings, "ANYMAIL_WEBHOOK_SECRET", None
    ):
        return []
    return [
        Error(
            "Webhooks of your e-mail provider are not protected by a secret.",
            hint="Set ANYMAIL['WEBHOOK_SECRET'] and put it into the webhook addresses.",
            id="outreach.E007",
        )
    ]


@register(Tags.compatibility)
def check_time_zones(**kwargs: Any) -> list[CheckMessage]:
    """E008: clocks and limits need instants."""
    from django.conf import settings

    if settings.USE_TZ:
        return []
    return [
        Error(
            "outreach keeps instants, and USE_TZ is False.",
            hint="Set USE_TZ = True.",
            id="outreach.E008",
        )
    ]


@register(Tags.database)
def check_sqlite(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W001: writers that meet on SQLite get errors unless transactions are IMMEDIATE."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        options = connection.settings_dict.get("OPTIONS", {})
        if connection.vendor == "sqlite" and options.get("transaction_mode") != "IMMEDIATE":
            found.append(
                checks.Warning(
                    f"SQLite database {alias!r} does not begin transactions as IMMEDIATE.",
                    hint='Add "transaction_mode": "IMMEDIATE" to its OPTIONS.',
                    id="outreach.W001",
                )
            )
    return found
