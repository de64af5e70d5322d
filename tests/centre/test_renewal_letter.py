"""Before a wish is over its person gets one polite letter: once, and only where we may write."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from requests import ConnectTimeout

from outreach.centre import renewal_letter, send_links, send_renewals
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.ledger.models import Delivery
from outreach.links.paths import path_to
from outreach.links.tokens import Scope, make
from outreach.preferences import renewal
from outreach.preferences.consent import withdraw
from outreach.preferences.models import RenewalRequest, Source, Subscription, Suppression, Topic
from outreach.preferences.pause import pause
from outreach.preferences.renewal import mark_asked
from outreach.preferences.suppress import suppress
from outreach.recipients.erase import erase
from outreach.recipients.models import Channel, ContactLink, Recipient, RecipientAddress
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report, hand_out
from tests.builders import (
    address_of,
    make_actor,
    make_recipient,
    make_sender,
    make_topic,
    make_user,
)
from tests.centre.messages import make_message
from tests.centre.renewals import (
    SOON,
    WORDS,
    ask_all,
    html_of,
    letter,
    link_in,
    wish,
    wished_for_a_year,
)
from tests.centre.test_languages import english_in
from tests.dispatch.providers import Provider, Raising

pytestmark = pytest.mark.django_db
Letter = RenewalRequest.Letter


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    Provider.sent.clear()
    path = "tests.dispatch.providers.Provider"
    with (
        override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}),
        time_machine.travel(SOON, tick=False) as traveller,
    ):
        yield traveller


@pytest.fixture
def topic() -> Topic:
    return make_topic("Tastings and visits", valid_for=365)


@pytest.fixture
def maria(topic: Topic) -> Recipient:
    make_sender()
    return wished_for_a_year(topic, email="maria@example.com")


def broken(error: Exception) -> override_settings:
    Raising.error = error
    path = "tests.dispatch.providers.Raising"
    return override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path})


def never_connected() -> AnymailAPIError:
    error = AnymailAPIError("x")
    error.__cause__ = ConnectTimeout()
    return error


def test_it_says_which_wish_since_when_in_which_words_and_until_when(maria: Recipient) -> None:
    assert ask_all() == 1
    sent = letter()
    assert sent.to == ["maria@example.com"]
    assert sent.subject == "Shall we go on writing to you about “Tastings and visits”?"
    for shown in (str(sent.body), html_of(sent)):
        for part in (
            "Maria",
            "Tastings and visits",
            "by e-mail",
            "May 3, 2025",
            WORDS,
            "May 3, 2026",
            "ends by itself",
            "Anna Bianchi",
            "+39 0141 555 0100",
        ):
            assert part in shown, part
    assert "Anna Bianchi" in sent.from_email
    assert sent.reply_to == ['"Anna Bianchi" <anna@example.com>']
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_its_one_link_opens_the_page_where_it_is_answered(maria: Recipient, client: Client) -> None:
    ask_all()
    path = link_in(letter())
    assert path.endswith("#renewal")
    assert html_of(letter()).count("href=") == 3, "the page, the telephone, and an answer"
    page = client.get(path).content.decode()
    assert 'id="renewal"' in page
    assert 'value="keep"' in page
    assert 'value="let-end"' in page
    assert "On <time" in page, "why we wrote"


@pytest.mark.parametrize("language", ["it", "es", "ru"])
def test_it_is_in_the_persons_language(language: str) -> None:
    make_sender(role="Cantina")
    topic = make_topic("Barbera", valid_for=365)
    wished_for_a_year(topic, "Nizza, La Morra", language=language)
    assert ask_all() == 1
    sent = letter()
    assert english_in(f"{sent.subject}\n{sent.body}") | english_in(html_of(sent)) == set()


def test_nobody_is_asked_twice(maria: Recipient, clock: time_machine.Traveller) -> None:
    assert [ask_all(), ask_all()] == [1, 0]
    clock.shift(timedelta(days=20))
    assert ask_all() == 0
    assert [each.verb for each in history_of(maria)].count("consent.renewal_asked") == 1
    row = RenewalRequest.objects.get()
    assert (row.letter, row.asked_by, row.address) == (
        Letter.SENT, "Anna Bianchi", address_of(maria),
    )  # fmt: skip


def test_whom_staff_have_asked_gets_no_letter(maria: Recipient) -> None:
    renewal.sweep()
    assert mark_asked(RenewalRequest.objects.get(), by=make_actor())
    assert ask_all() == 0


def _let_two_pass(person: Recipient, topic: Topic) -> None:
    """Two messages, the last of which asked whether to go on, and no sign of life since."""
    Topic.objects.update(silent_after=2)
    for _message in range(2):
        make_message(person, topic=topic)
    Delivery.objects.update(asks_to_go_on=True, delivered_at=SOON - timedelta(days=31))
    Recipient.objects.filter(pk=person.pk).update(last_sign_at=None)


@pytest.mark.parametrize(
    "case",
    ["stopped", "bounced", "resting", "refused", "erased", "flagged", "moved", "silent", "told"],
)
def test_nobody_is_asked_whom_we_may_not_write_to(
    maria: Recipient, topic: Topic, case: str
) -> None:
    address = address_of(maria)
    match case:
        case "stopped":
            suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=maria)
        case "bounced":
            suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address)
        case "resting":
            until = SOON + timedelta(days=9)
            pause(maria, until=until, source=Source.PHONE, by=SYSTEM)
        case "refused":
            withdraw(maria, [topic], channel="email", source=Source.PHONE, by=SYSTEM)
        case "erased":
            erase(maria, by=CUSTOMER)
        case "flagged":
            ContactLink.objects.create(
                recipient=maria, source="crm.contact", contact_key="1", is_opted_out=True
            )
        case "moved":
            RecipientAddress.objects.all().delete()
        case "silent":
            _let_two_pass(maria, topic)
        case "told":
            other = make_recipient("maria@example.com", "Olga")
            withdraw(
                other, [topic], channel="email", source=Source.PHONE, by=SYSTEM, address=address
            )
    assert ask_all() == 0
    assert Provider.sent == []
    assert not RenewalRequest.objects.filter(asked_at__isnull=False).exists()


def test_c7_the_weekly_limit_is_for_campaigns_and_does_not_bind_it(
    maria: Recipient, topic: Topic
) -> None:
    attempt = make_message(maria, topic=topic)
    Delivery.objects.filter(pk=attempt.delivery_id).update(cap_on=timezone.localdate())
    assert ask_all() == 1


def test_c3_a_wish_for_another_way_than_e_mail_is_for_staff_to_ask_about() -> None:
    make_sender()
    with time_machine.travel(SOON - timedelta(days=335), tick=False):
        wish(make_recipient(), make_topic(valid_for=365), channel=Channel.POST)
    assert ask_all() == 0


def test_a_topic_that_is_offered_no_more_is_left_to_end(maria: Recipient) -> None:
    Topic.objects.update(is_active=False)
    assert ask_all() == 0


def test_who_may_not_be_written_to_keeps_nobody_else_waiting(
    topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sender()
    monkeypatch.setattr(send_renewals, "BATCH", 2)
    people = [wished_for_a_year(topic) for _number in range(5)]
    for person in people[:4]:
        ContactLink.objects.create(
            recipient=person, source="crm.contact", contact_key=str(person.pk), is_opted_out=True
        )
    assert ask_all() == 1
    assert letter().to == [address_of(people[4]).value]


def test_b6_who_signed_the_last_message_signs_and_nobody_without_a_name(
    topic: Topic, clock: time_machine.Traveller
) -> None:
    maria = wished_for_a_year(topic)
    assert ask_all() == 0, "nobody may sign"
    make_sender("Anna Bianchi")
    piotr = make_sender("Piotr Nowak")
    make_message(maria, topic=topic, sender=piotr)
    assert ask_all() == 1
    assert RenewalRequest.objects.get().sender == piotr
    assert "Piotr Nowak" in letter().from_email


def test_what_could_not_leave_is_sent_later_and_once(
    maria: Recipient, clock: time_machine.Traveller
) -> None:
    with broken(never_connected()):
        assert ask_all() == 0
    row = RenewalRequest.objects.get()
    assert (row.letter, row.asked_at, row.address, row.sender) == (Letter.NONE, None, None, None)
    assert history_of(maria)[0].verb == "consent.renewal_not_asked"
    assert ask_all() == 0, "not again at once"
    clock.shift(timedelta(hours=1))
    assert [ask_all(), ask_all()] == [1, 0]


def test_a_letter_whose_fate_is_not_known_is_never_sent_again(
    maria: Recipient, clock: time_machine.Traveller
) -> None:
    with broken(TimeoutError()):
        assert ask_all() == 0
    assert RenewalRequest.objects.get().letter == Letter.UNKNOWN
    clock.shift(timedelta(days=1))
    assert ask_all() == 0
    assert Provider.sent == []


def test_a_letter_that_was_refused_is_not_sent_again(
    maria: Recipient, clock: time_machine.Traveller
) -> None:
    with broken(AnymailRecipientsRefused()):
        assert ask_all() == 0
    assert RenewalRequest.objects.get().letter == Letter.NOT_SENT
    clock.shift(timedelta(days=1))
    assert ask_all() == 0


class Killed(BaseException):
    """As SIGKILL: nothing catches it."""


def test_rather_never_than_twice_a_worker_that_ends_after_the_claim(
    maria: Recipient, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(send_renewals, "send", killed)
        with pytest.raises(Killed):
            ask_all()
    assert RenewalRequest.objects.get().letter == Letter.SENDING
    assert ask_all() == 0
    clock.shift(timedelta(minutes=2))
    assert ask_all() == 0
    assert RenewalRequest.objects.get().letter == Letter.UNKNOWN


def test_a_letter_that_cannot_be_made_is_due_again(
    maria: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: object) -> None:
        raise ValueError("template")

    monkeypatch.setattr(send_renewals, "build", failing)
    assert ask_all() == 0
    assert RenewalRequest.objects.get().asked_at is None


@pytest.mark.parametrize(
    ("effect", "letter_state", "reason"),
    [
        (Effect.HARD, Letter.CAME_BACK, Suppression.Reason.HARD_BOUNCE),
        (Effect.COMPLAINT, Letter.OBJECTED, Suppression.Reason.COMPLAINT),
    ],
)
def test_b2_what_a_provider_reports_stops_us_once(
    maria: Recipient, effect: Effect, letter_state: str, reason: str
) -> None:
    ask_all()
    row = RenewalRequest.objects.get()
    report = Report(effect=effect, key=row.key, message_id="", at=timezone.now(), detail="x")
    assert hand_out(renewal_letter.METADATA_NAME, report)
    assert hand_out(renewal_letter.METADATA_NAME, report)
    row.refresh_from_db()
    assert row.letter == letter_state
    assert Suppression.objects.get().reason == reason


def test_who_unsubscribes_at_the_provider_wants_no_more_of_it(maria: Recipient) -> None:
    ask_all()
    row = RenewalRequest.objects.get()
    hand_out(
        renewal_letter.METADATA_NAME,
        Report(effect=Effect.UNSUBSCRIBED, key=row.key, message_id="", at=SOON, detail=""),
    )
    assert not Subscription.objects.get().is_granted


def test_one_click_of_the_mail_program_ends_the_wish(maria: Recipient, client: Client) -> None:
    ask_all()
    header = letter().extra_headers["List-Unsubscribe"].strip("<>")
    path = header.removeprefix(settings.OUTREACH["BASE_URL"])
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.get().is_granted


def test_b12_its_link_leads_to_ones_data_by_a_fresh_link_alone(
    maria: Recipient, client: Client
) -> None:
    ask_all()
    token = make(Scope.PREFERENCES, RenewalRequest.objects.get().key.hex)
    assert client.post(path_to("ask_data", token), {"do": "ask"}).status_code == 303
    assert client.get(path_to("reasons", token)).status_code == 200
    assert send_links.sweep() == 1
    mail = Provider.sent[-1]
    assert (mail.to, mail.reply_to) == (
        ["maria@example.com"], ['"Anna Bianchi" <anna@example.com>'],
    )  # fmt: skip


def test_b12_the_letter_of_whoever_is_erased_opens_nothing(
    maria: Recipient, client: Client
) -> None:
    ask_all()
    path = link_in(letter())
    erase(maria, by=CUSTOMER)
    assert client.get(path).status_code == 404


def test_staff_see_who_was_asked_when_and_what_became_of_it(
    maria: Recipient, client: Client
) -> None:
    ask_all()
    client.force_login(make_user("anna", is_superuser=True))
    address = reverse("admin:outreach_renewalrequest_changelist")
    page = client.get(address, {"state": "asked"}).content.decode()
    for part in ("Maria Rossi", "Anna Bianchi", "sent", "April 3, 2026"):
        assert part in page, part
