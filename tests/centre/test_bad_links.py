"""A link that is not ours, not whole, or leads nowhere: one polite page, and no work for us."""

import secrets
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from outreach.links.paths import prefix
from outreach.links.tokens import Scope, make
from tests.builders import make_recipient
from tests.centre.messages import make_message, preferences_path, unsubscribe_path


def forged() -> Iterator[str]:
    """300 of them, in five shapes."""
    for _round in range(60):
        key, signature = uuid4().hex, secrets.token_urlsafe(32)
        yield signature
        yield f"demo.{key}.{signature}"
        yield f"other.{key}.{signature}"
        yield f"demo.{key}.{'A' * 43}/"
        yield f"demo.{key}.{signature}%0A%00%ff"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["p", "u", "w", "m", "d", "e"])
def test_300_forged_links_get_one_answer_and_cost_no_query(
    client: Client, page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tokens = set(forged())
    assert len(tokens) == 300
    with django_assert_num_queries(0):
        answers = {
            (answer.status_code, answer.content)
            for token in tokens
            for answer in (
                client.get(f"{prefix()}{page}/{token}"),
                client.post(f"{prefix()}{page}/{token}", {"do": "stop", "stop": "topic"}),
            )
        }
    assert [status for status, _body in answers] == [404]
    assert "This link is not complete" in answers.pop()[1].decode()


@pytest.mark.django_db
def test_a_link_cut_short_or_with_more_behind_it_gets_the_same_page(client: Client) -> None:
    path = preferences_path(make_message())
    asked = (
        path[:-1],
        path[:-20],
        f"{prefix()}p/",
        f"{path}/",
        f"{path}%3E",
        f"{path}.",
        f"{path}%0A",
    )
    answers = {(answer.status_code, answer.content) for answer in map(client.get, asked)}
    assert [status for status, _body in answers] == [404]


@pytest.mark.django_db
def test_a_link_of_ours_that_leads_nowhere_looks_like_any_bad_one(client: Client) -> None:
    maria = make_recipient("maria@example.com", "Maria Rossi")
    attempt = make_message(maria)
    maria.erased_at = attempt.claimed_at
    maria.save()
    bad = client.get(f"{prefix()}p/nonsense")
    for path in (
        f"{prefix()}p/{make(Scope.PREFERENCES, uuid4().hex)}",
        f"{prefix()}p/{make(Scope.PREFERENCES, 'not-a-key')}",
        f"{prefix()}p/{make(Scope.UNSUBSCRIBE, attempt.key.hex)}",
        f"{prefix()}u/{make(Scope.PREFERENCES, attempt.key.hex)}",
        preferences_path(attempt),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (404, bad.content)


def test_the_page_speaks_the_language_of_the_browser(client: Client) -> None:
    """Nobody can be known from a bad link; and a language we do not have is no error."""
    for asked in ("it-IT,it;q=0.9", "xx", "*", ";;q=", "a" * 9000):
        answer = client.get(f"{prefix()}p/x", headers={"accept-language": asked})
        assert answer.status_code == 404


@pytest.mark.django_db
def test_the_unsubscribe_link_is_no_way_into_the_preferences(client: Client) -> None:
    attempt = make_message()
    token = unsubscribe_path(attempt).rsplit("/", 1)[1]
    assert client.get(f"{prefix()}p/{token}").status_code == 404
    assert preferences_path(attempt) not in client.get(unsubscribe_path(attempt)).content.decode()
