"""Reads the sign-up form as somebody filled it in, and shows it again where something is amiss."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.links.tokens import BadToken, Scope, make, read
from outreach.preferences.models import Topic
from outreach.recipients.normalise import BadAddress, normalise_email
from outreach.signups.ask import Offer
from outreach.signups.origins import is_allowed

LONGEST_NAME = 150
LEAST_SECONDS, MOST_SECONDS = 2, 24 * 3600
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Entry:
    """The fields as they were typed, and by field what is amiss with them."""

    email: str = ""
    given_name: str = ""
    family_name: str = ""
    chosen: Sequence[str] = ()
    topics: list[Topic] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    address: str = ""


def read_entry(offer: Offer, data: QueryDict) -> Entry:
    """Never fails: what cannot be used is an error beside its field, and stays as it was typed."""
    entry = Entry(
        email=data.get("email", ""),
        given_name=data.get("given_name", ""),
        family_name=data.get("family_name", ""),
        chosen=data.getlist("topic"),
    )
    entry.topics = [topic for topic in offer.topics if topic.slug in entry.chosen]
    if len(offer.topics) == 1:
        entry.topics = list(offer.topics)
    if not entry.topics:
        entry.errors["topic"] = _("Choose at least one.")
    try:
        entry.address = normalise_email(entry.email)
    except BadAddress:
        entry.errors["email"] = _(
            "This is not an address we can write to. It looks like name@example.com."
        )
    for name in ("given_name", "family_name"):
        if len(clean_name(getattr(entry, name))) > LONGEST_NAME:
            entry.errors[name] = _("This is longer than we can keep. Please shorten it.")
    return entry


def clean_name(typed: str) -> str:
    """A name on one line, without characters that cannot be seen or turn the line around."""
    line = " ".join(DIRECTION.sub("", typed).split())
    return "".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"})


def stamp(offer: Offer) -> str:
    """When the form was shown, signed: nobody fills it in within a moment."""
    return make(Scope.FORM, f"{offer.form.pk}-{int(timezone.now().timestamp())}")


def is_filled_in_by_hand(offer: Offer, data: QueryDict, request: HttpRequest) -> bool:
    """Whether there was time to read the form; one on another page of ours or theirs has no stamp.

    Browsers say on which site such a form stands (Fetch, 3.2.5). Whoever is doubted is asked to
    press once more, and loses nothing.
    """
    shown = _shown_seconds_ago(offer, data.get("t", ""))
    if shown is None or shown > MOST_SECONDS:
        return is_allowed(offer.form, request.headers.get("Origin", ""))
    return shown >= LEAST_SECONDS


def _shown_seconds_ago(offer: Offer, token: str) -> int | None:
    try:
        form, _dash, at = read(Scope.FORM, token).partition("-")
        seconds = int(timezone.now().timestamp()) - int(at)
    except (BadToken, ValueError):
        return None
    return seconds if form == str(offer.form.pk) and seconds >= 0 else None
