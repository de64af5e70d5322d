"""The language in which we speak to a person: the same on a page as in a mail."""

from django.conf import settings

SPOKEN = ("en", "it", "es", "ru")


def language_of(code: str) -> str:
    """One of SPOKEN for a code as a CRM may write it ("it", "es-AR", "ru_RU").

    The site's own language where that says nothing to us, and English where we lack that as well.
    """
    return spoken(code) or spoken(settings.LANGUAGE_CODE) or SPOKEN[0]


def spoken(code: str) -> str:
    """The language of a code if we speak it, else empty."""
    language = code.strip().replace("_", "-").partition("-")[0].lower()
    return language if language in SPOKEN else ""
