"""The page on which staff answer: everything in sight, nothing typed is ever lost."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailRequestsAPIError
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.history.actor import Actor
from outreach.preferences.consent import grant
from outreach.recipients.models import Recipient
from tests.builders import make_recipient, make_sender, make_topic, make_user, subscribe
from tests.conversations.mails import mail as a_mail
from tests.conversations.mails import make_conversation, receive
from tests.dispatch.providers import Provider, Raising

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.conversations.urls")]

ANSWER = "outreach.answer_conversation"


@pytest.fixture
def conversation(client: Client) -> Conversation:
    return make_conversation(client, text="Is Sunday possible?\n> Come on Saturday")


@pytest.fixture
def agent(client: Client) -> Any:
    user = make_user("anna", ANSWER)
    client.force_login(user)
    return user


def page_of(conversation: Conversation) -> str:
    return reverse("admin:outreach_conversation_change", args=[conversation.pk])


def html(client: Client, conversation: Conversation) -> str:
    response = client.get(page_of(conversation))
    assert response.status_code == 200
    return response.content.decode()


def hidden(page: str) -> dict[str, str]:
    return {
        name: value
        for name in ("key", "seen")
        for value in re.findall(rf'name="{name}" value="([^"]*)"', page)
    }


def send(client: Client, conversation: Conversation, text: str, **fields: str) -> Any:
    data = {**hidden(html(client, conversation)), "text": text, **fields}
    return client.post(page_of(conversation), data)


def test_the_page_shows_thread_person_and_reply_box(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    assert conversation.recipient is not None
    subscribe(conversation.recipient, make_topic("Open cellars"))
    page = html(client, conversation)
    assert conversation.delivery is not None
    assert conversation.owner is not None
    for shown in (
        "Is Sunday possible?",
        "Maria Rossi",
        "Open cellars",
        "yes, by e-mail",
        conversation.delivery.run.campaign.justification,
        conversation.owner.phone,
        "Answer to maria@example.com",
    ):
        assert shown in page
    assert "<details>" in page


def test_b4_an_answer_goes_out_and_the_page_comes_back(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    response = send(client, conversation, "Sunday at ten, then.")
    assert response.status_code == 302
    assert len(Provider.sent) == 1
    page = client.get(response["Location"]).content.decode()
    assert "Sent to maria@example.com." in page
    assert "Sunday at ten, then." in page
    message = Message.objects.get(direction=Message.Direction.OUT)
    assert message.author_key == Actor.of(agent).key


def test_pressing_send_twice_sends_once(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    data = {**hidden(html(client, conversation)), "text": "Yes."}
    for _again in range(2):
        assert client.post(page_of(conversation), data).status_code == 302
    assert len(Provider.sent) == 1


def test_what_was_typed_survives_a_refusal(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    response = requests_error(422)
    with override_settings(
        OUTREACH={**settings.OUTREACH, "MAILER": "tests.dispatch.providers.Raising"}
    ):
        Raising.error = response
        page = send(client, conversation, "A long and careful <answer>.").content.decode()
    assert 'role="alert"' in page
    assert "refused it" in page
    assert "A long and careful &lt;answer&gt;.</textarea>" in page
    second = client.post(page_of(conversation), {**hidden(page), "text": "Once more."})
    assert second.status_code == 302


def requests_error(status: int) -> AnymailRequestsAPIError:
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError("no", response=response)


def test_what_was_typed_survives_a_message_that_came_in_between(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    data = {**hidden(html(client, conversation)), "text": "Half an hour of work"}
    Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        state=Message.State.RECEIVED,
        from_address="maria@example.com",
        to_address="x@example.com",
        text="I changed my mind.",
    )
    page = client.post(page_of(conversation), data).content.decode()
    assert "Another message came in while you wrote" in page
    assert "I changed my mind." in page
    assert "Half an hour of work</textarea>" in page
    assert Provider.sent == []


@pytest.mark.parametrize("broken", [{"key": "x"}, {"seen": ""}, {"key": "", "seen": "-"}])
def test_what_was_typed_survives_a_broken_form(
    client: Client, conversation: Conversation, agent: Any, broken: dict[str, str]
) -> None:
    page = send(client, conversation, "My words", **broken).content.decode()
    assert "My words</textarea>" in page
    assert Provider.sent == []


def test_what_was_typed_survives_that_nobody_can_be_answered(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    fields = hidden(html(client, conversation))
    Message.objects.update(from_address="")
    response = client.post(page_of(conversation), {**fields, "text": "My words"})
    assert "without an address" in response.content.decode()
    assert "My words</textarea>" in response.content.decode()


def test_a_hostile_mail_is_only_text(client: Client, agent: Any) -> None:
    conversation = make_conversation(
        client,
        Subject="<script>alert(1)</script>",
        text="",
        HtmlBody="<p>Hi &lt;script&gt;alert(2)&lt;/script&gt;</p><script>alert(3)</script>"
        '<img src="x" onerror="alert(4)">',
        FromFull={"Email": "maria@example.com", "Name": "<b>x</b>"},
    )
    page = html(client, conversation)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert "onerror" not in page


def test_whoever_may_only_look_is_told_so(client: Client, conversation: Conversation) -> None:
    client.force_login(make_user("bruno", "outreach.view_conversation"))
    page = html(client, conversation)
    assert "You may read this, but not answer it." in page
    assert client.post(page_of(conversation), {"text": "x"}).status_code == 403


def test_without_permission_nothing_is_shown(client: Client, conversation: Conversation) -> None:
    client.force_login(make_user("carla"))
    assert client.get(page_of(conversation)).status_code == 403
    assert client.get(reverse("admin:outreach_conversation_changelist")).status_code == 403


@pytest.mark.parametrize("key", ["0", "999999", "x", "1_2F1"])
def test_a_conversation_that_is_not_there_is_not_found(
    client: Client, agent: Any, key: str
) -> None:
    address = reverse("admin:outreach_conversation_changelist") + f"{key}/change/"
    assert client.get(address).status_code == 404


def test_looking_changes_nothing(client: Client, conversation: Conversation, agent: Any) -> None:
    before = list(Conversation.objects.values()), list(Message.objects.values())
    html(client, conversation)
    assert (list(Conversation.objects.values()), list(Message.objects.values())) == before


def test_the_page_asks_the_same_number_of_questions_however_long_the_thread(
    client: Client, conversation: Conversation, agent: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Message.objects.create(
            conversation=conversation,
            direction=Message.Direction.IN,
            state=Message.State.RECEIVED,
            from_address="maria@example.com",
            to_address="x@example.com",
            text=str(number),
        )
        make_conversation(client, make_recipient())
    with django_assert_max_num_queries(27):
        client.get(page_of(conversation))
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:outreach_conversation_changelist"))


def test_a_stranger_is_placed_from_the_page(client: Client, agent: Any) -> None:
    receive(client, a_mail())
    maria = make_recipient("maria.rossi@example.com")
    conversation = Conversation.objects.get()
    assert "Who is it?" in html(client, conversation)
    client.post(
        reverse("admin:outreach_conversation_place", args=[conversation.pk]),
        {"address": "maria.rossi@example.com"},
    )
    conversation.refresh_from_db()
    assert conversation.recipient == maria


def test_a_colleague_takes_over_from_the_page(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    bruno = make_sender("Bruno Verdi")
    address = reverse("admin:outreach_conversation_hand_to", args=[conversation.pk])
    client.post(address, {"sender": bruno.pk})
    conversation.refresh_from_db()
    assert conversation.owner == bruno
    page = client.post(address, {"sender": "x"}, follow=True).content.decode()
    assert "Choose who answers" in page


def test_an_unknown_answer_is_settled_from_the_page(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    with override_settings(
        OUTREACH={**settings.OUTREACH, "MAILER": "tests.dispatch.providers.Raising"}
    ):
        Raising.error = TimeoutError()
        send(client, conversation, "Yes.")
    message = Message.objects.get(direction=Message.Direction.OUT)
    assert "Did you find out?" in html(client, conversation)
    address = reverse("admin:outreach_conversation_settle", args=[conversation.pk])
    for key in ("", "x", "0"):
        client.post(address, {"message": key, "went_out": "yes"})
    client.post(address, {"message": message.pk, "went_out": "yes"})
    message.refresh_from_db()
    assert message.state == Message.State.ACCEPTED


def test_whoever_is_chosen_signs(client: Client, conversation: Conversation, agent: Any) -> None:
    bruno = make_sender("Bruno Verdi")
    send(client, conversation, "Yes.", sender=str(bruno.pk))
    (letter,) = Provider.sent
    assert "Bruno Verdi" in letter.body


def test_what_nobody_owns_is_answered_once_somebody_is_chosen(client: Client, agent: Any) -> None:
    receive(client, a_mail())
    conversation, bruno = Conversation.objects.get(), make_sender("Bruno Verdi")
    page = send(client, conversation, "My words", sender="").content.decode()
    assert "Choose who answers it" in page
    assert "My words</textarea>" in page
    assert send(client, conversation, "My words", sender=str(bruno.pk)).status_code == 302
    assert len(Provider.sent) == 1


@pytest.mark.parametrize("step", ["hand_to", "place"])
def test_what_was_typed_survives_another_button(client: Client, agent: Any, step: str) -> None:
    receive(client, a_mail())
    make_recipient("maria.rossi@example.com")
    conversation, bruno = Conversation.objects.get(), make_sender("Bruno Verdi")
    address = reverse(f"admin:outreach_conversation_{step}", args=[conversation.pk])
    data = {"address": "maria.rossi@example.com", "sender": bruno.pk, "text": "My words"}
    page = client.post(address, data).content.decode()
    assert "My words</textarea>" in page
    assert Provider.sent == []
    conversation.refresh_from_db()
    assert conversation.owner == bruno if step == "hand_to" else conversation.recipient


def test_the_return_key_in_the_address_does_not_send(client: Client, agent: Any) -> None:
    receive(client, a_mail())
    maria = make_recipient("maria.rossi@example.com")
    conversation = Conversation.objects.get()
    make_sender("Anna Bianchi", user=agent)
    shown = html(client, conversation)
    assert shown.index('value="Send"') < shown.index('value="Hand over"')
    page = send(client, conversation, "Half a sent", address="maria.rossi@example.com")
    assert "Half a sent</textarea>" in page.content.decode()
    assert Provider.sent == []
    conversation.refresh_from_db()
    assert conversation.recipient == maria


@pytest.mark.parametrize("step", ["place", "hand_to", "settle"])
def test_steps_are_taken_by_post_and_with_permission_alone(
    client: Client, conversation: Conversation, agent: Any, step: str
) -> None:
    address = reverse(f"admin:outreach_conversation_{step}", args=[conversation.pk])
    assert client.get(address).status_code == 405
    client.force_login(make_user("bruno", "outreach.view_conversation"))
    assert client.post(address).status_code == 403


@pytest.mark.parametrize(
    ("chosen", "count"), [("waiting", 1), ("answered", 1), ("mine", 1), ("nobody", 1), ("", 3)]
)
def test_the_list_can_be_narrowed(client: Client, agent: Any, chosen: str, count: int) -> None:
    maria = make_recipient("maria@example.com")
    own = make_sender("Anna Bianchi", user=agent)
    other = make_sender("Bruno Verdi")
    state = Conversation.State
    rows = [(own, state.OPEN), (other, state.ANSWERED), (None, state.CLOSED)]
    for owner, each in rows:
        Conversation.objects.create(recipient=maria, owner=owner, state=each, subject=str(each))
    response = client.get(
        reverse("admin:outreach_conversation_changelist"), {"show": chosen} if chosen else {}
    )
    assert response.context["cl"].result_count == count


def test_who_was_erased_is_said_to_be(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    Recipient.objects.update(erased_at=timezone.now())
    page = html(client, conversation)
    assert "erase their data" in page
    assert 'value="Send"' not in page


def test_d1_the_page_of_a_person_shows_what_they_wrote(
    client: Client, conversation: Conversation
) -> None:
    client.force_login(make_user("anna", ANSWER, "outreach.view_recipient"))
    assert conversation.recipient is not None
    page = reverse("admin:outreach_recipient_change", args=[conversation.recipient.pk])
    text = client.get(page).content.decode()
    assert "What they wrote" in text
    assert page_of(conversation) in text


def test_quarantined_mail_is_listed_and_can_be_saved_and_tried_again(client: Client) -> None:
    receive(client, {"Odd": "<script>alert(1)</script>"})
    client.force_login(make_user("root", is_superuser=True))
    kept = InboundMail.objects.get()
    changelist = reverse("admin:outreach_inboundmail_changelist")
    assert "could not be read" in client.get(changelist).content.decode()
    page = client.get(reverse("admin:outreach_inboundmail_change", args=[kept.pk]))
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()
    file = client.get(reverse("admin:outreach_inboundmail_download", args=[kept.pk]))
    assert file["Content-Disposition"] == f'attachment; filename="mail-{kept.pk}.json"'
    data = {"action": "try_again", "_selected_action": [kept.pk]}
    page = client.post(changelist, data, follow=True)
    assert "0 of 1 mail" in page.content.decode()


def test_a_mail_is_saved_as_a_file_by_whoever_answers(
    client: Client, conversation: Conversation, agent: Any
) -> None:
    kept = InboundMail.objects.get()
    file = client.get(reverse("admin:outreach_inboundmail_download", args=[kept.pk]))
    assert file["Content-Type"] == "message/rfc822"
    assert b"Subject: Re: A tasting on Saturday" in file.content
    client.force_login(make_user("bruno"))
    refused = client.get(reverse("admin:outreach_inboundmail_download", args=[kept.pk]))
    assert refused.status_code == 403


def test_d1_what_they_said_stands_beside_it_in_their_own_words(
    client: Client, agent: Any, conversation: Conversation
) -> None:
    recipient = conversation.recipient
    assert recipient is not None
    grant(
        recipient,
        [make_topic("New vintages")],
        channel="email",
        source="phone",
        by=Actor.of(agent),
        wording="Tell me <b>when</b> it is bottled.",
    )
    other = Conversation.objects.create(
        recipient=recipient, subject="Parking", owner=conversation.owner
    )
    page = html(client, conversation).partition("What they said")[2]
    assert "<q>Tell me &lt;b&gt;when&lt;/b&gt; it is bottled.</q>" in page
    assert "New vintages: asked for it, on the phone" in page
    assert f'<a href="{page_of(other)}">Parking</a>' in page


def test_d1_the_reason_of_what_we_sent_is_a_sentence(
    client: Client, agent: Any, conversation: Conversation
) -> None:
    page = html(client, conversation).partition("What we sent, and why")[2]
    assert "Because The tasting is near you and free." in page


def test_a_mail_is_named_by_the_time_on_our_clocks() -> None:
    at = datetime(2026, 11, 26, 20, 26, tzinfo=UTC)
    assert str(InboundMail(received_at=at)) == "11/26/2026 9:26 p.m."
