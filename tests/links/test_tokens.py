"""Links hold for ever, open one kind of page, and cannot be made by anybody else (statement 9)."""

import string
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from outreach.links.tokens import BadToken, Scope, make, read

WORDS = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=128)
KEY = "0f" * 16


def ring(**keys: str) -> dict[str, Any]:
    return {"BASE_URL": "https://crm.example.com", "KEYS": keys}


@given(value=WORDS, scope=st.sampled_from(Scope))
def test_what_is_signed_is_read_again(value: str, scope: Scope) -> None:
    assert read(scope, make(scope, value)) == value


@given(value=WORDS, scope=st.sampled_from(Scope))
def test_a_token_needs_no_escaping_in_an_address(value: str, scope: Scope) -> None:
    assert set(make(scope, value)) <= set(string.ascii_letters + string.digits + "-_.")


@given(value=WORDS, scopes=st.permutations(list(Scope)))
def test_a_link_of_one_page_does_not_open_another(value: str, scopes: list[Scope]) -> None:
    made_for, *others = scopes
    for other in others:
        with pytest.raises(BadToken):
            read(other, make(made_for, value))


@given(data=st.data())
def test_one_character_changed_anywhere_is_a_forgery(data: st.DataObject) -> None:
    token = make(Scope.PREFERENCES, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[place]))
    with pytest.raises(BadToken):
        read(Scope.PREFERENCES, token[:place] + other + token[place + 1 :])


def test_a_link_cut_at_any_place_is_bad() -> None:
    token = make(Scope.PREFERENCES, KEY)
    for length in range(len(token)):
        with pytest.raises(BadToken):
            read(Scope.PREFERENCES, token[:length])


@pytest.mark.parametrize("tail", ["\n", " ", ".", "=", "/", "%20", "\x00", "ä", "\ud800"])
def test_a_link_with_something_after_it_is_bad(tail: str) -> None:
    with pytest.raises(BadToken):
        read(Scope.PREFERENCES, make(Scope.PREFERENCES, KEY) + tail)


@given(st.text())
@example("")
@example("..")
@example("demo.x." + "A" * 43)
@example("\ud800.\udfff.")
@example("a" * 1_000_000)
def test_any_text_at_all_is_only_ever_a_bad_token(text: str) -> None:
    with pytest.raises(BadToken):
        read(Scope.UNSUBSCRIBE, text)


def test_the_last_key_signs_and_old_links_still_open(settings: Settings) -> None:
    settings.OUTREACH = ring(old="a" * 30)
    before = make(Scope.UNSUBSCRIBE, KEY)
    settings.OUTREACH = ring(old="a" * 30, new="b" * 30)
    after = make(Scope.UNSUBSCRIBE, KEY)

    assert before.startswith("old.")
    assert after.startswith("new.")
    assert read(Scope.UNSUBSCRIBE, before) == read(Scope.UNSUBSCRIBE, after) == KEY


def test_a_link_signed_by_somebody_with_other_keys_is_bad(settings: Settings) -> None:
    ours = settings.OUTREACH
    settings.OUTREACH = ring(demo="guessed")
    forged = make(Scope.PREFERENCES, KEY)
    settings.OUTREACH = ours
    with pytest.raises(BadToken):
        read(Scope.PREFERENCES, forged)


def test_the_hosts_own_secrets_sign_no_link(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = ["stolen"]
    ours = settings.OUTREACH
    settings.OUTREACH = ring(demo="stolen")
    forged = make(Scope.PREFERENCES, KEY)
    settings.OUTREACH = ours
    with pytest.raises(BadToken):
        read(Scope.PREFERENCES, forged)


def test_changing_the_hosts_secret_key_kills_no_link(settings: Settings) -> None:
    token = make(Scope.UNSUBSCRIBE, KEY)
    settings.SECRET_KEY = "rotated"
    assert read(Scope.UNSUBSCRIBE, token) == KEY


def test_a_key_id_we_do_not_have_is_a_bad_token(settings: Settings) -> None:
    settings.OUTREACH = ring(old="a" * 30, new="b" * 30)
    token = make(Scope.UNSUBSCRIBE, KEY)
    settings.OUTREACH = ring(old="a" * 30)
    with pytest.raises(BadToken):
        read(Scope.UNSUBSCRIBE, token)


def test_an_empty_secret_does_not_fall_back_to_the_hosts(settings: Settings) -> None:
    secret_key: str = settings.SECRET_KEY
    settings.OUTREACH = ring(demo=secret_key)
    forged = make(Scope.PREFERENCES, KEY)
    settings.OUTREACH = ring(demo="", new="b" * 30)
    with pytest.raises(BadToken):
        read(Scope.PREFERENCES, forged)


@pytest.mark.parametrize("keys", [{}, {"2026": ""}, {"a.b": "secret"}, {"": "secret"}])
def test_without_a_usable_key_nothing_is_signed(keys: dict[str, str]) -> None:
    with override_settings(OUTREACH=ring(**keys)), pytest.raises(ImproperlyConfigured):
        make(Scope.PREFERENCES, KEY)


@pytest.mark.parametrize("value", ["", "maria@example.com", "a.b", "a b", "è", "x" * 129, "a\n"])
def test_only_opaque_keys_go_into_a_link(value: str) -> None:
    with pytest.raises(ValueError, match="A token holds"):
        make(Scope.PREFERENCES, value)
