from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import requests
import time_machine
from anymail.exceptions import AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import override_settings
from django.utils import timezone

from outreach.campaigns.models import Campaign
from outreach.dispatch import hold
from outreach.dispatch.claim import claim
from outreach.dispatch.hand_over import hand_over, sweep_leases
from outreach.dispatch.mailer import mailer
from outreach.dispatch.send import send_run
from outreach.dispatch.start import start
from outreach.exceptions import Refused
from outreach.history.actor import CUSTOMER, SYSTEM, Actor
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.ledger.settle import note
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Source, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address, Recipient, RecipientAddress
from outreach.workplace.doctor import examine
from tests.builders import (
    address_of,
    approve_campaign,
    make_address,
    make_campaign,
    make_group,
    make_recipient,
    start_campaign,
    subscribe,
)
from tests.dispatch.providers import Provider, Raising

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_violated() -> Iterator[None]:
    yield
    assert [finding.statement for finding in examine() if finding.violations] == []


def states(run: Run) -> list[str]:
    return list(Delivery.objects.filter(run=run).order_by("pk").values_list("state", flat=True))


def only_message() -> EmailMessage:
    (message,) = Provider.sent
    return message


def raising(error: Exception) -> override_settings:
    Raising.error = error
    path = "tests.dispatch.providers.Raising"
    return override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path})


def test_a1_each_person_gets_one_private_message() -> None:
    maria = make_recipient("maria@example.com", "Maria Rossi")
    piero = make_recipient("piero@example.com", "Piero Verdi")
    run = start_campaign(maria, piero)
    assert send_run(run) == 2
    assert [message.to for message in Provider.sent] == [
        ["maria@example.com"],
        ["piero@example.com"],
    ]
    assert "Dear Maria" in Provider.sent[0].body
    assert "Piero" not in Provider.sent[0].body
    assert states(run) == ["sent", "sent"]
    run.refresh_from_db()
    assert (run.state, run.campaign.state) == ("done", "sent")


def test_rfc_8058_and_2919_headers_are_there() -> None:
    run = start_campaign(make_recipient())
    send_run(run)
    headers = only_message().extra_headers
    key = Attempt.objects.get().key
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith(f"<{settings.OUTREACH['BASE_URL']}/")
    assert headers["List-Id"].endswith(f".{settings.OUTREACH['LIST_DOMAIN']}>")
    assert only_message().metadata == {"outreach_attempt": key.hex}  # type: ignore[attr-defined]
    assert key.hex in only_message().reply_to[0]


def test_b6_the_message_is_from_a_person_with_a_phone_number() -> None:
    send_run(start_campaign(make_recipient()))
    assert only_message().from_email.startswith('"Anna Bianchi" <')
    assert "+39 0141 555 0100" in only_message().body


def test_statement_5_without_an_approval_nothing_begins() -> None:
    campaign = make_campaign(make_group(make_recipient()))
    with pytest.raises(Refused):
        start(campaign, by=SYSTEM)


def test_statement_5_an_edit_behind_our_back_holds_the_run() -> None:
    run = start_campaign(make_recipient())
    run.campaign.variants.update(body="Something else, {{ given_name | friend }}")
    assert send_run(run) == 0
    run.refresh_from_db()
    assert run.state == Run.State.PAUSED
    assert Provider.sent == []
    run.campaign.variants.update(
        body="Dear {{ given_name | friend }},\n\ncome and taste the new Barbera with us."
    )


def drop_topic(run: Run, person: Recipient) -> None:
    withdraw(
        person, [run.campaign.topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER
    )


def complain(run: Run, person: Recipient) -> None:
    suppress(reason=Suppression.Reason.COMPLAINT, by=SYSTEM, recipient=person)


def bounce(run: Run, person: Recipient) -> None:
    suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address_of(person))


def lose_the_address(run: Run, person: Recipient) -> None:
    RecipientAddress.objects.filter(recipient=person).delete()


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (drop_topic, "opted_out"),
        (complain, "suppressed"),
        (bounce, "suppressed"),
        (lose_the_address, "no_address"),
    ],
)
def test_b1_every_rule_is_asked_again_at_the_last_moment(
    happens: Callable[[Run, Recipient], None], reason: str
) -> None:
    maria, piero = make_recipient(), make_recipient()
    run = start_campaign(maria, piero)
    happens(run, maria)
    assert send_run(run) == 1
    row = Delivery.objects.get(run=run, recipient=maria)
    assert (row.state, row.reason, row.cap_on) == ("excluded", reason, None)
    assert row.events.get().kind == DeliveryEvent.Kind.EXCLUDED


def test_a_corrected_address_is_followed() -> None:
    maria = make_recipient("old@example.com")
    run = start_campaign(maria)
    RecipientAddress.objects.filter(recipient=maria).update(address=make_address("new@example.com"))
    send_run(run)
    assert only_message().to == ["new@example.com"]
    assert Delivery.objects.get(run=run).address == Address.objects.get(value="new@example.com")


