"""The address an answer comes back to names its message, and nobody else can make one up."""

import base64
from uuid import UUID

from django.utils.crypto import salted_hmac
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from outreach.links.reply import Kind, read_reply_address, reply_address

KINDS: st.SearchStrategy[Kind] = st.sampled_from(("c", "d"))
KEY = UUID(int=7)


@given(kind=KINDS, key=st.uuids())
def test_the_address_leads_back_to_its_message(kind: Kind, key: UUID) -> None:
    assert read_reply_address(reply_address(kind, key)) == (kind, key)


@given(kind=KINDS, key=st.uuids())
def test_mail_systems_may_change_its_case_and_its_domain(kind: Kind, key: UUID) -> None:
    local = reply_address(kind, key).partition("@")[0]
    assert read_reply_address(f" {local.upper()}@Other.Example ") == (kind, key)


@given(kind=KINDS, key=st.uuids())
def test_it_is_a_valid_lower_case_address(kind: Kind, key: UUID) -> None:
    address = reply_address(kind, key)
    local, _at, domain = address.partition("@")
    assert address == address.lower()
    assert len(local) <= 64
    assert domain == "reply.cantina-rossi.example"


@given(kind=KINDS, key=st.uuids(), data=st.data())
def test_one_character_changed_names_no_message(kind: Kind, key: UUID, data: st.DataObject) -> None:
    local, _at, domain = reply_address(kind, key).partition("@")
    place = data.draw(st.integers(0, len(local) - 1))
    other = data.draw(st.sampled_from("0123456789abcdefxyz+").filter(lambda c: c != local[place]))
    assert read_reply_address(f"{local[:place]}{other}{local[place + 1 :]}@{domain}") is None


@given(st.text())
@example("")
@example("@")
@example("\ud800@example.com")
@example("r+d" + "0" * 32 + "a" * 26 + "@x")
@example("r+d" + "0" * 5_000_000)
def test_any_other_text_is_no_address_of_ours(text: str) -> None:
    assert read_reply_address(text) is None


def test_answers_to_old_messages_come_in_after_a_new_key(settings: Settings) -> None:
    old = reply_address("d", KEY)
    keys = {**settings.OUTREACH["KEYS"], "new": "b" * 30}
    settings.OUTREACH = {**settings.OUTREACH, "KEYS": keys}

    assert reply_address("d", KEY) != old
    assert read_reply_address(old) == ("d", KEY)


def test_other_keys_make_no_address_of_ours(settings: Settings) -> None:
    ours = reply_address("d", KEY)
    settings.OUTREACH = {**settings.OUTREACH, "KEYS": {"demo": "guessed"}}
    assert read_reply_address(ours) is None


def test_an_empty_secret_opens_nothing(settings: Settings) -> None:
    salted = salted_hmac("outreach.links.reply", f"d{KEY.hex}", secret="", algorithm="sha256")
    signature = base64.b32encode(salted.digest()[:16]).decode().rstrip("=").lower()
    settings.OUTREACH = {**settings.OUTREACH, "KEYS": {"demo": "", "new": "b" * 30}}
    assert read_reply_address(f"r+d{KEY.hex}{signature}@reply.example") is None
