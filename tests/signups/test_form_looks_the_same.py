"""B7: from outside nobody learns whether we know an address, or what was said there before."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.centre.sign_up_form import stamp as stamp_now
from outreach.history.actor import SYSTEM
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from outreach.signups import mails
from outreach.signups.models import Knock, SignUp, SignUpForm
from tests.builders import address_of, make_recipient, make_topic, subscribe
from tests.signups.making import (
    MARIA,
    fill_in,
    form_path,
    go_through,
    make_form,
    offer,
    read_long_enough,
)

pytestmark = pytest.mark.django_db

Standing = Callable[[SignUpForm, Client], None]


def unknown(form: SignUpForm, client: Client) -> None:
    """Nothing was ever heard of it."""


def known(form: SignUpForm, client: Client) -> None:
    make_recipient(MARIA)


def subscribed(form: SignUpForm, client: Client) -> None:
    subscribe(make_recipient(MARIA), *form.topics.all())


def suppressed(reason: str) -> Standing:
    def stop(form: SignUpForm, client: Client) -> None:
        maria = make_recipient(MARIA)
        suppress(reason=reason, by=SYSTEM, recipient=maria, address=address_of(maria))

    return stop


def erased(form: SignUpForm, client: Client) -> None:
    suppressed("erased")(form, client)
    Recipient.objects.update(erased_at=timezone.now(), name="")


def shared(form: SignUpForm, client: Client) -> None:
    make_recipient(MARIA)
    make_recipient(MARIA, "Piero Bruno")


def asked_before(form: SignUpForm, client: Client) -> None:
    fill_in(client, form)


def asked_too_often(form: SignUpForm, client: Client) -> None:
    for _time in range(5):
        fill_in(client, form)


def confirmed(form: SignUpForm, client: Client) -> None:
    go_through(client, form)


STANDINGS: dict[str, Standing] = {
    "unknown": unknown,
    "known": known,
    "subscribed": subscribed,
    "erased": erased,
    "shared": shared,
    "asked before": asked_before,
    "asked too often": asked_too_often,
    "confirmed": confirmed,
    **{
        reason: suppressed(reason)
        for reason in ("hard_bounce", "complaint", "unsubscribed", "manual")
    },
}


def answer_to(form: SignUpForm, client: Client) -> tuple[Any, ...]:
    """All that can be seen of an answer; and its queries, by which its time could be told."""
    with CaptureQueriesContext(connection) as captured:
        answer = fill_in(client, form)
    asked = [_shape(query["sql"].split(" WHERE ")[0].split(" VALUES ")[0]) for query in captured]
    return answer.status_code, dict(answer.headers), answer.content, asked


@pytest.mark.parametrize("which", STANDINGS)
def test_b7_the_answer_is_the_same_whatever_we_know(client: Client, which: str) -> None:
    topic = make_topic()
    form = make_form(topic)
    fill_in(client, form, "somebody@example.com")  # what is cached is cached
    expected = answer_to(form, client)
    SignUp.topics.through._default_manager.all().delete()
    SignUp.objects.all().delete()
    Knock.objects.all().delete()
    STANDINGS[which](form, client)
    assert answer_to(form, client) == expected


def _shape(sql: str) -> str:
    return re.sub(r"\bs\d+_x\d+\b", "a savepoint", sql)


def test_the_comparison_would_notice_a_difference(client: Client) -> None:
    form = make_form()
    assert answer_to(form, client)[2] != fill_in(client, form, "x").content


@pytest.mark.parametrize(
    ("which", "messages"),
    [
        ("unknown", 1),
        ("known", 1),
        ("subscribed", 1),
        ("erased", 1),
        ("hard_bounce", 1),
        ("unsubscribed", 1),
        ("complaint", 0),
        ("manual", 0),
        ("asked before", 1),
        ("asked too often", 1),
    ],
)
def test_who_gets_a_message(
    client: Client, outbox: list[EmailMultiAlternatives], which: str, messages: int
) -> None:
    """Who marked us as spam, or whom staff stopped, is not even asked; the row says why."""
    form = make_form()
    STANDINGS[which](form, client)
    fill_in(client, form)
    mails.sweep()
    assert len(outbox) == messages
    ignored = SignUp.objects.filter(state=SignUp.State.IGNORED)
    assert all(row.detail for row in ignored)


def test_c3_an_address_a_day_has_its_limit(
    client: Client, outbox: list[EmailMultiAlternatives]
) -> None:
    """Nobody fills somebody's mailbox by our forms."""
    for _time in range(6):
        fill_in(client, make_form())
    mails.sweep()
    assert len(outbox) == 3


