"""The language in which we speak to a person: the same on a page as in a mail."""

from django.conf import settings
from django.db import transaction

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient

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


def language_for(recipient: Recipient) -> str:
    """One of SPOKEN: what the person chose for themselves, else what the CRM says of them."""
    return language_of(recipient.chosen_language or recipient.language)


def choose_language(recipient: Recipient, code: str, *, by: Actor) -> bool:
    """Keep a person's own choice, one of SPOKEN; empty for "as in the CRM". False if it was so.

    The only writer of `chosen_language`; a sync leaves it alone. Raises ValueError for another.
    """
    if code and code not in SPOKEN:
        raise ValueError(f"We do not speak {code!r}.")
    with transaction.atomic():
        lock_people([recipient.pk])
        other = Recipient.objects.filter(pk=recipient.pk).exclude(chosen_language=code)
        if not other.update(chosen_language=code):
            return False
        recipient.chosen_language = code
        record(recipient, "language.chosen", by=by, note=code)
    return True
