"""A key tells whose row it names, to us alone; links and reply addresses keep their form."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from outreach.ledger.models import Attempt
from outreach.links.paths import path_to
from outreach.links.reply import read_reply_address, reply_address
from outreach.links.tokens import Scope, key_in, make
from outreach.tenancy import name_of, new_key, tenancy, tenants_marked, tenants_to_ask
from tests.tenancy.firms import Firms, make_person
from tests.tracking.reports import sent_attempt

OF_MESSAGES = (Scope.PREFERENCES, Scope.UNSUBSCRIBE)
"""What the links in a message open; the others name rows of another kind."""


def _key_of(tenant: str) -> UUID:
    with tenancy().activate(tenant):
        return new_key()


@given(st.text(min_size=1, max_size=64).filter(lambda text: text not in Firms.names))
def test_every_tenant_finds_its_keys(name: str) -> None:
    names = Firms.names
    Firms.names = [*names, name]
    try:
        assert tenants_marked(_key_of(name)) == [name]
        assert tenants_marked(_key_of("south")) == ["south"]
    finally:
        Firms.names = names


def test_a_key_is_random_and_of_its_version() -> None:
    keys = {_key_of("north") for _time in range(50)}
    assert len(keys) == 50
    assert {key.version for key in keys} == {4}
    assert len({key.bytes[6:] for key in keys}) == 50


def test_without_a_tenant_a_key_is_anybodys() -> None:
    assert new_key().bytes[:6] != new_key().bytes[:6]
    assert tenants_marked(new_key()) == []


def test_everybody_is_asked_for_a_key_from_before_there_were_tenants() -> None:
    assert tenants_to_ask(uuid4()) == ["north", "south", ""]
    assert tenants_to_ask(_key_of("south")) == ["south"]


def test_a_tenant_that_came_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tenants_marked(_key_of("south")) == ["south"]
    monkeypatch.setattr(Firms, "names", ["north", "south", "east"])
    assert tenants_marked(_key_of("east")) == ["east"]


@pytest.mark.parametrize("form", [str, lambda uuid: uuid.hex])
def test_a_uuid_is_a_tenant_in_either_form(
    form: Callable[[UUID], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    uuid = uuid4()
    monkeypatch.setattr(Firms, "names", [form(uuid)])
    assert name_of(uuid) == form(uuid)
    assert name_of(7) == "7"


def test_another_pepper_makes_other_marks(settings: Settings) -> None:
    key = _key_of("north")
    settings.OUTREACH = {**settings.OUTREACH, "PEPPER": "another"}
    assert tenants_marked(key) == []


def test_a_reply_address_has_room_for_it() -> None:
    key = _key_of("a" * 64)
    address = reply_address("d", key)
    assert len(address.partition("@")[0]) <= 64
    assert read_reply_address(address) == ("d", key)


def test_a_link_tells_its_key_whatever_it_opens() -> None:
    key = _key_of("north")
    assert {key_in(make(scope, key.hex)) for scope in Scope} == {key}
    assert key_in(make(Scope.PREFERENCES, "x")) is None
    assert key_in("broken") is None


@pytest.fixture
def attempt() -> Attempt:
    with tenancy().activate("south"):
        return sent_attempt(make_person("maria@example.com"))


@pytest.mark.django_db
@pytest.mark.parametrize("scope", OF_MESSAGES)
def test_a_link_opens_though_nobody_is_under_way(
    scope: Scope, attempt: Attempt, client: Client
) -> None:
    assert client.get(path_to(scope, make(scope, attempt.key.hex))).status_code == 200


@pytest.mark.django_db
def test_a_link_opens_though_another_tenant_is_under_way(attempt: Attempt, client: Client) -> None:
    with tenancy().activate("north"):
        path = path_to("preferences", make(Scope.PREFERENCES, attempt.key.hex))
        assert client.get(path).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("scope", OF_MESSAGES)
def test_a_link_from_before_there_were_tenants_opens(
    scope: Scope, attempt: Attempt, client: Client
) -> None:
    old = uuid4()
    Attempt._base_manager.filter(pk=attempt.pk).update(key=old)
    assert client.get(path_to(scope, make(scope, old.hex))).status_code == 200


@pytest.mark.django_db
def test_a_forged_link_costs_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = make(Scope.PREFERENCES, _key_of("north").hex)
    with django_assert_num_queries(0):
        assert client.get(path_to("preferences", f"{token[:-1]}!")).status_code == 404
