"""What one provider can do and another cannot must not use anybody up."""

from collections.abc import Sequence
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailCancelSend
from anymail.signals import pre_send
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import override_settings

from outreach.dispatch.claim import claim
from outreach.dispatch.send import send_run, sweep
from outreach.ledger.models import Attempt, Delivery, Run
from tests.builders import make_recipient, start_campaign
from tests.dispatch.providers import Provider, Raising
from tests.dispatch.test_send import api_error

pytestmark = pytest.mark.django_db


def through(mailer: Any) -> override_settings:
    return override_settings(OUTREACH={**settings.OUTREACH, "MAILER": mailer})


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("brevo", {"api_key": "x"}),
        ("resend", {"api_key": "x"}),
        ("mailtrap", {"api_token": "x"}),
        ("postal", {"api_key": "x", "api_url": "http://127.0.0.1:9/"}),
        ("postmark", {"server_token": "x"}),
        ("mailgun", {"api_key": "x", "sender_domain": "example.com"}),
    ],
)
def test_every_backend_of_anymail_comes_as_far_as_the_network(
    name: str, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def no_network(session: requests.Session, method: str, url: str, **kwargs: Any) -> None:
        asked.append(url)
        raise requests.exceptions.ConnectTimeout

    monkeypatch.setattr(requests.Session, "request", no_network)
    mailer = {"BACKEND": f"anymail.backends.{name}.EmailBackend", "OPTIONS": options}
    with through(mailer):
        send_run(start_campaign(make_recipient()))
    assert len(asked) == 1
    assert Delivery.objects.get().state == "planned"


class Dropping(Provider):
    """Takes nothing, as Anymail where a receiver of the host cancels the sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return 0


def test_a_message_that_the_backend_dropped_is_not_recorded_as_sent() -> None:
    with through("tests.dispatch.test_providers_differ.Dropping"):
        assert send_run(start_campaign(make_recipient())) == 0
    assert Delivery.objects.get().state == "refused"


def test_a_message_that_the_host_cancels_is_not_recorded_as_sent() -> None:
    def cancel(**kwargs: object) -> None:
        raise AnymailCancelSend

    pre_send.connect(cancel)
    try:
        with through("anymail.backends.test.EmailBackend"):
            assert send_run(start_campaign(make_recipient())) == 0
    finally:
        pre_send.disconnect(cancel)
    assert Delivery.objects.get().state == "refused"


@pytest.mark.parametrize("status", [503, 422])
def test_c2_an_outage_holds_the_run_before_it_uses_up_everybody(status: int) -> None:
    run = start_campaign(*[make_recipient() for _ in range(20)])
    Raising.error = api_error(status)
    with through("tests.dispatch.providers.Raising"):
        assert send_run(run) == 0
    run.refresh_from_db()
    assert run.state == Run.State.PAUSED
    assert Attempt.objects.filter(outcome__in=["unknown", "refused"]).count() == 3
    assert Delivery.objects.filter(run=run, state="planned").count() == 17


def test_a_run_that_fails_does_not_keep_the_others_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = start_campaign(make_recipient()), start_campaign(make_recipient())

    def fail(run: Run) -> object:
        if run.pk == broken.pk:
            raise RuntimeError("maria@example.com")
        return claim(run)

    monkeypatch.setattr("outreach.dispatch.send.claim", fail)
    assert sweep() == 1
    sound.refresh_from_db()
    assert sound.state == Run.State.DONE
    assert "RuntimeError" in caplog.text
    assert "maria" not in caplog.text
