"""Codes that we keep of people, in words."""

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from outreach.recipients.countries import COUNTRIES

NOT_KNOWN = _("not known")


def country_name(code: str) -> str | Promise:
    """The name of a country by its ISO 3166-1 code; a code that is none, as it stands."""
    return COUNTRIES.get(code, code)


def language_name(code: str) -> str:
    """The name of a language as Django codes it ("pt-br"); a code that is none, as it stands."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
