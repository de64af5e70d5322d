"""A person answers, under their name and with a phone number (B6), at most once (statement 3)."""

from datetime import timedelta
from email.headerregistry import Address as Mailbox
from typing import Any
from uuid import uuid4

import pytest
import requests
import time_machine
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.conversations.answer import answer
from outreach.conversations.hand_over import give_up_on_lost, settle_unknown
from outreach.conversations.models import Conversation, Message
from outreach.conversations.place import hand_to, place
from outreach.conversations.reported import take as take_report
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import history_of
from outreach.links.reply import read_reply_address, reply_address
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import lift
from outreach.recipients.models import Recipient, RecipientAddress
from outreach.senders.models import Sender
from outreach.signals import message_accepted
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report
from tests.builders import address_of, make_actor, make_recipient, make_sender, make_user
from tests.conversations.mails import mail, make_conversation, out_of_office, receive, reply_to
from tests.dispatch.providers import Provider, Raising
from tests.tracking.reports import DELIVERED, HARD, post

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tracking.urls")]

State = Message.State


@pytest.fixture
def conversation(client: Client) -> Conversation:
    return make_conversation(client, headers={"Message-ID": "<hers@example.com>"})


@pytest.fixture
def anna() -> Actor:
    return make_actor("anna")


def only_letter() -> EmailMessage:
    (letter,) = Provider.sent
    return letter


def failing(error: Exception) -> override_settings:
    Raising.error = error
    path = "tests.dispatch.providers.Raising"
    return override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path})


def api_error(status: int) -> AnymailRequestsAPIError:
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError("no", response=response)


def test_b6_an_answer_is_signed_by_a_person_with_a_phone_number(
    conversation: Conversation, anna: Actor
) -> None:
    answer(conversation, "Sunday at ten, then.", by=anna)
    letter, owner = only_letter(), conversation.owner
    assert owner is not None
    assert letter.body.startswith("Sunday at ten, then.\n\n")
    assert owner.name in letter.body
    assert owner.phone in letter.body
    assert letter.from_email == f'"{owner.name}" <{settings.OUTREACH["FROM_EMAIL"]}>'
    assert letter.to == ["maria@example.com"]


def test_an_answer_stays_in_the_thread(conversation: Conversation, anna: Actor) -> None:
    message = answer(conversation, "Yes.", by=anna)
    letter = only_letter()
    assert letter.subject == "Re: A tasting on Saturday"
    assert letter.extra_headers["In-Reply-To"] == "<hers@example.com>"
    assert letter.extra_headers["References"] == "<hers@example.com>"
    assert letter.extra_headers["Message-ID"] == message.message_id
    assert letter.metadata == {"outreach_message": message.key.hex}  # type: ignore[attr-defined]
    address = Mailbox(addr_spec=letter.reply_to[0].partition("<")[2].rstrip(">")).addr_spec
    assert read_reply_address(address) == ("c", message.key)


