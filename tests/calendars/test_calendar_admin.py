import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import path, reverse

from outreach.calendars import outcome, public_holidays
from outreach.calendars.admin import register
from outreach.calendars.models import WEEKDAY_FIELDS, BusinessCalendar, Closure
from outreach.history.record import history_of

site = AdminSite(name="calendars")
register(site)
urlpatterns = [path("staff/", site.urls)]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

LIST = "calendars:outreach_businesscalendar_changelist"
ADD = "calendars:outreach_businesscalendar_add"
CHANGE = "calendars:outreach_businesscalendar_change"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("anna", first_name="Anna"))
    return client


def calendar(**fields: Any) -> BusinessCalendar:
    return BusinessCalendar.objects.create(
        **{"name": "Cellar", "time_zone": "Europe/Rome", "country": "IT", **fields}
    )


def typed(**fields: str) -> dict[str, str]:
    """What a browser sends for the add form, with one row for a closure."""
    return {
        "name": "Cellar",
        "time_zone": "Europe/Rome",
        "country": "IT",
        "subdivision": "",
        "is_open_monday": "on",
        "closures-TOTAL_FORMS": "1",
        "closures-INITIAL_FORMS": "0",
        "closures-0-starts_on": "",
        "closures-0-ends_on": "",
        "closures-0-reason": "",
    } | fields


def change_page(client: Client, made: BusinessCalendar) -> str:
    page = client.get(reverse(CHANGE, args=[made.pk]))
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode())


def test_list_and_add_page_open(staff: Client) -> None:
    calendar(is_open_saturday=True)
    assert "Mon, Tue, Wed, Thu, Fri, Sat" in staff.get(reverse(LIST)).content.decode()
    page = staff.get(reverse(ADD)).content.decode()
    assert '<option value="IT">Italy</option>' in page
    assert '<option value="America/New_York">America/New York</option>' in page
    assert "has to be answered by" not in page


@time_machine.travel("2026-04-03 15:00:00+00:00", tick=False)
def test_the_page_shows_what_the_calendar_comes_to(staff: Client) -> None:
    made = calendar()
    made.closures.create(
        starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 28), reason="<b>Summer</b>"
    )
    page = change_page(staff, made)
    assert (
        '<time datetime="2026-04-07T15:00:00+00:00" title="2026-04-07 17:00 Europe/Rome">'
        "Tuesday, April 7, 2026 at 17:00</time> (if 24 hours are promised)"
    ) in page
    assert '<div role="listitem">Monday, April 6, 2026: Easter Monday</div>' in page
    assert "Monday, Aug. 3, 2026 to Friday, Aug. 28, 2026: &lt;b&gt;Summer&lt;/b&gt;</div>" in page


@time_machine.travel("2026-04-05 08:00:00+00:00", tick=False)
def test_a_day_that_is_used_up_at_midnight_is_named(staff: Client) -> None:
    page = change_page(staff, calendar(country=""))
    assert "the end of Monday, April 6, 2026</time>" in page
    assert "None. Choose a country for its public holidays, or add a closure below." in page


@time_machine.travel("2026-04-06 22:30:00+00:00", tick=False)
def test_today_is_the_day_at_the_calendars_place(staff: Client) -> None:
    in_rome = change_page(staff, calendar())
    further_west = change_page(staff, calendar(name="West", time_zone="America/New_York"))
    assert "Monday, April 6, 2026: Easter Monday" not in in_rome
    assert "Monday, April 6, 2026: Easter Monday" in further_west


def test_a_calendar_that_never_opens_says_so(staff: Client) -> None:
    made = calendar()
    made.closures.create(starts_on=date(2020, 1, 1), ends_on=date(9999, 12, 31), reason="Closed")
    assert "Never: no day is open for more than a year." in change_page(staff, made)


def test_without_the_library_the_page_says_that_holidays_do_not_count(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (public_holidays, outcome):
        monkeypatch.setattr(module, "has_holidays", lambda: False)
    assert "Public holidays do not count yet" in change_page(staff, calendar())


def test_the_first_calendar_is_used_by_default(staff: Client) -> None:
    closure = {"closures-0-starts_on": "2026-08-03", "closures-0-reason": "Stock-taking"}
    assert staff.post(reverse(ADD), typed(**closure)).status_code == 302
    assert staff.post(reverse(ADD), typed(name="Shop")).status_code == 302
    first = BusinessCalendar.objects.get(name="Cellar")
    assert BusinessCalendar.objects.default_for("") == first
    assert first.open_weekdays == {0}
    assert Closure.objects.get().ends_on == date(2026, 8, 3)
    assert [entry.actor_name for entry in history_of(first)] == ["Anna"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"time_zone": "Mars"}, "There is no time zone called “Mars”."),
        ({"country": "XX"}, "The public holidays of “XX” are not known here."),
        ({"subdivision": "ZZ"}, "“ZZ” is not a part of Italy that is known here."),
        ({"is_open_monday": ""}, "Tick at least one day"),
        ({"name": "Taken"}, "There is a calendar with this name already."),
        (
            {
                "closures-0-starts_on": "2026-08-28",
                "closures-0-ends_on": "2026-08-03",
                "closures-0-reason": "Summer",
            },
            "The last day is before the first.",
        ),
    ],
)
@pytest.mark.parametrize("stored", [False, True])
def test_a_mistake_is_told_once_on_the_form(
    staff: Client, fields: dict[str, str], told: str, stored: bool
) -> None:
    calendar(name="Taken")
    address = reverse(CHANGE, args=[calendar().pk]) if stored else reverse(ADD)
    sent = typed(**fields)
    if not sent["is_open_monday"]:
        del sent["is_open_monday"]
    page = staff.post(address, sent)
    assert page.status_code == 200
    assert page.content.decode().count(told) == 1


def test_a_stored_place_that_is_no_longer_known_is_not_changed_quietly(staff: Client) -> None:
    page = change_page(staff, calendar(country="XX", time_zone="US/Eastern"))
    assert '<option value="XX" selected>XX</option>' in page
    assert '<option value="US/Eastern" selected>US/Eastern</option>' in page


def test_the_default_is_chosen_in_the_list(staff: Client) -> None:
    first, second = calendar(is_default=True), calendar(name="Shop")
    choice = {"action": "use_by_default", "_selected_action": [str(second.pk)]}
    page = staff.post(reverse(LIST), choice, follow=True).content.decode()
    assert "Where no calendar is chosen, “Shop” counts from now on." in page
    assert BusinessCalendar.objects.default_for("") == second

    choice["_selected_action"] = [str(first.pk), str(second.pk)]
    page = staff.post(reverse(LIST), choice, follow=True).content.decode()
    assert "Only one calendar can be used by default." in page
    assert BusinessCalendar.objects.default_for("") == second


def test_who_may_only_look_sees_no_form_and_no_action(client: Client) -> None:
    user = User.objects.create_user("piotr", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_businesscalendar"))
    client.force_login(user)
    made = calendar()
    assert 'name="_save"' not in change_page(client, made)
    assert "use_by_default" not in client.get(reverse(LIST)).content.decode()


def test_every_weekday_is_on_the_form_and_closures_are_labelled(staff: Client) -> None:
    made = calendar()
    made.closures.create(starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 3), reason="A move")
    page = change_page(staff, made)
    assert all(f'name="{field}"' in page for field in WEEKDAY_FIELDS)
    for label in ("First day", "Last day", "Reason", "Delete"):
        assert f'aria-label="{label}"' in page
