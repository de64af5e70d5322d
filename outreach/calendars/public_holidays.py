"""Public holidays by country, from the optional `holidays` library.

Without the library every country has none, and `has_holidays()` says so.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType, ModuleType

_NONE: Mapping[date, str] = MappingProxyType({})


@cache
def has_holidays() -> bool:
    """Whether public holidays can be known here."""
    return find_spec("holidays") is not None


def holidays_in(
    country: str, subdivision: str, year: int, *, language: str = "en"
) -> Mapping[date, str]:
    """The public holidays of a year, with names in `language` (as Django codes it) if known.

    `country` is an ISO 3166-1 alpha-2 code, `subdivision` a code or name as the library knows it;
    either may be empty. A place that is not known has none: a clock must not stop over it.
    """
    if not country or not has_holidays():
        return _NONE
    return _looked_up(country, subdivision, year, language)


def countries() -> dict[str, str]:
    """The countries whose holidays are known: English name by code, sorted by name."""
    return dict(_countries()) if has_holidays() else {}


def subdivisions(country: str) -> list[str]:
    """The codes of the parts of a known country that have holidays of their own."""
    return sorted(_library().country_holidays(country).subdivisions)


def is_known(country: str, subdivision: str) -> bool:
    """Whether holidays can be looked up for a part of a known country."""
    try:
        _library().country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=2048)
def _looked_up(country: str, subdivision: str, year: int, language: str) -> Mapping[date, str]:
    look_up = _library().country_holidays
    part = subdivision or None
    try:
        place = look_up(country, subdiv=part)
    except NotImplementedError:
        return _NONE
    spoken = _nearest(language, place.supported_languages, place.default_language)
    found = look_up(country, subdiv=part, years=year, language=spoken)
    return MappingProxyType(dict(sorted(found.items())))


def _nearest(language: str, supported: tuple[str, ...], default: str | None) -> str | None:
    """The library's name (it_IT) for a language of Django's (it, it-ch), else English."""
    wanted = language.split("-")[0]
    for name in supported:
        if name.split("_")[0] == wanted:
            return name
    return "en_US" if "en_US" in supported else default


@cache
def _countries() -> dict[str, str]:
    registry = import_module("holidays.registry").COUNTRIES.values()
    names = {codes[1]: _spaced(codes[0]) for codes in registry}
    known = _library().list_supported_countries(include_aliases=False)
    return {code: names[code] for code in sorted(known, key=lambda code: names[code])}


def _spaced(name: str) -> str:
    """`BosniaAndHerzegovina` as a person writes it."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r" (And|Of|The)\b", lambda small: small[0].lower(), words)


@cache
def _library() -> ModuleType:
    # Imported when first asked for: it takes a tenth of a second.
    return import_module("holidays")
