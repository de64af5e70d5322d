"""Statement 9: mail scanners open every link, and that must not decide anything."""

import pytest
from django.test import Client

from tests.builders import make_recipient, make_topic, subscribe
from tests.centre.messages import (
    all_rows,
    ask_data_path,
    erase_path,
    make_message,
    my_data_path,
    preferences_path,
    reasons_path,
    unsubscribe_path,
)

pytestmark = pytest.mark.django_db

QUERIES = (
    "",
    "?saved=1",
    "?List-Unsubscribe=One-Click",
    "?stop=everything",
    "?do=stop",
    "?do=save&shown=x:email",
    "?do=ask",
    "?do=erase",
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_only_a_post_changes_anything(client: Client, method: str) -> None:
    maria, topic = make_recipient(), make_topic()
    subscribe(maria, topic)
    attempt = make_message(maria, topic=topic)
    paths = (
        preferences_path(attempt),
        unsubscribe_path(attempt),
        reasons_path(attempt),
        ask_data_path(attempt),
        my_data_path(attempt),
        erase_path(attempt),
    )
    before = all_rows()
    for path in paths:
        for query in QUERIES:
            answer = client.generic(method, path + query, b"List-Unsubscribe=One-Click&do=stop")
            assert answer.status_code == (200 if method in {"GET", "HEAD"} else 405)
    assert all_rows() == before


def test_the_comparison_would_notice_a_change(client: Client) -> None:
    attempt = make_message()
    before = all_rows()
    client.post(unsubscribe_path(attempt), {"List-Unsubscribe": "One-Click"})
    assert all_rows() != before
