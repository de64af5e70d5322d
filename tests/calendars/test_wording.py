from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from outreach.calendars.wording import deadline_in_words


@pytest.mark.parametrize(
    ("zone", "due", "words"),
    [
        ("Europe/Rome", "2026-04-13 17:05", "Monday, April 13, 2026 at 17:05"),
        ("Europe/Rome", "2026-04-14 00:00", "the end of Monday, April 13, 2026"),
        ("Europe/Rome", "2026-04-14 00:01", "Tuesday, April 14, 2026 at 00:01"),
        # That Friday began at 01:00, where Thursday ended.
        ("Africa/Cairo", "2024-04-26 01:00", "the end of Thursday, April 25, 2024"),
    ],
)
def test_midnight_is_the_end_of_a_day(zone: str, due: str, words: str) -> None:
    place = ZoneInfo(zone)
    with override("en"):
        assert deadline_in_words(datetime.fromisoformat(due).replace(tzinfo=place), place) == words


def test_dates_follow_the_language() -> None:
    place = ZoneInfo("Europe/Rome")
    with override("it"):
        words = deadline_in_words(datetime(2026, 4, 13, 17, 5, tzinfo=place), place)
    assert words.startswith("Lunedì, 13 Aprile 2026")
