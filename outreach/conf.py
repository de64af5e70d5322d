"""The settings of outreach: read once from `settings.OUTREACH`, typed, with defaults."""

from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Conf:
    """What a host may set; names in settings are these in capitals.

    `keys` maps key id to secret: the last one signs, all of them verify, none is ever removed.
    `rules` are dotted paths of the host's own eligibility rules. A topic falls silent for whoever
    ignored `silent_after` messages in a row; ignored is a message with no sign of life
    `sign_within` that time. Whoever lapsed gets `win_backs` messages at most. `freeze_range` is
    how many people an audience is worked out for at once; 0 is what suits the database.
    `mailer` is an alias of Django's MAILERS, a backend's path, or {"BACKEND", "OPTIONS"}.
    """

    contact_sources: tuple[str, ...] = ()
    admin_sites: tuple[str, ...] = ("django.contrib.admin.site",)
    tenancy: str = ""
    base_url: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    pepper: str = ""
    mailer: str | dict[str, Any] = ""
    company_name: str = ""
    postal_address: str = ""
    from_email: str = ""
    reply_domain: str = ""
    list_domain: str = ""
    cap_messages: int = 1
    cap_days: int = 7
    rules: tuple[str, ...] = ()
    silent_after: int = 5
    sign_within: timedelta = timedelta(days=30)
    win_backs: int = 3
    lapsed_after: timedelta = timedelta(days=365)
    freeze_range: int = 0
    claim_size: int = 50
    claim_within: timedelta = timedelta(seconds=10)
    lease_within: timedelta = timedelta(seconds=60)
    soft_bounce_retries: int = 2
    first_response_within: timedelta = timedelta(hours=24)


@cache
def conf() -> Conf:
    """The settings in force. Raises ImproperlyConfigured for a name that does not exist."""
    given: dict[str, Any] = {
        name.lower(): value for name, value in getattr(settings, "OUTREACH", {}).items()
    }
    known = {f.name for f in fields(Conf)}
    if unknown := sorted(given.keys() - known):
        raise ImproperlyConfigured(
            f"OUTREACH has unknown settings: {', '.join(name.upper() for name in unknown)}."
        )
    for name in ("contact_sources", "admin_sites", "rules"):
        if name in given:
            given[name] = tuple(given[name])
    return Conf(**given)


@receiver(setting_changed, dispatch_uid="outreach.conf")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        conf.cache_clear()
