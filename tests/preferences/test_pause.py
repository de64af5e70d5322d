from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.history.actor import CUSTOMER
from outreach.preferences.choices import paused_until
from outreach.preferences.models import Source
from outreach.preferences.pause import pause, resume
from tests.builders import make_recipient

pytestmark = pytest.mark.django_db


def test_b11_a_break_ends_when_the_person_said() -> None:
    maria, until = make_recipient(), timezone.now() + timedelta(days=30)
    pause(maria, until=until, source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    assert paused_until(maria) == until


def test_a_second_break_moves_the_end_even_nearer() -> None:
    maria, now = make_recipient(), timezone.now()
    for days in (90, 30):
        pause(maria, until=now + timedelta(days=days), source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    assert paused_until(maria) == now + timedelta(days=30)


def test_a_break_can_be_ended() -> None:
    maria = make_recipient()
    pause(maria, until=timezone.now() + timedelta(days=30), source=Source.STAFF, by=CUSTOMER)
    resume(maria, by=CUSTOMER)
    assert paused_until(maria) is None


def test_a_break_in_the_past_is_refused() -> None:
    with pytest.raises(ValueError, match="future"):
        pause(make_recipient(), until=timezone.now(), source=Source.STAFF, by=CUSTOMER)
