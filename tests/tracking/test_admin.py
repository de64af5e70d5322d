from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outreach.tracking.models import ProviderEvent
from tests.builders import make_recipient, make_user
from tests.tracking.reports import HARD, about, post, sent_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.conversations.urls")]

LIST = "admin:outreach_providerevent_changelist"


@pytest.fixture
def failed(client: Client) -> ProviderEvent:
    post(client, about(sent_attempt(make_recipient("maria@example.com")), HARD))
    ProviderEvent.objects.update(state=ProviderEvent.State.FAILED, error="ValueError: why")
    return ProviderEvent.objects.get()


def retry(client: Client, event: ProviderEvent) -> Any:
    data = {"action": "take_in_again", "_selected_action": [event.pk]}
    return client.post(reverse(LIST), data, follow=True)


def test_what_failed_is_shown_with_its_reason(client: Client, failed: ProviderEvent) -> None:
    client.force_login(make_user("anna", "outreach.view_providerevent"))
    page = client.get(reverse(LIST)).content.decode()
    assert "ValueError: why" in page
    assert "take_in_again" not in page


def test_what_failed_is_taken_in_again(client: Client, failed: ProviderEvent) -> None:
    client.force_login(
        make_user("anna", "outreach.view_providerevent", "outreach.change_providerevent")
    )
    assert "1 of 1 report is taken in" in retry(client, failed).content.decode()
    failed.refresh_from_db()
    assert failed.state == ProviderEvent.State.APPLIED


def test_nobody_edits_what_a_provider_said(client: Client, failed: ProviderEvent) -> None:
    client.force_login(make_user("root", is_superuser=True))
    page = reverse("admin:outreach_providerevent_change", args=[failed.pk])
    assert client.post(page, {"state": "applied"}).status_code == 403
    assert client.get(reverse("admin:outreach_providerevent_add")).status_code == 403