def test_a_corrected_address_that_got_the_message_already_gets_no_second() -> None:
    maria, piero = make_recipient("maria@example.com"), make_recipient("piero@example.com")
    run = start_campaign(maria, piero)
    RecipientAddress.objects.filter(recipient=piero).update(address=address_of(maria))
    assert send_run(run) == 1
    assert Delivery.objects.get(run=run, recipient=piero).reason == "shared_address"


def test_what_is_claimed_is_not_claimed_again() -> None:
    run = start_campaign(make_recipient())
    assert len(claim(run).attempts) == 1
    assert claim(run).is_empty


def test_a_claim_holds_at_most_a_sub_batch() -> None:
    run = start_campaign(*[make_recipient() for _ in range(5)])
    with override_settings(OUTREACH={**settings.OUTREACH, "CLAIM_SIZE": 2}):
        assert len(claim(run).attempts) == 2


def test_what_cannot_be_begun_in_time_is_given_back() -> None:
    run = start_campaign(make_recipient(), make_recipient())
    taken = claim(run)
    with time_machine.travel(taken.until, tick=False), mailer() as connection:
        assert hand_over(taken, run, connection) == 0
    assert states(run) == ["planned", "planned"]
    assert send_run(run) == 2
    assert list(Attempt.objects.values_list("outcome", flat=True)) == [
        "released", "accepted", "released", "accepted",
    ]  # fmt: skip


def test_statement_3_a_worker_that_died_before_the_hand_over_costs_nothing() -> None:
    run = start_campaign(make_recipient())
    claim(run)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert sweep_leases() == 1
    assert send_run(run) == 1


def test_statement_3_a_worker_that_died_in_the_hand_over_leaves_it_unknown() -> None:
    run = start_campaign(make_recipient())
    (attempt,) = claim(run).attempts
    Attempt.objects.filter(pk=attempt.pk).update(handed_over_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        sweep_leases()
        assert send_run(run) == 0
    assert states(run) == ["unknown"]
    note(attempt, DeliveryEvent.Kind.DELIVERED, at=timezone.now())
    assert states(run) == ["delivered"]


def test_a_lease_that_still_runs_is_left_alone() -> None:
    run = start_campaign(make_recipient())
    claim(run)
    assert sweep_leases() == 0
    assert states(run) == ["claimed"]


def api_error(status: int) -> AnymailRequestsAPIError:
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError("no", response=response)


@pytest.mark.parametrize(
    ("error", "state", "run_state"),
    [
        (api_error(422), "refused", "done"),
        (api_error(401), "planned", "paused"),
        (api_error(429), "planned", "paused"),
        (api_error(500), "unknown", "done"),
        (requests.exceptions.ReadTimeout(), "unknown", "done"),
        (requests.exceptions.ConnectTimeout(), "planned", "paused"),
        (ConnectionRefusedError(), "planned", "paused"),
        (RuntimeError("a fault in a backend"), "unknown", "done"),
    ],
)
def test_every_failure_of_a_provider_has_its_end(
    error: Exception, state: str, run_state: str
) -> None:
    run = start_campaign(make_recipient())
    with raising(error):
        assert send_run(run) == 0
    run.refresh_from_db()
    assert (states(run), run.state) == ([state], run_state)


def test_a_held_run_goes_on_and_a_stopped_one_never() -> None:
    run = start_campaign(make_recipient())
    hold.hold(run, "a colleague asked to wait")
    assert send_run(run) == 0
    assert hold.go_on(run, by=SYSTEM)
    hold.stop(run, by=SYSTEM, why="wrong date")
    assert send_run(run) == 0
    assert states(run) == ["withdrawn"]
    assert Campaign.objects.get().state == "stopped"


def test_b2_a_soft_bounce_is_tried_again_later_and_not_for_ever() -> None:
    maria = make_recipient()
    run = start_campaign(maria)
    at = timezone.now()
    for number in range(1, settings.OUTREACH.get("SOFT_BOUNCE_RETRIES", 2) + 2):
        with time_machine.travel(at, tick=False):
            assert send_run(run) == 1
            attempt = Attempt.objects.get(number=number)
            note(attempt, DeliveryEvent.Kind.SOFT_BOUNCED, at=at)
            assert send_run(run) == 0
        at += timedelta(days=1, hours=number * 24)
    assert states(run) == ["bounced"]


def test_start_is_said_once() -> None:
    campaign = make_campaign(make_group(maria := make_recipient()))
    subscribe(maria, campaign.topic)
    approve_campaign(campaign)
    start(campaign, by=Actor.of(campaign.author))
    with pytest.raises(Refused):
        approve_campaign(campaign)
