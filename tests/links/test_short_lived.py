"""Links that last an hour: they open one page, for that long, and say when they are over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from outreach.links.short_lived import LASTS, TooLate, make_short_lived, read_short_lived
from outreach.links.tokens import BadToken, Scope, make

AT = datetime(2025, 5, 3, 12, tzinfo=UTC)
KEY = "0f" * 16


@given(after=st.timedeltas(timedelta(0), timedelta(days=400)), key=st.uuids())
def test_it_is_read_for_an_hour_and_not_a_second_longer(after: timedelta, key: object) -> None:
    value = str(key)  # with the hyphens that also stand before the time
    token = make_short_lived(Scope.MY_DATA, value, at=AT)
    with time_machine.travel(AT + after, tick=False):
        if after < LASTS:
            assert read_short_lived(Scope.MY_DATA, token) == value
        else:
            with pytest.raises(TooLate):
                read_short_lived(Scope.MY_DATA, token)


def test_its_time_cannot_be_moved() -> None:
    token = make_short_lived(Scope.MY_DATA, KEY, at=AT)
    later = make_short_lived(Scope.MY_DATA, KEY, at=AT + timedelta(days=1))
    forged = ".".join([*later.split(".")[:2], token.split(".")[2]])
    with time_machine.travel(AT + timedelta(days=1)), pytest.raises(BadToken) as caught:
        read_short_lived(Scope.MY_DATA, forged)
    assert not isinstance(caught.value, TooLate)


@pytest.mark.parametrize("value", [KEY, f"{KEY}-", f"{KEY}-xyz", "-", f"{KEY}-_"])
def test_a_signed_value_without_a_time_is_no_such_link(value: str) -> None:
    with pytest.raises(BadToken):
        read_short_lived(Scope.MY_DATA, make(Scope.MY_DATA, value))


def test_it_opens_no_other_page() -> None:
    token = make_short_lived(Scope.PREFERENCES, KEY, at=AT)
    with time_machine.travel(AT), pytest.raises(BadToken):
        read_short_lived(Scope.MY_DATA, token)
