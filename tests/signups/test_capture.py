"""B7: “she gave me her card at the fair”: entered by staff, with source and note."""

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from outreach.eligibility.decide import may_contact
from outreach.exceptions import Refused
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Source
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from outreach.signups import mails
from outreach.signups.capture import Told, capture
from outreach.signups.models import SignUp
from tests.builders import address_of, make_actor, make_recipient, make_sender, make_topic
from tests.recipients.staff_pages import browser, read, text_of
from tests.signups.making import MARIA, confirm_path, mail_of

pytestmark = pytest.mark.django_db

ADD = "outreach_signup_add"
LIST = "outreach_signup_changelist"


def told(*topics: Any, **fields: Any) -> Told:
    return Told(
        **{
            "email": MARIA,
            "given_name": "Maria",
            "family_name": "Rossi",
            "language": "en",
            "topics": list(topics),
            "channels": ["email"],
            "source": Source.STAFF,
            "note": "Gave me her card at the fair in Alba",
            "sender": make_sender(),
            **fields,
        }
    )


def test_b7_she_is_asked_once_more_and_then_it_counts(
    client: Client, outbox: list[EmailMultiAlternatives]
) -> None:
    topic = make_topic()
    row = capture(told(topic), by=make_actor("anna"))
    assert not Recipient.objects.exists()
    mails.sweep()
    assert "You told one of us that Cantina Rossi may write to you" in str(mail_of(outbox).body)
    client.post(confirm_path(row), {"do": "confirm"})
    record = ConsentRecord.objects.select_related("evidence", "recipient").get()
    assert record.source == Source.STAFF
    assert record.evidence.note == (
        "Gave me her card at the fair in Alba; confirmed from the mailbox"
    )
    assert may_contact(record.recipient, topic, "email").is_allowed


def test_b7_where_the_topic_says_so_it_counts_at_once_with_a_welcome(
    outbox: list[EmailMultiAlternatives],
) -> None:
    topic = make_topic(opt_in="single")
    anna = make_actor("anna")
    row = capture(told(topic, channels=["email", "post"]), by=anna)
    assert row.state == SignUp.State.CONFIRMED
    assert row.recipient is not None
    assert may_contact(row.recipient, topic, "email").is_allowed
    assert {(r.channel, r.actor_key) for r in ConsentRecord.objects.all()} == {
        ("email", anna.key),
        ("post", anna.key),
    }
    mails.sweep()
    mails.sweep()
    assert mail_of(outbox).subject == "You hear from Cantina Rossi now"


@pytest.mark.parametrize("opt_in", ["single", "double"])
@pytest.mark.parametrize("reason", ["unsubscribed", "complaint", "manual", "erased", "hard_bounce"])
def test_c3_nobody_takes_back_for_somebody_what_was_stopped(reason: str, opt_in: str) -> None:
    maria = make_recipient(MARIA)
    suppress(reason=reason, by=CUSTOMER, recipient=maria, address=address_of(maria))
    with pytest.raises(Refused, match=f"Nothing is sent to {MARIA}"):
        capture(told(make_topic(opt_in=opt_in)), by=make_actor())
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("channel", ["email", "post"])
def test_c3_nor_what_was_refused(channel: str) -> None:
    maria, refused, other = make_recipient(MARIA), make_topic("Tastings"), make_topic("Vintages")
    withdraw(maria, [refused], channel=channel, source=Source.PHONE, by=SYSTEM)
    with pytest.raises(Refused, match="they refused: Tastings"):
        capture(told(refused, other, channels=["email", channel]), by=make_actor())
    assert not SignUp.objects.exists()
    assert capture(told(other), by=make_actor()).state == SignUp.State.PENDING


@pytest.mark.parametrize("fields", [{"note": " "}, {"topics": []}, {"channels": []}])
def test_without_where_what_or_how_nothing_is_kept(fields: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        capture(told(make_topic(), **fields), by=make_actor())


def test_a_machine_vouches_for_nobody() -> None:
    with pytest.raises(Refused):
        capture(told(make_topic()), by=SYSTEM)


def filled_in(**fields: Any) -> dict[str, Any]:
    topic = make_topic("Tastings")
    return {
        "email": "Maria@Example.com ",
        "given_name": "Maria",
        "topics": [topic.pk],
        "channels": ["email"],
        "source": "staff",
        "note": "at the fair",
        "sender": make_sender().pk,
        **fields,
    }


def test_it_is_entered_in_the_admin_and_stands_in_ones_own_list() -> None:
    anna = browser("add_signup", "view_signup")
    answer = anna.post(reverse(f"admin:{ADD}"), filled_in(), follow=True)
    page = text_of(answer.content.decode())
    assert "It counts as soon as they press the button" in page
    row = SignUp.objects.get()
    assert (row.address_value, row.note, row.source) == (MARIA, "at the fair", "staff")
    assert MARIA in read(anna, LIST, entered="me")
    assert MARIA not in read(browser("view_signup"), LIST, entered="me")
    assert MARIA not in read(anna, LIST, entered="form")
    assert "at the fair" in read(anna, "outreach_signup_change", row.pk)


def test_what_is_refused_is_said_beside_the_field_and_nothing_is_lost() -> None:
    maria = make_recipient(MARIA)
    suppress(reason="unsubscribed", by=CUSTOMER, recipient=maria, address=address_of(maria))
    answer = browser("add_signup").post(reverse(f"admin:{ADD}"), filled_in())
    html = answer.content.decode()
    assert f"Nothing is sent to {MARIA}" in html
    assert "at the fair" in html
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "maria@"), ("note", ""), ("topics", []), ("sender", ""), ("source", "form")],
)
def test_what_is_missing_is_asked_for(field: str, value: Any) -> None:
    answer = browser("add_signup").post(reverse(f"admin:{ADD}"), filled_in(**{field: value}))
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert not SignUp.objects.exists()


def test_ones_own_name_is_offered_as_who_signs() -> None:
    anna = browser("add_signup")
    user_id = anna.session["_auth_user_id"]
    own = make_sender("Anna Verdi", user_id=user_id)
    make_sender("Piotr Nowak")
    page = anna.get(reverse(f"admin:{ADD}")).content.decode()
    assert f'<option value="{own.pk}" selected>Anna Verdi</option>' in page


def test_only_who_may_enter_people_enters_them() -> None:
    nobody = browser("view_signup")
    assert nobody.get(reverse(f"admin:{ADD}")).status_code == 403
    assert nobody.post(reverse(f"admin:{ADD}"), filled_in()).status_code == 403
    assert not SignUp.objects.exists()
