"""B11: a break until a date, as the person's own calendar has it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from outreach.preferences.choices import paused_until
from outreach.preferences.models import Pause
from tests.centre.form_on_page import open_form
from tests.centre.people import Maria, make_maria

pytestmark = pytest.mark.django_db

NOON = "2025-05-04 12:00 +0000"


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Europe/Rome", datetime(2025, 6, 1, 21, 59, 59, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2025, 6, 1, 14, 59, 59, tzinfo=UTC)),
        ("America/Caracas", datetime(2025, 6, 2, 3, 59, 59, tzinfo=UTC)),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_b11_it_lasts_to_the_end_of_the_day_where_the_person_lives(
    client: Client, zone: str, end: datetime
) -> None:
    maria = make_maria(time_zone=zone)
    page = open_form(client, maria.path).press(do="break-until", until="2025-06-01")
    assert paused_until(maria.person) == end
    assert "You are taking a break until June 1, 2025." in page


@time_machine.travel("2025-05-04 22:30 +0000", tick=False)
@pytest.mark.parametrize(("zone", "status"), [("Asia/Tokyo", 422), ("America/Caracas", 303)])
def test_today_is_the_persons_own(client: Client, zone: str, status: int) -> None:
    """In Tokyo the 5th has begun."""
    maria = make_maria(time_zone=zone)
    answer = client.post(maria.path, {"do": "break-until", "until": "2025-05-04"})
    assert answer.status_code == status


def mistaken(client: Client, maria: Maria, until: str) -> str:
    answer = client.post(maria.path, {"do": "break-until", "until": until})
    assert answer.status_code == 422
    assert not Pause.objects.exists()
    page = answer.content.decode()
    assert "<title>Something to put right" in page
    assert '<a href="#until">' in page
    assert 'aria-describedby="until-mistake"' in page
    return page


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "Choose the last day of your break."),
        ("2025-02-30", "Choose the last day of your break."),
        ("soon", "Choose the last day of your break."),
        ("9" * 5000, "Choose the last day of your break."),
        ("\x00", "Choose the last day of your break."),
        ("2025-05-03", "This day is over."),
        ("0001-01-01", "This day is over."),
        ("2027-05-06", "That is more than two years."),
        ("9999-12-31", "That is more than two years."),
    ],
)
def test_a_date_that_will_not_do_is_said_so_kindly(client: Client, until: str, words: str) -> None:
    assert words in mistaken(client, make_maria(time_zone="Europe/Rome"), until)


@time_machine.travel(NOON, tick=False)
def test_two_years_are_not_too_long(client: Client) -> None:
    maria = make_maria(time_zone="Europe/Rome")
    assert open_form(client, maria.path).press(do="break-until", until="2027-05-04")


@time_machine.travel(NOON, tick=False)
def test_what_was_typed_is_kept(client: Client) -> None:
    page = mistaken(client, make_maria(), '2031-01-01" onfocus="x')
    assert 'value="2031-01-01&quot; onfocus=&quot;x"' in page


@time_machine.travel(NOON, tick=False)
def test_a_date_may_be_written_the_way_of_the_language(client: Client) -> None:
    maria = make_maria(language="it")
    client.post(maria.path, {"do": "break-until", "until": "01/06/2025"})
    until = paused_until(maria.person)
    assert until is not None
    assert until.date() == datetime(2025, 6, 1, tzinfo=UTC).date()


@time_machine.travel(NOON, tick=False)
def test_a_break_is_made_longer_and_ended_in_one_click(client: Client) -> None:
    maria = make_maria()
    form = open_form(client, maria.path)
    form.press(do="break", days="30")
    page = form.press(do="break-until", until="2025-08-01")
    assert "until Aug. 1, 2025" in page
    assert "From now on you hear from us" in form.press(do="end-break")
    assert paused_until(maria.person) is None


def test_who_hears_nothing_has_no_break_to_put_right(client: Client) -> None:
    maria = make_maria()
    form = open_form(client, maria.path)
    form.press(do="stop")
    answer = client.post(maria.path, {"do": "break-until", "until": ""})
    assert answer.status_code == 200
    assert 'href="#until"' not in answer.content.decode()
