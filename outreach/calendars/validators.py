from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from outreach.calendars.public_holidays import countries, has_holidays, is_known, subdivisions

validate_country_code = RegexValidator(
    r"\A[A-Z]{2}\Z",
    _("Write the country as its two capital letters, such as IT for Italy."),
    code="country_code",
)


@cache
def time_zones() -> tuple[str, ...]:
    """The IANA names of all places (Europe/Rome), and UTC, sorted."""
    areas = ("Etc/", "US/", "posix/", "right/")
    places = (name for name in available_timezones() if "/" in name and not name.startswith(areas))
    return (*sorted(places), "UTC")


def validate_time_zone(name: str) -> None:
    """Refuse what is not an IANA time zone, and propose the one that was probably meant."""
    if name in available_time_zones():
        return
    city = name.rsplit("/", 1)[-1].strip().replace(" ", "_").casefold()
    meant = [zone for zone in time_zones() if zone.rsplit("/", 1)[-1].casefold() == city]
    raise ValidationError(
        _("There is no time zone called “%(name)s”. Write %(example)s instead.")
        if meant
        else _("There is no time zone called “%(name)s”. Write it as in %(example)s."),
        code="time_zone",
        params={"name": name, "example": meant[0] if meant else "Europe/Rome"},
    )


def validate_place(country: str, subdivision: str) -> None:
    """Refuse a country or a part of it whose holidays are not known, and say what to write.

    Without the `holidays` library nothing is known, so nothing is refused.
    """
    if not country or not has_holidays():
        return
    name = countries().get(country)
    if name is None:
        raise ValidationError(
            {
                "country": _(
                    "The public holidays of “%(code)s” are not known here. Choose another country, "
                    "or leave it empty and enter the holidays as closures."
                )
                % {"code": country}
            }
        )
    if not is_known(country, subdivision):
        raise ValidationError({"subdivision": _subdivision_message(country, name, subdivision)})


def _subdivision_message(country: str, name: str, subdivision: str) -> str:
    params = {"name": name, "given": subdivision, "codes": ", ".join(subdivisions(country))}
    if not params["codes"]:
        return _("%(name)s has the same holidays everywhere. Leave this empty.") % params
    return (
        _(
            "“%(given)s” is not a part of %(name)s that is known here. Leave this empty for the "
            "holidays of the whole country, or write one of: %(codes)s."
        )
        % params
    )


@cache
def available_time_zones() -> frozenset[str]:
    """Every name that can be stored; `localtime` would differ from machine to machine."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}