def test_a_network_has_its_limit_and_is_told_so(client: Client) -> None:
    form = make_form()
    for number in range(30):
        fill_in(client, form, f"p{number}@example.com", REMOTE_ADDR="8.8.8.8")
    client = Client(REMOTE_ADDR="8.8.8.77")
    for number in range(30):
        assert fill_in(client, form, f"q{number}@example.com").status_code == 200
    answer = fill_in(client, form, "r@example.com", given_name="Rosa")
    assert answer.status_code == 429
    assert "Please try again in an hour." in answer.content.decode()
    assert 'value="Rosa"' in answer.content.decode()
    assert fill_in(Client(REMOTE_ADDR="9.9.9.9"), form, "s@example.com").status_code == 200
    assert not any("8.8.8" in knock.bucket for knock in Knock.objects.all())


def test_a_proxy_of_ours_is_no_network(client: Client) -> None:
    form = make_form()
    for number in range(32):
        assert fill_in(client, form, f"p{number}@example.com").status_code == 200


def test_a_form_has_its_limit(client: Client, settings: Any) -> None:
    settings.OUTREACH = {**settings.OUTREACH, "SIGN_UPS_PER_FORM": 2}
    form = make_form()
    statuses = [fill_in(client, form, f"p{n}@example.com").status_code for n in range(3)]
    assert statuses == [200, 200, 429]


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(client: Client) -> None:
    form = make_form()
    answer = fill_in(client, form, website="https://spam.example")
    assert answer.content == fill_in(client, form).content
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize("stamp", ["", "nonsense", "fresh", "of another form", "future"])
def test_whoever_is_too_quick_is_asked_to_press_once_more_and_loses_nothing(
    client: Client, stamp: str
) -> None:
    form = make_form()
    given = {
        "fresh": stamp_now(offer(form)),
        "of another form": read_long_enough(make_form()),
    }.get(stamp, stamp)
    answer = fill_in(client, form, t=given, given_name="Maria", family_name="Rossi")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Then please press the button once more." in page
    assert all(f'value="{each}"' in page for each in (MARIA, "Maria", "Rossi"))
    assert not SignUp.objects.exists()


def test_inline_errors_are_kind_and_nothing_is_lost(client: Client) -> None:
    tastings, vintages = make_topic("Tastings"), make_topic("Vintages")
    form = make_form(tastings, vintages)
    answer = fill_in(client, form, "maria@", topic=[], given_name="Maria", family_name="x" * 200)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "Some things are still missing below.",
        "It looks like name@example.com.",
        "Choose at least one.",
        "Please shorten it.",
        'value="maria@"',
        'value="Maria"',
        "x" * 200,
        'aria-describedby="email-error"',
    ):
        assert said in page
    answer = fill_in(client, form, "maria@", topic=[vintages.slug])
    assert f'value="{vintages.slug}" checked' in answer.content.decode()
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("slug", ["nothing", "", "x/y", "é", "a" * 61, "%00", "'--"])
def test_where_no_form_is_one_page_says_so(client: Client, slug: str) -> None:
    closed = make_form(is_active=False)
    answer = client.get(form_path(closed))
    assert answer.status_code == 404
    other = client.get(form_path(closed).replace(closed.slug, slug))
    assert (other.status_code, other.content) == (404, answer.content)


def test_a_topic_that_is_not_offered_is_not_asked_for(client: Client) -> None:
    offered, other = make_topic(), make_topic()
    routine, old = make_topic(purpose="routine"), make_topic(is_active=False)
    form = make_form(offered, make_topic(), routine, old)
    fill_in(client, form, topic=[offered.slug, other.slug, routine.slug, old.slug])
    assert set(SignUp.objects.get().topics.all()) == {offered}
