"""Maria, whose wish is over in thirty days, and the letter that asks her whether it goes on."""

import re
from datetime import datetime, timedelta

import time_machine
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from outreach.centre import send_renewals
from outreach.history.actor import CUSTOMER
from outreach.preferences import renewal
from outreach.preferences.consent import grant
from outreach.preferences.models import Source, Topic
from outreach.preferences.our_words import our_words
from outreach.recipients.models import Channel, Recipient
from tests.builders import make_recipient
from tests.dispatch.providers import Provider

BEGAN = datetime.fromisoformat("2025-05-03T12:00:00+02:00")
SOON = BEGAN + timedelta(days=335)
END = BEGAN + timedelta(days=365)
WORDS = "Yes, invite me to tastings"


def wish(
    person: Recipient, topic: Topic, words: str = WORDS, *, channel: str = Channel.EMAIL
) -> None:
    grant(
        person,
        [topic],
        channel=channel,
        source=Source.FORM,
        by=CUSTOMER,
        wording=our_words(words, language="en", version="1"),
    )


def wished_for_a_year(topic: Topic, words: str = WORDS, **fields: str) -> Recipient:
    """She asked on 3 May 2025, for a year; `fields` are of the person."""
    with time_machine.travel(BEGAN, tick=False):
        maria = make_recipient(**fields)
        wish(maria, topic, words)
    return maria


def ask_all() -> int:
    """What the periodic work does: note whom to ask, and write to them."""
    renewal.sweep()
    return send_renewals.sweep()


def letter() -> EmailMultiAlternatives:
    """The one letter that went out."""
    (sent,) = Provider.sent
    assert isinstance(sent, EmailMultiAlternatives)
    return sent


def html_of(mail: EmailMultiAlternatives) -> str:
    (html,) = [str(content) for content, _mimetype in mail.alternatives]
    return html


def link_in(mail: EmailMultiAlternatives) -> str:
    """The path of the one link in a letter."""
    (url,) = set(re.findall(r"https?://\S+/p/\S+", str(mail.body)))
    return str(url).removeprefix(settings.OUTREACH["BASE_URL"])