def test_what_went_out_is_accepted_and_known_by_the_providers_id(
    conversation: Conversation, anna: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[int] = []

    def hear(*, message_id: int, **kwargs: object) -> None:
        heard.append(message_id)

    message_accepted.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            message = answer(conversation, "Yes.", by=anna)
    finally:
        message_accepted.disconnect(hear)
    assert message.state == State.ACCEPTED
    assert message.accepted_at is not None
    assert message.provider_message_id == "0"
    assert (message.author_key, message.author_name) == (anna.key, anna.name)
    assert heard == [message.pk]
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.ANSWERED


def test_a_reply_to_an_answer_comes_back_to_its_conversation(
    client: Client, conversation: Conversation, anna: Actor
) -> None:
    message = answer(conversation, "Yes.", by=anna)
    receive(client, mail(reply_address("c", message.key), text="Great."))
    conversation.refresh_from_db()
    assert conversation.messages.count() == 3
    assert conversation.state == Conversation.State.OPEN


def test_an_answer_goes_where_its_reader_wants_answers(client: Client, anna: Actor) -> None:
    conversation = make_conversation(client, ReplyTo="studio@example.com")
    answer(conversation, "Yes.", by=anna)
    assert only_letter().to == ["studio@example.com"]


def test_an_automatic_mail_does_not_change_where_answers_go(client: Client, anna: Actor) -> None:
    conversation = make_conversation(client)
    assert conversation.delivery is not None
    address = reply_address("d", conversation.delivery.attempts.get().key)
    bounce = {"Email": "mailer-daemon@example.net", "Name": ""}
    receive(client, out_of_office(address, FromFull=bounce, From="mailer-daemon@example.net"))
    answer(conversation, "Yes.", by=anna)
    assert only_letter().to == ["maria@example.com"]


@pytest.mark.parametrize("text", ["", "  \r\n ", "\x00"])
def test_an_empty_answer_is_not_sent(conversation: Conversation, anna: Actor, text: str) -> None:
    with pytest.raises(Refused, match="nothing to send"):
        answer(conversation, text, by=anna)


def test_an_endless_answer_is_not_sent(conversation: Conversation, anna: Actor) -> None:
    with pytest.raises(Refused, match="too long"):
        answer(conversation, "x" * 60_000, by=anna)


def test_statement_10_only_a_person_answers(conversation: Conversation) -> None:
    with pytest.raises(Refused, match="Only a person"):
        answer(conversation, "Thank you for your message.", by=SYSTEM)
    assert Provider.sent == []


def test_nobody_writes_to_whoever_asked_to_be_erased(
    conversation: Conversation, anna: Actor
) -> None:
    Recipient.objects.update(erased_at=timezone.now())
    conversation = Conversation.objects.get(pk=conversation.pk)
    with pytest.raises(Refused, match="erase"):
        answer(conversation, "Yes.", by=anna)
    assert not Message.objects.filter(direction=Message.Direction.OUT).exists()


@pytest.mark.parametrize("address", ["", "nobody", "a@@b", "x@y\nBcc: z@example.com"])
def test_without_an_address_it_is_said_so(
    conversation: Conversation, anna: Actor, address: str
) -> None:
    Message.objects.update(from_address=address)
    with pytest.raises(Refused, match="without an address"):
        answer(conversation, "Yes.", by=anna)


def test_b6_what_nobody_owns_is_signed_by_whoever_answers_it(client: Client, anna: Actor) -> None:
    receive(client, mail())
    conversation = Conversation.objects.get()
    with pytest.raises(Refused, match="Nobody signs"):
        answer(conversation, "Yes.", by=anna)
    user = make_user("bruno")
    own = make_sender("Bruno Verdi", user=user)
    answer(conversation, "Yes.", by=Actor.of(user))
    conversation.refresh_from_db()
    assert conversation.owner == own
    assert "Bruno Verdi" in only_letter().body


def test_b6_who_left_the_house_signs_nothing(conversation: Conversation, anna: Actor) -> None:
    Sender.objects.update(is_active=False)
    with pytest.raises(Refused, match="Nobody signs"):
        answer(Conversation.objects.get(pk=conversation.pk), "Yes.", by=anna)


def test_a_button_pressed_twice_sends_once(conversation: Conversation, anna: Actor) -> None:
    key = uuid4()
    first = answer(conversation, "Yes.", by=anna, key=key)
    again = answer(conversation, "Yes.", by=anna, key=key)
    assert first == again
    assert len(Provider.sent) == 1


def test_whoever_did_not_see_the_last_message_reads_it_first(
    client: Client, conversation: Conversation, anna: Actor
) -> None:
    seen = conversation.messages.latest("pk").pk
    assert conversation.delivery is not None
    receive(client, reply_to(conversation.delivery.attempts.get(), text="I changed my mind."))
    with pytest.raises(Conflict, match="came in while you wrote"):
        answer(conversation, "Yes.", by=anna, seen=seen)
    answer(conversation, "Yes.", by=anna, seen=conversation.messages.latest("pk").pk)


def test_two_of_us_do_not_answer_the_same_unseen(conversation: Conversation, anna: Actor) -> None:
    seen = conversation.messages.latest("pk").pk
    answer(conversation, "Yes.", by=make_actor("bruno"), seen=seen)
    with pytest.raises(Conflict, match="Bruno answered while you wrote"):
        answer(conversation, "No.", by=anna, seen=seen)


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (api_error(422), State.REFUSED, "refused it"),
        (AnymailRecipientsRefused(), State.REFUSED, "refused it"),
        (ConnectionRefusedError(), State.REFUSED, "could not be reached"),
        (api_error(401), State.REFUSED, "could not be reached"),
        (api_error(500), State.UNKNOWN, "do not know"),
        (TimeoutError(), State.UNKNOWN, "do not know"),
    ],
)
def test_what_the_provider_did_with_it_is_said_plainly(
    conversation: Conversation, anna: Actor, error: Exception, state: str, words: str
) -> None:
    with failing(error):
        message = answer(conversation, "Yes.", by=anna)
    assert message.state == state
    assert words in message.detail
    assert message.text == "Yes."
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.OPEN


