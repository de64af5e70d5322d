"""B12: what a link in a message may not show is asked for, and goes to the address alone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from anymail.exceptions import AnymailAPIError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client, override_settings
from django.utils import timezone
from requests import ConnectTimeout

from outreach.centre import send_links
from outreach.centre.ask_data import MOST_IN_A_WHILE
from outreach.centre.models import DataRequest
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Attempt
from outreach.links.short_lived import make_short_lived
from outreach.links.tokens import Scope, make
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient, RecipientAddress
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report, hand_out
from tests.builders import address_of, make_recipient, make_sender
from tests.centre.messages import all_rows, ask_data_path, make_message
from tests.dispatch.providers import Provider, Raising

pytestmark = pytest.mark.django_db
State = DataRequest.State


@pytest.fixture(autouse=True)
def _provider() -> Iterator[None]:
    path = "tests.dispatch.providers.Provider"
    Provider.sent.clear()
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        yield


def ask(client: Client, attempt: Attempt) -> str:
    answer = client.post(ask_data_path(attempt), {"do": "ask"})
    assert (answer.status_code, answer["Location"]) == (303, "?asked=1")
    return client.get(ask_data_path(attempt) + "?asked=1").content.decode()


def link_in(mail: object) -> str:
    """The path of the link in the mail that went out."""
    assert isinstance(mail, EmailMultiAlternatives)
    (url,) = [line for line in str(mail.body).splitlines() if line.startswith("http")]
    return url.removeprefix(settings.OUTREACH["BASE_URL"])


def sent_link(client: Client, attempt: Attempt) -> str:
    ask(client, attempt)
    assert send_links.sweep() == 1
    return link_in(Provider.sent[-1])


def test_the_link_goes_to_the_address_in_ones_language_signed_by_a_person(client: Client) -> None:
    sender = make_sender("Anna Bianchi")
    zita = make_recipient("zita@example.com", "Zita Bruno", language="it")
    path = sent_link(client, make_message(zita, sender=sender))
    (mail,) = Provider.sent
    assert isinstance(mail, EmailMultiAlternatives)
    assert mail.to == ["zita@example.com"]
    assert "Anna Bianchi" in mail.body
    assert "Anna Bianchi" in mail.from_email
    assert mail.extra_headers["Auto-Submitted"] == "auto-replied"
    (html,) = [str(content) for content, _mimetype in mail.alternatives]
    assert path in html
    assert client.get(path).status_code == 200
    request = DataRequest.objects.get()
    assert (request.state, request.sent_at is not None) == (State.SENT, True)


def test_a_link_of_a_message_does_not_open_the_data(client: Client) -> None:
    attempt = make_message(make_recipient("zita@example.com", "Zita Bruno"))
    data_path = sent_link(client, attempt)
    prefix = data_path[: data_path.index("/d/") + 3]
    for token in (
        make(Scope.PREFERENCES, attempt.key.hex),
        make(Scope.MY_DATA, attempt.key.hex),
        make_short_lived(Scope.PREFERENCES, DataRequest.objects.get().key.hex, at=timezone.now()),
        make_short_lived(Scope.MY_DATA, attempt.key.hex, at=timezone.now()),
        make_short_lived(Scope.MY_DATA, "x", at=timezone.now()),
        "x",
    ):
        answer = client.get(prefix + token)
        assert answer.status_code == 404
        assert b"Bruno" not in answer.content


def test_the_link_ends_after_an_hour_and_says_so_without_asking_the_database(
    client: Client, django_assert_num_queries: object
) -> None:
    path = sent_link(client, make_message(make_recipient(name="Zita Bruno")))
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        with django_assert_num_queries(0):  # type: ignore[operator]
            answer = client.get(path)
        assert answer.status_code == 410
        assert b"This link has ended" in answer.content
        assert b"Bruno" not in answer.content


def test_it_shows_nothing_of_another_person_who_shares_the_address(client: Client) -> None:
    zita = make_recipient("family@example.com", "Zita Bruno")
    make_recipient("family@example.com", "Piotr Nowak")
    page = client.get(sent_link(client, make_message(zita))).content.decode()
    assert "Zita Bruno" in page
    assert "Piotr" not in page


def test_asked_too_often_nothing_is_sent_and_the_answer_is_the_same(client: Client) -> None:
    zita = make_recipient("family@example.com")
    ivan = make_recipient("family@example.com", "Ivan")
    of_zita, of_ivan = make_message(zita), make_message(ivan)
    answers = {ask(client, of_zita) for _ in range(MOST_IN_A_WHILE + 2)}
    assert len(answers) == 1
    ask(client, of_ivan)
    assert DataRequest.objects.count() == send_links.sweep() == MOST_IN_A_WHILE
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        ask(client, of_zita)
        assert send_links.sweep() == 1


@pytest.mark.parametrize("case", ["moved", "bounced"])
def test_what_binds_it(client: Client, case: str) -> None:
    zita = make_recipient("zita@example.com")
    attempt = make_message(zita)
    if case == "moved":
        RecipientAddress.objects.all().delete()
    else:
        suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address_of(zita))
    assert "on its way" in ask(client, attempt)
    assert send_links.sweep() == 0
    assert DataRequest.objects.get().state == State.NOT_SENT


def test_no_opt_out_and_no_break_binds_it(client: Client) -> None:
    zita = make_recipient()
    suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=SYSTEM, recipient=zita)
    suppress(reason=Suppression.Reason.COMPLAINT, by=SYSTEM, address=address_of(zita))
    assert sent_link(client, make_message(zita))


def test_once_the_address_is_somebody_elses_the_link_is_worth_nothing(client: Client) -> None:
    zita = make_recipient("zita@example.com")
    path = sent_link(client, make_message(zita))
    RecipientAddress.objects.all().delete()
    assert client.get(path).status_code == 404


def test_it_is_sent_once_however_often_the_work_runs(client: Client) -> None:
    ask(client, make_message())
    waiting = DataRequest.objects.get()
    assert [send_links.sweep(), send_links.sweep()] == [1, 0]
    assert not send_links._send(waiting, Provider())  # a worker that had read it before
    assert len(Provider.sent) == 1


def test_a_worker_that_died_leaves_it_unknown_and_it_is_not_sent_again(client: Client) -> None:
    ask(client, make_message())
    DataRequest.objects.update(
        state=State.SENDING, claimed_at=timezone.now() - timedelta(minutes=5)
    )
    assert send_links.sweep() == 0
    assert DataRequest.objects.get().state == State.UNKNOWN


def test_a_provider_out_of_reach_is_asked_again_for_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "tests.dispatch.providers.Raising"
    monkeypatch.setattr(Raising, "error", ConnectTimeout(), raising=False)
    ask(client, make_message())
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        assert send_links.sweep() == 0
        assert DataRequest.objects.get().state == State.ASKED
    assert send_links.sweep() == 1
    ask(client, make_message())
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert send_links.sweep() == 0
    assert set(DataRequest.objects.values_list("state", flat=True)) == {State.SENT, State.NOT_SENT}


def test_an_answer_that_tells_nothing_leaves_it_unknown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Raising, "error", AnymailAPIError("?"), raising=False)
    ask(client, make_message())
    path = "tests.dispatch.providers.Raising"
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        send_links.sweep()
    assert DataRequest.objects.get().state == State.UNKNOWN


def test_b2_a_mail_that_comes_back_for_good_stops_the_address(client: Client) -> None:
    zita = make_recipient()
    sent_link(client, make_message(zita))
    report = Report(
        effect=Effect.HARD,
        key=DataRequest.objects.get().key,
        message_id="",
        at=timezone.now(),
        detail="",
    )
    assert hand_out("outreach_data_link", report)
    assert Suppression.objects.get().address == address_of(zita)


@pytest.mark.parametrize("body", [{}, {"do": "x"}, {"do": "ask\x00"}])
def test_what_the_page_does_not_send_is_refused(client: Client, body: dict[str, str]) -> None:
    attempt = make_message()
    before = all_rows()
    assert client.post(ask_data_path(attempt), body).status_code == 400
    assert all_rows() == before


def test_whoever_was_erased_asks_in_vain(client: Client) -> None:
    attempt = make_message()
    Recipient.objects.update(erased_at=timezone.now())
    assert client.post(ask_data_path(attempt), {"do": "ask"}).status_code == 404
