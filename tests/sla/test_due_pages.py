"""B4: what is due is in sight, sorted by the time left."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.conversations.models import Conversation, Message
from outreach.history.record import history_of
from outreach.sla.clock import sweep
from outreach.sla.models import ReplyPolicy
from tests.builders import make_recipient, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.conversations.urls")]

LIST = "admin:outreach_conversation_changelist"
ANSWER = "outreach.answer_conversation"


def waiting(name: str, hours_ago: float) -> Conversation:
    at = timezone.now() - timedelta(hours=hours_ago)
    conversation = Conversation.objects.create(
        recipient=make_recipient(name=name), subject=f"From {name}", last_at=at
    )
    Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        state=Message.State.RECEIVED,
        from_address="maria@example.com",
        to_address="x@example.com",
        text="Hello",
        at=at,
    )
    sweep()
    return conversation


def page(client: Client, conversation: Conversation) -> str:
    address = reverse("admin:outreach_conversation_change", args=[conversation.pk])
    return client.get(address).content.decode()


def test_b4_the_list_shows_what_is_due_first(client: Client) -> None:
    with time_machine.travel("2026-05-04T12:00:00Z", tick=False):
        Conversation.objects.create(subject="All said", state=Conversation.State.ANSWERED)
        waiting("Eva", 2)
        waiting("Maria", 25)
        client.force_login(make_user("anna", ANSWER))
        response = client.get(reverse(LIST))
        subjects = [row.subject for row in response.context["cl"].result_list]
        assert subjects == ["From Maria", "From Eva", "All said"]
        text = response.content.decode()
    assert "1 h late" in text
    assert "22 h left" in text


def test_b4_the_page_shows_what_else_is_due(client: Client) -> None:
    with time_machine.travel("2026-05-04T12:00:00Z", tick=False):
        eva, maria = waiting("Eva Neri", 2), waiting("Maria Rossi", 26)
        client.force_login(make_user("anna", ANSWER))
        text = page(client, eva)
        assert text.index("<span>From Maria") < text.index("<span>From Eva")
        assert "2 h late" in text
        assert 'aria-current="page"' in text
        assert "Eva Neri waits for an answer by" in text
        assert "Maria Rossi has waited 1 day 2 h for an answer." in page(client, maria)


def test_nothing_due_is_said_in_words(client: Client) -> None:
    conversation = Conversation.objects.create(subject="x", state=Conversation.State.ANSWERED)
    client.force_login(make_user("anna", ANSWER))
    assert "Nobody waits for an answer." in page(client, conversation)


def test_the_policy_is_one_form_in_hours(client: Client) -> None:
    client.force_login(make_user("root", is_superuser=True))
    changelist = reverse("admin:outreach_replypolicy_changelist")
    assert client.get(changelist).status_code == 200
    client.post(reverse("admin:outreach_replypolicy_add"), {"hours": "4.5", "calendar": ""})
    policy = ReplyPolicy.objects.get()
    assert policy.first_response_within == timedelta(hours=4, minutes=30)
    address = reverse("admin:outreach_replypolicy_change", args=[policy.pk])
    assert client.get(changelist)["Location"] == address
    assert 'value="4.5"' in client.get(address).content.decode()
    client.post(address, {"hours": "8", "calendar": ""})
    policy.refresh_from_db()
    assert policy.first_response_within == timedelta(hours=8)
    assert client.get(reverse("admin:outreach_replypolicy_add")).status_code == 403
    assert [entry.note for entry in history_of(policy)] == ["8 h, –", "4.5 h, –"]


@pytest.mark.parametrize("hours", ["", "0", "-1", "721", "x", "NaN", "1e9"])
def test_a_promise_that_cannot_be_kept_is_refused(client: Client, hours: str) -> None:
    client.force_login(make_user("root", is_superuser=True))
    address = reverse("admin:outreach_replypolicy_add")
    assert client.post(address, {"hours": hours, "calendar": ""}).status_code == 200
    assert not ReplyPolicy.objects.exists()
