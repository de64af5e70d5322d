"""How a confirmed sign-up becomes a contact of the CRM, where the host says how."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from outreach.eligibility.decide import may_contact
from outreach.recipients.models import ContactLink, Recipient
from outreach.recipients.sources import ContactSource, SignedUp
from outreach.signups import expire, mails
from project.crm.contact_source import CrmContacts
from project.crm.models import Contact
from tests.builders import make_topic
from tests.signups.making import MARIA, confirm_path, go_through, make_form, sign_up

pytestmark = pytest.mark.django_db(transaction=True)

heard: list[SignedUp] = []


class MakesContacts(CrmContacts):
    def create_contact(self, sign_up: SignedUp) -> object | None:
        heard.append(sign_up)
        return super().create_contact(sign_up)


class SaysNothing(CrmContacts):
    """A host that does not say how."""

    create_contact = ContactSource.create_contact


class Breaks(MakesContacts):
    def create_contact(self, sign_up: SignedUp) -> object | None:
        super().create_contact(sign_up)
        raise RuntimeError(sign_up.email)


@pytest.fixture
def _host(settings: Any, request: pytest.FixtureRequest) -> None:
    heard.clear()
    use(settings, request.param)


def use(settings: Any, source: str) -> None:
    settings.OUTREACH = {**settings.OUTREACH, "CONTACT_SOURCES": [f"{__name__}.{source}"]}


@pytest.mark.parametrize("_host", ["MakesContacts"], indirect=True)
@pytest.mark.usefixtures("_host")
def test_b7_the_crm_gets_a_contact_that_is_the_same_person(client: Client) -> None:
    topic = make_topic()
    form = make_form(topic, name="Fair in Alba")
    row = sign_up(client, form, given_name="Maria", family_name="Rossi")
    mails.sweep()
    assert not Contact.objects.exists()
    client.post(confirm_path(row), {"do": "confirm"})

    contact = Contact.objects.get()
    link = ContactLink.objects.get()
    person = Recipient.objects.get()
    assert (link.contact_key, link.recipient, link.gone_at) == (str(contact.pk), person, None)
    assert may_contact(person, topic, "email").is_allowed
    assert heard == [
        SignedUp(
            email=MARIA,
            given_name="Maria",
            family_name="Rossi",
            language="en",
            topics=(topic.slug,),
            how="Fair in Alba",
            tenant="",
        )
    ]
    expire.sweep()
    assert len(heard) == 1


@pytest.mark.parametrize("_host", ["MakesContacts"], indirect=True)
@pytest.mark.usefixtures("_host")
def test_who_is_in_the_crm_already_is_not_made_again(client: Client) -> None:
    Contact.objects.create(first_name="Maria", last_name="Rossi", email=MARIA)
    go_through(client, make_form())
    assert (Contact.objects.count(), heard) == (1, [])


@pytest.mark.parametrize("_host", ["Breaks"], indirect=True)
@pytest.mark.usefixtures("_host")
def test_what_fails_in_the_host_leaves_nothing_and_is_tried_again(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    topic = make_topic()
    with caplog.at_level(logging.ERROR, "outreach"):
        row = go_through(client, make_form(topic))
    assert row.recipient is not None
    assert may_contact(row.recipient, topic, "email").is_allowed
    assert not Contact.objects.exists()
    assert "RuntimeError" in caplog.text
    assert MARIA not in caplog.text

    use(settings, "MakesContacts")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert expire.sweep() >= 1
    assert Contact.objects.get().email == MARIA
    assert ContactLink.objects.get().recipient == row.recipient


@pytest.mark.parametrize("_host", ["SaysNothing"], indirect=True)
@pytest.mark.usefixtures("_host")
def test_a_host_that_does_not_say_how_has_a_person_without_a_contact(client: Client) -> None:
    row = go_through(client, make_form())
    assert row.recipient is not None
    assert not row.is_contact_due
    assert not Contact.objects.exists()
