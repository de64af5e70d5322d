"""What providers post comes without a tenant, and finds it by the key in it."""

import pytest
from django.test import Client

from outreach.conversations.models import Conversation, InboundMail
from outreach.conversations.take import take_again
from outreach.ledger.models import Attempt, DeliveryEvent
from outreach.links.reply import reply_address
from outreach.tenancy import tenancy
from outreach.tracking.models import ProviderEvent
from tests.conversations.mails import mail, receive, reply_to
from tests.tenancy.firms import make_person
from tests.tracking.reports import HARD, about, post, sent_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.conversations.urls")]


@pytest.fixture
def attempts() -> dict[str, Attempt]:
    """The same address in both tenants."""
    made = {}
    for tenant in ("north", "south"):
        with tenancy().activate(tenant):
            made[tenant] = sent_attempt(make_person("maria@example.com"), "the-same-id")
    return made


def test_a_report_is_taken_in_by_its_tenant(client: Client, attempts: dict[str, Attempt]) -> None:
    assert post(client, about(attempts["south"], HARD)) == 200
    with tenancy().activate("south"):
        assert ProviderEvent.objects.get().state == ProviderEvent.State.APPLIED
    assert DeliveryEvent._base_manager.get().attempt_id == attempts["south"].pk


def test_a_report_without_a_key_goes_to_who_is_under_way(
    client: Client, attempts: dict[str, Attempt]
) -> None:
    with tenancy().activate("north"):
        assert post(client, {**HARD, "MessageID": "the-same-id"}) == 200
    assert DeliveryEvent._base_manager.get().attempt_id == attempts["north"].pk


def test_a_report_that_is_nobodys_is_kept(client: Client, attempts: dict[str, Attempt]) -> None:
    assert post(client, {**HARD, "MessageID": "the-same-id"}) == 200
    assert ProviderEvent.objects.get().state == ProviderEvent.State.UNMATCHED
    assert not DeliveryEvent._base_manager.exists()


def test_an_answer_is_taken_in_by_its_tenant(client: Client, attempts: dict[str, Attempt]) -> None:
    assert receive(client, reply_to(attempts["south"])) == 200
    with tenancy().activate("south"):
        assert Conversation.objects.get().delivery == attempts["south"].delivery
    assert InboundMail._base_manager.get().tenant == "south"


def test_one_mail_to_both_is_one_in_each(client: Client, attempts: dict[str, Attempt]) -> None:
    addresses = [reply_address("d", attempt.key) for attempt in attempts.values()]
    body = mail(addresses[0], CcFull=[{"Email": addresses[1], "Name": ""}], Cc=addresses[1])
    for _time in range(2):
        assert receive(client, body) == 200
    for tenant, attempt in attempts.items():
        with tenancy().activate(tenant):
            assert InboundMail.objects.get().state == InboundMail.State.TAKEN
            assert Conversation.objects.get().delivery == attempt.delivery
            assert DeliveryEvent.objects.get().kind == DeliveryEvent.Kind.REPLIED


def test_a_mail_that_is_nobodys_waits_for_a_person(
    client: Client, attempts: dict[str, Attempt]
) -> None:
    assert receive(client, mail()) == 200
    kept = InboundMail.objects.get()
    assert (kept.tenant, kept.state) == ("", InboundMail.State.QUARANTINED)
    assert take_again([kept.pk]) == 0
    assert not Conversation._base_manager.exists()


def test_a_mail_to_a_tenants_own_webhook_is_theirs(
    client: Client, attempts: dict[str, Attempt]
) -> None:
    with tenancy().activate("north"):
        assert receive(client, mail()) == 200
    conversation = Conversation._base_manager.get()
    assert (conversation.tenant, conversation.recipient) == (
        "north",
        attempts["north"].delivery.recipient,
    )
