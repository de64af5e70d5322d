"""Statement 9: mail scanners open every link, and that must not decide anything."""

import pytest
from django.test import Client

from tests.centre.messages import all_rows, make_message, unsubscribe_path
from tests.centre.public_pages import PAGES, path_of

pytestmark = pytest.mark.django_db

QUERIES = (
    "",
    "?saved=1",
    "?List-Unsubscribe=One-Click",
    "?stop=everything",
    "?do=stop",
    "?do=save&shown=x:email",
    "?do=confirm",
    "?email=maria@example.com",
    "?do=ask",
    "?do=erase",
)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("name", PAGES)
def test_only_a_post_changes_anything(client: Client, name: str, method: str) -> None:
    path = path_of(name)
    before = all_rows()
    for query in QUERIES:
        body = b"List-Unsubscribe=One-Click&do=stop"
        answer = client.generic(method, path + query, body, content_type=FORM)
        assert answer.status_code == (200 if method in {"GET", "HEAD"} else 405)
    assert all_rows() == before


def test_the_comparison_would_notice_a_change(client: Client) -> None:
    attempt = make_message()
    before = all_rows()
    client.post(unsubscribe_path(attempt), {"List-Unsubscribe": "One-Click"})
    assert all_rows() != before
