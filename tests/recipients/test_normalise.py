from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.recipients.normalise import (
    BadAddress,
    _normalise_unusual,
    normalise_email,
    split_addresses,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Maria.Rossi@Example.COM", "maria.rossi@example.com"),
        ("  maria@example.com ", "maria@example.com"),
        ("mailto:maria@example.com", "maria@example.com"),
        ("maria+wine@example.com", "maria+wine@example.com"),
        ("maria@пример.example.com", "maria@xn--e1afmkfd.example.com"),
        ("maria@DEGUSTACIÓN.example.org", "maria@xn--degustacin-obb.example.org"),
    ],
)
def test_one_address_has_one_form(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "maria", "maria@", "@example.com", "a b@example.com", "a@b@example.com",
     "maria@example", "maria@example.com.", "maria@exam ple.com", "m\r\n@example.com",
     "maria@" + "x" * 400 + ".com", "a@b@c", "maria@-example-.com", "\x00@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        normalise_email(typed)


@given(st.text(max_size=60))
def test_any_text_is_normalised_once_or_refused(typed: str) -> None:
    try:
        value = normalise_email(typed)
    except BadAddress:
        return
    assert normalise_email(value) == value
    assert normalise_email(f" {value.upper()} ") == value


def test_a_field_with_several_addresses_keeps_their_order() -> None:
    typed = "Work@example.com; nonsense, home@example.com,WORK@example.com"
    assert split_addresses(typed) == ["work@example.com", "home@example.com"]


@given(st.emails() | st.from_regex(r"[a-zA-Z0-9._+@-]{1,40}", fullmatch=True))
def test_the_short_way_and_the_long_way_agree(typed: str) -> None:
    def way(normalise: Callable[[str], str]) -> str | None:
        try:
            return normalise(typed)
        except BadAddress:
            return None

    assert way(normalise_email) == way(_normalise_unusual)
