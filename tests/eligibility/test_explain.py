"""B1: from a shell, may we write to whoever is at an address, and if not, every reason why."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from outreach.history.actor import CUSTOMER
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Channel, RecipientAddress
from outreach.tenancy import tenancy
from tests.builders import address_of, make_address, make_recipient, make_topic, subscribe
from tests.tenancy.firms import SETTINGS, make_person

pytestmark = pytest.mark.django_db
Line = dict[str, Any]


def explained(*addresses: str, channel: str = "email", **options: str) -> list[Line]:
    out = io.StringIO()
    options = {"topic": "tastings", **options}
    call_command("outreach_explain", *addresses, channel=channel, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def codes(line: Line) -> list[str]:
    return [reason["code"] for reason in line["reasons"]]


def test_who_asked_may_be_written_to_however_the_address_is_typed() -> None:
    maria = make_recipient("maria@example.com")
    subscribe(maria, make_topic(slug="tastings"))
    first, second = explained(" Maria@Example.com ", "maria@example.com")
    assert first == {
        "address": " Maria@Example.com ",
        "found": True,
        "may": True,
        "reasons": [],
        "person": maria.pk,
        "here": True,
    }
    assert second["person"] == maria.pk


def test_every_reason_stands_there_with_its_sentence_and_its_mend() -> None:
    maria = make_recipient("maria@example.com")
    make_topic(slug="tastings")
    suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=maria)
    (line,) = explained("maria@example.com")
    assert (line["found"], line["may"]) == (True, False)
    assert codes(line) == ["stopped", "no_consent"]
    assert all(reason["sentence"] and reason["mend"] for reason in line["reasons"])


def test_people_who_share_an_address_have_a_line_each() -> None:
    topic, maria = make_topic(slug="tastings"), make_recipient("rossi@example.com")
    carlo = make_recipient(email=None)
    RecipientAddress.objects.create(
        recipient=carlo, address=address_of(maria), channel=Channel.EMAIL
    )
    subscribe(maria, topic)
    lines = explained("rossi@example.com")
    assert [(line["person"], line["may"]) for line in lines] == [
        (maria.pk, True),
        (carlo.pk, False),
    ]


def test_where_a_person_is_written_to_elsewhere_the_line_says_so() -> None:
    subscribe(maria := make_recipient("maria@example.com"), make_topic(slug="tastings"))
    RecipientAddress.objects.create(
        recipient=maria, address=make_address("old@example.com"), channel="email", position=1
    )
    (line,) = explained("old@example.com")
    assert (line["may"], line["here"]) == (True, False)
    (line,) = explained("maria@example.com", channel="sms")
    assert (line["may"], line["here"]) == (False, False)


@pytest.mark.parametrize("address", ["nobody@example.com", "no address", "", "a" * 5000, "\0"])
def test_an_address_of_nobodys_says_so(address: str) -> None:
    make_topic(slug="tastings")
    (line,) = explained(address)
    assert (line["address"], line["found"], line["may"]) == (address, False, False)
    assert codes(line) == ["unknown"]


def test_addresses_come_from_standard_input_too(monkeypatch: pytest.MonkeyPatch) -> None:
    make_topic(slug="tastings")
    monkeypatch.setattr("sys.stdin", io.StringIO("one@example.com\n\n  two@example.com \n"))
    lines = explained("zero@example.com", "-")
    assert [line["address"].partition("@")[0] for line in lines] == ["zero", "one", "two"]


def test_many_addresses_take_no_more_queries_than_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.eligibility.explain.BATCH", 20)
    make_topic(slug="tastings")
    addresses = [f"p{number}@example.com" for number in range(20)]
    for address in addresses:
        make_recipient(address)
    with CaptureQueriesContext(connection) as for_one:
        explained(addresses[0])
    with CaptureQueriesContext(connection) as for_all:
        assert len(explained(*addresses)) == len(addresses)
    assert len(for_all) == len(for_one)
    asked = [query for query in for_all.captured_queries if "set_config(" not in query["sql"]]
    assert len(asked) == 3


def test_a_topic_that_is_not_there_is_named_with_those_that_are() -> None:
    make_topic(slug="tastings")
    with pytest.raises(CommandError, match=r"no topic .tasting.\. There are: tastings"):
        explained("maria@example.com", topic="tasting")


def test_a_channel_that_is_not_there_is_named_with_those_that_are() -> None:
    make_topic(slug="tastings")
    with pytest.raises(CommandError, match=r"pigeon.*email"):
        call_command("outreach_explain", "--topic=tastings", "--channel=pigeon", "a@example.com")


def test_without_tenants_none_can_be_named() -> None:
    with pytest.raises(CommandError, match="no tenants here"):
        explained("maria@example.com", tenant="north")


def test_a_tenants_people_are_its_own(settings: Settings) -> None:
    settings.OUTREACH = SETTINGS
    with tenancy().activate("north"):
        subscribe(make_person("maria@example.com"), make_topic(slug="tastings"))
    with tenancy().activate("south"):
        make_topic(slug="tastings")
    assert [line["found"] for line in explained("maria@example.com", tenant="north")] == [True]
    assert [line["found"] for line in explained("maria@example.com", tenant="south")] == [False]
    with pytest.raises(CommandError, match="no tenant 'west'"):
        explained("maria@example.com", tenant="west")
    with pytest.raises(CommandError, match="--tenant"):
        explained("maria@example.com")