def test_a_provider_that_rejects_the_address_has_refused(
    conversation: Conversation, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reject(self: Provider, message: EmailMessage) -> None:
        status = type("Status", (), {"status": {"rejected"}, "message_id": None})
        message.anymail_status = status  # type: ignore[attr-defined]

    monkeypatch.setattr(Provider, "take", reject)
    assert answer(conversation, "Yes.", by=anna).state == State.REFUSED


def test_a_mailer_that_cannot_be_built_sends_nothing(
    conversation: Conversation, anna: Actor
) -> None:
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": "no.such.Backend"}):
        message = answer(conversation, "Yes.", by=anna)
    assert message.state == State.REFUSED


def test_the_answer_is_committed_before_it_is_handed_over(
    conversation: Conversation, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []

    def look(self: Provider, message: EmailMessage) -> None:
        ours = Message.objects.filter(direction=Message.Direction.OUT)
        found.extend(ours.values_list("state", flat=True))

    monkeypatch.setattr(Provider, "take", look)
    answer(conversation, "Yes.", by=anna)
    assert found == [State.SENDING]


def test_statement_3_a_crash_leaves_it_unknown_and_nothing_sends_it_again(
    conversation: Conversation, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outreach.conversations.answer.hand_over", lambda *args: None)
    message = answer(conversation, "Yes.", by=anna)
    assert message.state == State.SENDING
    assert give_up_on_lost() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert give_up_on_lost() == 1
        assert give_up_on_lost() == 0
    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    assert Provider.sent == []


@pytest.mark.parametrize(("went_out", "state"), [(True, State.ACCEPTED), (False, State.REFUSED)])
def test_statement_3_a_person_settles_what_is_unknown(
    conversation: Conversation, anna: Actor, went_out: bool, state: str
) -> None:
    with failing(TimeoutError()):
        message = answer(conversation, "Yes.", by=anna)
    assert settle_unknown(message, went_out=went_out, by=anna)
    assert not settle_unknown(message, went_out=not went_out, by=anna)
    message.refresh_from_db()
    assert message.state == state


def test_statement_3_a_webhook_settles_what_is_unknown(
    client: Client, conversation: Conversation, anna: Actor
) -> None:
    with failing(TimeoutError()):
        message = answer(conversation, "Yes.", by=anna)
    post(client, {**DELIVERED, "Metadata": {"outreach_message": message.key.hex}})
    message.refresh_from_db()
    assert message.state == State.ACCEPTED


def test_b2_an_answer_that_comes_back_leaves_the_person_waiting(
    client: Client, conversation: Conversation, anna: Actor
) -> None:
    message = answer(conversation, "Yes.", by=anna)
    for _again in range(2):
        post(client, {**HARD, "Metadata": {"outreach_message": message.key.hex}})
    post(client, {**DELIVERED, "Metadata": {"outreach_message": message.key.hex}})
    message.refresh_from_db()
    conversation.refresh_from_db()
    assert (message.state, message.detail) == (State.BOUNCED, "HardBounce 5.1.1")
    assert conversation.state == Conversation.State.OPEN
    assert Suppression.objects.get().reason == Suppression.Reason.HARD_BOUNCE


def test_b2_a_bounce_of_an_old_answer_does_not_reopen_what_was_answered_since(
    client: Client, conversation: Conversation, anna: Actor
) -> None:
    first = answer(conversation, "Yes.", by=anna)
    answer(conversation, "Yes, again.", by=anna)
    post(client, {**HARD, "Metadata": {"outreach_message": first.key.hex}})
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.ANSWERED


def test_a_complaint_about_an_answer_stops_all_messages_once(
    conversation: Conversation, anna: Actor
) -> None:
    message = answer(conversation, "Yes.", by=anna)
    complaint = report(message, Effect.COMPLAINT)
    assert take_report(complaint)
    stop = Suppression.objects.get()
    assert stop.recipient == conversation.recipient
    lift(stop, by=make_actor(), why="they pressed the wrong button")
    assert take_report(complaint)
    assert not Suppression.objects.filter(lifted_at=None).exists()


def test_an_answer_reaches_people_who_want_no_news(conversation: Conversation, anna: Actor) -> None:
    assert conversation.recipient is not None
    Suppression.objects.create(
        recipient=conversation.recipient, reason=Suppression.Reason.UNSUBSCRIBED, live_key="x"
    )
    assert answer(conversation, "Yes.", by=anna).state == State.ACCEPTED


def test_history_tells_who_wrote_and_what_came_of_it(
    conversation: Conversation, anna: Actor
) -> None:
    answer(conversation, "Yes.", by=anna)
    verbs = history_of(conversation).order_by("pk").values_list("verb", "actor_name")
    assert list(verbs) == [
        ("received", "the customer"),
        ("answer written", anna.name),
        ("answer accepted", "outreach"),
    ]


def test_a_person_says_whose_message_it_is(client: Client, anna: Actor) -> None:
    receive(client, mail())
    maria = make_recipient("maria.rossi@example.com")
    conversation = Conversation.objects.get()
    with pytest.raises(Refused, match="know nobody"):
        place(conversation, "nobody@example.com", by=anna)
    assert place(conversation, "Maria.Rossi@example.com", by=anna) == maria
    with pytest.raises(Conflict):
        place(conversation, "maria.rossi@example.com", by=anna)
    paolo = make_recipient(None, "Paolo")
    RecipientAddress.objects.create(recipient=paolo, address=address_of(maria), channel="email")
    with pytest.raises(Refused, match="Several"):
        place(conversation, "maria.rossi@example.com", by=anna)


def test_a_conversation_is_handed_to_a_colleague(conversation: Conversation, anna: Actor) -> None:
    bruno = make_sender("Bruno Verdi")
    hand_to(conversation, bruno, by=anna)
    conversation.refresh_from_db()
    assert conversation.owner == bruno
    gone = make_sender("Carla Neri", is_active=False)
    with pytest.raises(Refused, match="any more"):
        hand_to(conversation, gone, by=anna)


def report(message: Message, effect: Effect) -> Report:
    return Report(effect=effect, key=message.key, message_id="", at=timezone.now(), detail="x")


class AnyOrder(TestCase):
    @hypothesis_settings(max_examples=30)
    @given(effects=st.lists(st.sampled_from(list(Effect)), min_size=1, max_size=5), data=st.data())
    def test_b2_reports_on_an_answer_end_alike_in_any_order(
        self, effects: list[Effect], data: st.DataObject
    ) -> None:
        shuffled = data.draw(st.permutations(effects + effects))
        assert self.end_of(shuffled) == self.end_of(sorted(set(effects)))

    def end_of(self, effects: list[Effect]) -> tuple[object, ...]:
        recipient = make_recipient()
        address = address_of(recipient)
        conversation = Conversation.objects.create(recipient=recipient, subject="x")
        message = Message.objects.create(
            conversation=conversation,
            direction=Message.Direction.OUT,
            state=State.SENDING,
            from_address="anna@example.com",
            to_address=address.value,
            text="x",
        )
        for effect in effects:
            take_report(report(message, effect))
        message.refresh_from_db()
        stops = Suppression.objects.filter(address=address).values_list("reason", flat=True)
        return message.state, sorted(stops)
