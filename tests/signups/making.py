"""A sign-up form, and somebody who fills it in, reads their mail and presses the button."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from outreach.centre.sign_up_form import stamp
from outreach.history.actor import SYSTEM
from outreach.links.paths import path_to
from outreach.preferences.models import Topic
from outreach.signups import mails
from outreach.signups.ask import Asked, Offer, ask, offer_at
from outreach.signups.keep_form import save_form
from outreach.signups.letter import confirm_url
from outreach.signups.models import SignUp, SignUpForm
from tests.builders import make_sender, make_topic

_numbers = count(1)
WORDS = "Yes, Cantina Rossi may write to me about this."
MARIA = "maria@example.com"


def make_form(*topics: Topic, wording: str = WORDS, **fields: Any) -> SignUpForm:
    """A form that is open, for a topic of its own or for these."""
    number = next(_numbers)
    form = SignUpForm(
        **{
            "slug": f"form-{number}",
            "name": f"Form {number}",
            "title": "Hear from us",
            "sender": fields.pop("sender", None) or make_sender(),
            **fields,
        }
    )
    save_form(form, wording=wording, by=SYSTEM)
    form.topics.set(topics or [make_topic()])
    return form


def offer(form: SignUpForm) -> Offer:
    found = offer_at(form.slug)
    assert found is not None
    return found


def form_path(form: SignUpForm) -> str:
    return path_to("sign_up", form.slug)


def read_long_enough(form: SignUpForm) -> str:
    """The stamp of a form that was opened a minute ago."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        return stamp(offer(form))


def fill_in(client: Client, form: SignUpForm, email: str = MARIA, **fields: Any) -> Any:
    """Fill in all that is asked and press the button; `fields` are what differs."""
    topics = list(form.topics.values_list("slug", flat=True))
    filled = {"email": email, "topic": topics, "t": read_long_enough(form), **fields}
    return client.post(form_path(form), filled)


def sign_up(client: Client, form: SignUpForm, email: str = MARIA, **fields: Any) -> SignUp:
    """Fill in the form; the row that came of it."""
    assert fill_in(client, form, email, **fields).status_code == 200
    return SignUp.objects.latest("pk")


def confirm_path(row: SignUp) -> str:
    return re.sub(r"^https?://[^/]+", "", confirm_url(row))


def mail_of(outbox: list[EmailMultiAlternatives], to: str = MARIA) -> EmailMultiAlternatives:
    """The one message to an address, once the sweep has run."""
    (message,) = (message for message in outbox if to in message.to)
    return message


def link_in(message: EmailMultiAlternatives) -> str:
    """The path of the one link of ours in a message."""
    (url,) = set(re.findall(r"https?://\S+/c/\S+", str(message.body)))
    return re.sub(r"^https?://[^/]+", "", url)


def go_through(client: Client, form: SignUpForm, email: str = MARIA, **fields: Any) -> SignUp:
    """Sign up, get the message, and press the button in it."""
    row = sign_up(client, form, email, **fields)
    mails.sweep()
    assert client.post(confirm_path(row), {"do": "confirm"}).status_code in {200, 303}
    row.refresh_from_db()
    return row


def pending(form: SignUpForm | None = None, email: str = MARIA) -> SignUp:
    """A sign-up that waits for the press in the mailbox."""
    found = offer(form or make_form())
    return ask(
        found,
        Asked(
            email=email,
            given_name="Maria",
            family_name="Rossi",
            topics=found.topics,
            language="en",
        ),
    )
