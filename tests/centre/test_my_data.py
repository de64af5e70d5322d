"""B12: the page of one's data, the files, and erasing it oneself."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.ledger.models import Attempt, Run
from outreach.links.paths import path_to
from outreach.preferences.consent import grant
from outreach.preferences.models import Source
from outreach.preferences.pause import pause
from outreach.recipients.held import sections_of
from outreach.recipients.models import Recipient
from tests.builders import make_group, make_recipient, make_topic
from tests.centre.messages import all_rows, data_token, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    """Somebody of whom we hold something in each room."""
    zita, topic = make_recipient("zita@example.com", "Zita Bruno"), make_topic(slug="tastings")
    grant(
        zita,
        [topic],
        channel="email",
        source=Source.FORM,
        by=CUSTOMER,
        wording="Yes & please",
        note="at the fair",
    )
    pause(zita, until=timezone.now() + timedelta(days=3), source="form", by=CUSTOMER)
    make_group(zita, name="VIP")
    attempt = make_message(zita, topic=topic, subject="For {{ given_name | you }}")
    Run.objects.update(started_at=timezone.now())
    return attempt


def test_the_page_tells_all_that_we_hold(client: Client, attempt: Attempt) -> None:
    page = client.get(path_to("my_data", data_token(attempt))).content.decode()
    for words in (
        "Zita Bruno",
        "zita@example.com",
        "Yes &amp; please",
        "at the fair",
        "VIP",
        "For Zita",
        "sign-up form",
    ):
        assert words in page


def test_the_json_is_as_the_document_says(client: Client, attempt: Attempt) -> None:
    answer = client.get(path_to("my_data", data_token(attempt)) + "?as=json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert answer["Cache-Control"] == "no-store"
    content = json.loads(answer.content)
    assert (content["format"], content["version"]) == ("outreach.my-data", 1)
    held = content["held"]
    (person,) = held["person"]
    assert person["name"] == "Zita Bruno"
    assert person["company"] is None
    (choice,) = held["choices"]
    assert (choice["topic"], choice["is_wanted"]) == ("tastings", True)
    assert held["consent"][0]["wording"] == "Yes & please"
    assert held["messages"][0]["subject"] == "For Zita"
    assert datetime.fromisoformat(choice["since"]).tzinfo is not None


def test_the_document_names_every_section_and_column() -> None:
    document = Path(settings.BASE_DIR, "docs", "my-data.md").read_text("utf-8")
    for section in sections_of(make_recipient()):
        assert f"`{section.key}`" in document
        _before, _key, after = document.partition(f"`{section.key}`")
        line = after.partition("\n")[0]
        assert [column.name for column in section.columns if f"`{column.name}`" not in line] == []


def test_the_file_to_read_needs_nothing_from_elsewhere(client: Client, attempt: Attempt) -> None:
    answer = client.get(path_to("my_data", data_token(attempt)) + "?as=html")
    body = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert "Zita Bruno" in body
    assert not any(each in body for each in ("href=", "src=", "<script", "<style"))


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_file(
    client: Client, attempt: Attempt
) -> None:
    zita = attempt.delivery.recipient
    for number in range(30):
        topic = make_topic(slug=f"slug-{number}")
        grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM)
    path = path_to("my_data", data_token(attempt))
    assert "more, in the file" in client.get(path).content.decode()
    held = json.loads(client.get(path + "?as=json").content)["held"]
    assert len(held["choices"]) == len(held["consent"]) == 31


def test_looking_and_taking_along_change_nothing(client: Client, attempt: Attempt) -> None:
    token = data_token(attempt)
    before = all_rows()
    for path in (path_to("my_data", token), path_to("erase", token)):
        for query in ("", "?as=json", "?as=html", "?as=x", "?do=erase", "?do=go-on"):
            assert client.get(path + query).status_code == 200
            assert client.head(path + query).status_code == 200
        assert client.post(path, {"do": "x"}).status_code == 400
        assert client.put(path).status_code == 405
    assert all_rows() == before


def test_erasing_asks_twice_and_says_what_it_means(client: Client, attempt: Attempt) -> None:
    path, before = path_to("erase", data_token(attempt)), all_rows()
    page = client.get(path).content.decode()
    assert "What stays are numbers without words" in page
    assert "Our customer database" in page
    assert "Erase everything now?" in client.post(path, {"do": "go-on"}).content.decode()
    assert {**all_rows(), "outreach_datarequest": []} == {**before, "outreach_datarequest": []}
    assert Recipient.objects.get().erased_at is None

    done = client.post(path, {"do": "erase"})
    assert "Done. Your data is erased." in done.content.decode()
    zita = Recipient.objects.get()
    assert (zita.name, zita.erased_at is not None) == ("", True)
    assert history_of(zita)[0].verb == "person.erased"
    for again in (path, path.replace("/e/", "/d/")):
        assert client.get(again).status_code == 404
        assert client.post(again, {"do": "erase"}).status_code == 404
