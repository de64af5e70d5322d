"""System checks: each has an id and a hint that says the mend.

E… keeps outreach from working, W… from working well. Here is what the settings say; sources are
looked at in groups/checks.py, a host's rules in eligibility/checks.py, public pages in
centre/checks.py, row-level security in workplace/checks.py. Checks that ask a database (W001,
W009 to W011) run with `migrate` and with `check --database default`.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.module_loading import import_string

import outreach.centre.checks
import outreach.eligibility.checks
import outreach.groups.checks
import outreach.workplace.checks  # noqa: F401  (they register themselves)
from outreach.calendars.models import BusinessCalendar
from outreach.calendars.public_holidays import has_holidays
from outreach.conf import conf
from outreach.history.triggers import is_guardable, missing
from outreach.links.keys import is_usable
from outreach.recipients.sources import sources
from outreach.tenancy import has_tenants, tenancy


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


@register(Tags.compatibility)
def check_tenancy(**kwargs: Any) -> list[CheckMessage]:
    """E015: without it nobody's rows could be told from anybody else's."""
    try:
        tenancy()
    except ImproperlyConfigured as error:
        hint = "Name a subclass of outreach.tenancy.Tenancy, as docs/tenants.md shows."
        return [Error(f"OUTREACH['TENANCY']: {error}", hint=hint, id="outreach.E015")]
    return []


@register(Tags.models)
def check_sources_know_tenants(**kwargs: Any) -> list[CheckMessage]:
    """E016: a source that tells contacts apart for a host that does not."""
    if has_tenants() or check_sources():
        return []
    return [
        Error(
            f"{type(source).__name__}.tenant is {source.tenant!r}, and there are no tenants.",
            hint="Set OUTREACH['TENANCY'], or leave `tenant` out.",
            id="outreach.E016",
        )
        for source in sources().values()
        if source.tenant
    ]


@register(Tags.security)
def check_webhook_secret(**kwargs: Any) -> list[CheckMessage]:
    """E007: anyone could report bounces in the provider's name."""
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


@register(Tags.security)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    """E010: a key that cannot sign, or with which anyone could."""
    return [
        Error(
            f"The key {key_id!r} in OUTREACH['KEYS'] cannot be used.",
            hint="Give each a secret under an id of 1 to 32 letters, digits, hyphens and "
            "underscores; `manage.py outreach_keys new` makes one.",
            id="outreach.E010",
        )
        for key_id, secret in conf().keys.items()
        if not is_usable(key_id, secret)
    ]


@register(Tags.compatibility)
def check_mailer(**kwargs: Any) -> list[CheckMessage]:
    """E011: a backend that cannot be found would be noticed at the first message."""
    problem = _problem_of_mailer(conf().mailer)
    if not problem:
        return []
    return [
        Error(
            f"OUTREACH['MAILER']: {problem}.",
            hint="Name a backend as a dotted path, as {'BACKEND': path, 'OPTIONS': {…}}, or, from "
            "Django 6.1 on, by its alias in MAILERS.",
            id="outreach.E011",
        )
    ]


def _problem_of_mailer(given: str | dict[str, Any]) -> str:
    if not given:
        return ""
    if isinstance(given, str) and "." not in given:
        return "" if given in getattr(settings, "MAILERS", {}) else f"MAILERS has no {given!r}"
    path = given.get("BACKEND", "") if isinstance(given, dict) else given
    try:
        import_string(str(path))
    except ImportError as error:
        return f"{path!r} cannot be imported ({error})"
    return ""


@register(Tags.compatibility)
def check_who_writes(**kwargs: Any) -> list[CheckMessage]:
    """W004–W008: who the company is; campaigns wait, or answers get lost, without it."""
    wanted = {
        "W004": ("company_name", "the name that customers know you by"),
        "W005": ("postal_address", "the address that stands below each message"),
        "W006": ("from_email", "the address that messages come from"),
        "W007": ("reply_domain", "the domain whose mail the provider hands to outreach"),
        "W008": ("list_domain", "the domain in List-Id, by which mail programs tell your topics"),
    }
    return [
        checks.Warning(
            f"OUTREACH[{name.upper()!r}] is not set.",
            hint=f"Set it to {what}.",
            id=f"outreach.{code}",
        )
        for code, (name, what) in wanted.items()
        if not getattr(conf(), name)
    ]


@register(Tags.database)
def check_holidays(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W009: reply clocks would run on the public holidays that somebody chose."""
    if has_holidays():
        return []
    return [
        checks.Warning(
            "Calendars observe the public holidays of a country, and none are known here.",
            hint='Install them: pip install "django-outreach-crm[holidays]"',
            id="outreach.W009",
        )
        for alias in databases or []
        if _has_calendar_of_a_country(alias)
    ]


@register(Tags.database)
def check_triggers(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W011: the record of what people chose could be changed or deleted unseen (statement 8)."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if not is_guardable(connection):
            text = f"outreach cannot guard its append-only tables on {connection.vendor} yet."
            hint = "Let no user of the database but the app's own write to them."
        elif names := missing(connection):
            text = f"Database {alias!r} does not refuse changes to what is on record: {names}."
            hint = "Run `manage.py migrate`: it puts back the triggers of append-only tables."
        else:
            continue
        found.append(checks.Warning(text, hint=hint, id="outreach.W011"))
    return found


def _has_calendar_of_a_country(alias: str) -> bool:
    table = BusinessCalendar._meta.db_table
    if table not in connections[alias].introspection.table_names():
        return False
    return BusinessCalendar._base_manager.using(alias).exclude(country="").exists()
