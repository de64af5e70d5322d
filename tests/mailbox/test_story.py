import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from .conftest import TOKEN, Mailbox, Site, first_address, start_mailbox


def test_messages_are_listed_oldest_first_after_a_cursor(mailbox: Mailbox, maria: str) -> None:
    ids = [mailbox.send(maria, subject=f"Number {n}") for n in range(3)]
    listed = mailbox.story("GET", f"messages?to={maria.upper()}").json()
    assert [message["MessageID"] for message in listed] == ids

    by_id = mailbox.story("GET", f"messages?to={maria}&after={ids[0]}").json()
    assert [message["MessageID"] for message in by_id] == ids[1:]
    for instant in (listed[1]["SubmittedAt"], quote(listed[1]["SubmittedAt"])):
        by_time = mailbox.story("GET", f"messages?to={maria}&after={instant}").json()
        assert [message["MessageID"] for message in by_time] == ids[2:]


def test_the_rest_is_delivered_and_made_up_addresses_bounce(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    mailbox.story("POST", "deliver-rest")
    site.requests.clear()
    settled = mailbox.send(f"settled-{maria}")
    mailbox.happens(settled, "soft-bounce")
    waiting = {mailbox.send(maria): "delivered"}
    waiting[mailbox.send(f"bounce.{maria}")] = "hard-bounce"
    waiting[mailbox.send("someone@shop.invalid")] = "hard-bounce"

    done = mailbox.story("POST", "deliver-rest").json()
    assert done == {"delivered": 1, "bounced": 2, "failed": 0, "stopped": ""}
    assert len(site.requests) == 4
    for message in mailbox.story("GET", "messages").json():
        if message["MessageID"] in waiting:
            assert message["Recipients"][0]["Outcome"] == waiting[message["MessageID"]]
    again = mailbox.story("POST", "deliver-rest").json()
    assert again == {"delivered": 0, "bounced": 0, "failed": 0, "stopped": ""}


def test_two_calls_at_once_deliver_each_message_once(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    mailbox.story("POST", "deliver-rest")
    site.requests.clear()
    for number in range(20):
        mailbox.send(f"{number}-{maria}")
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(mailbox.story, "POST", "deliver-rest") for _ in range(2)]
    assert sum(call.result().json()["delivered"] for call in calls) == 20
    assert len({received.body for received in site.requests}) == len(site.requests) == 20


def test_the_rest_waits_where_nobody_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        unheard = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    process = start_mailbox(tmp_path, MAILBOX_TRACKING_URL=unheard)
    try:
        alone = Mailbox(first_address(process))
        for number in range(5):
            alone.send(f"maria{number}@example.it")
        done = alone.story("POST", "deliver-rest").json()
        result = alone.happens(alone.send("eva@example.it"), "reply", text="Yes")
    finally:
        process.kill()
        process.communicate(timeout=10)

    assert (done["delivered"], done["failed"]) == (3, 3)
    assert "Nobody answered" in done["stopped"]
    assert not result["ok"]
    assert "MAILBOX_INBOUND_URL" in result["error"]


def test_a_failure_on_the_other_side_is_counted_and_no_more(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    mailbox.story("POST", "deliver-rest")
    site.status = 500
    mailbox.send(maria)
    done = mailbox.story("POST", "deliver-rest").json()
    assert (done["delivered"], done["failed"], done["stopped"]) == (1, 1, "")


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "messages?after=yesterday", 400),
        ("GET", "messages?after=2026-05-03T10:00:00", 400),
        ("GET", "messages?after=2026-13-45T10:00:00Z", 400),
        ("GET", "messages?after=00000000-0000-4000-8000-000000000000", 404),
        ("POST", "messages", 405),
        ("GET", "deliver-rest", 405),
        ("POST", "messages/not-an-id/delivered", 404),
        ("POST", "messages/00000000-0000-4000-8000-000000000000/delivered", 404),
        ("POST", "elsewhere", 404),
    ],
)
def test_bad_calls_are_refused(mailbox: Mailbox, verb: str, path: str, status: int) -> None:
    response = mailbox.story(verb, path)
    assert response.status_code == status
    assert response.json()["error"]


def test_bad_events_are_refused(mailbox: Mailbox, site: Site, maria: str) -> None:
    path = f"messages/{mailbox.send(maria)}"
    assert mailbox.story("POST", f"{path}/vanish").status_code == 404
    assert mailbox.story("POST", f"{path}/reply", {"text": 3}).status_code == 400
    assert mailbox.story("POST", f"{path}/reply", ["Yes"]).status_code == 400
    assert mailbox.story("POST", f"{path}/delivered", {"recipient": "eva@x"}).status_code == 404
    assert mailbox.story("GET", f"{path}/delivered").status_code == 405
    broken = requests.post(
        f"{mailbox.url}story/{path}/reply",
        data=b"{",
        headers={"X-Mailbox-Story": TOKEN},
        timeout=10,
    )
    assert broken.status_code == 400
    assert site.requests == []


def test_without_the_token_nothing_happens(mailbox: Mailbox, site: Site, maria: str) -> None:
    path = f"{mailbox.url}story/messages/{mailbox.send(maria)}/delivered"
    for headers in ({}, {"X-Mailbox-Story": "another"}):
        assert requests.post(path, headers=headers, timeout=10).status_code == 401
    assert mailbox.page("story/messages").status_code == 401
    assert site.requests == []
