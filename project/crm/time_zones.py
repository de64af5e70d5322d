from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError


@cache
def known_time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def validate_time_zone(name: str) -> None:
    """Refuse what is not an IANA time zone name."""
    if name not in known_time_zones():
        raise ValidationError(
            "There is no time zone called “%(name)s”. Write it as in Europe/Rome.",
            code="unknown_time_zone",
            params={"name": name},
        )
