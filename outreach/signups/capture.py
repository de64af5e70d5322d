"""“She gave me her card at the fair”: staff enter somebody whose word they vouch for (B7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.preferences.models import Topic
from outreach.preferences.opt_in import OptIn
from outreach.recipients.find import address_row
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Channel
from outreach.senders.models import Sender
from outreach.signups.confirm import confirm
from outreach.signups.keep import begin
from outreach.signups.models import SignUp
from outreach.signups.standing import Standing, standing_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What staff write down; `email` is normalised, `note` says where and when."""

    email: str
    given_name: str
    family_name: str
    language: str
    topics: Collection[Topic]
    channels: Sequence[str]
    source: str
    note: str
    sender: Sender


def capture(told: Told, *, by: Actor) -> SignUp:
    """Keep what somebody told one of us. With the row's state one sees what comes of it:

    confirmed where every topic counts at once, with a welcome that has the way out; else pending,
    until they press the button in the message they get. Raises Refused where they, or whoever
    has the address, refused before: nobody takes that back for them.
    """
    if not by.is_person or not told.note.strip():
        raise Refused(_("Say where and when they told you; it is the proof."))
    if not told.topics or not told.channels:
        raise Refused(_("Choose what they want to hear about, and how."))
    with transaction.atomic():
        address = address_row(Channel.EMAIL, told.email)
        _refuse_what_was_refused(standing_at(address, told.topics, told.channels), told)
        row = begin(_row(told, by), told.topics, by=by)
        if all(topic.opt_in == OptIn.SINGLE for topic in told.topics):
            row = confirm(row, by=by, is_proved=False)
    return row


def _row(told: Told, by: Actor) -> SignUp:
    return SignUp(
        sender=told.sender,
        source=told.source,
        channels=",".join(told.channels),
        note=told.note.strip(),
        captured_by_key=by.key,
        captured_by=by.name,
        address_value=told.email,
        address_hash=address_hash(Channel.EMAIL, told.email),
        given_name=told.given_name,
        family_name=told.family_name,
        language=told.language,
    )


def _refuse_what_was_refused(standing: Standing, told: Told) -> None:
    if standing.stops or standing.is_marked:
        raise Refused(
            _(
                "Nothing is sent to %(address)s: it was stopped, or mail came back from there. "
                "Look at the stops, or give them the address of a form: by their own hand they "
                "may come back."
            )
            % {"address": told.email}
        )
    if refused := [topic.name for topic in told.topics if topic.pk in standing.refused]:
        raise Refused(
            _(
                "At %(address)s they refused: %(topics)s. Give them the address of a form, or "
                "leave that out: only they themselves take it back."
            )
            % {"address": told.email, "topics": get_text_list(refused, _("and"))}
        )
