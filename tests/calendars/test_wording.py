from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from outreach.calendars.wording import date_in_words, deadline_in_words


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


@pytest.mark.parametrize(
    ("language", "at_five", "at_midnight"),
    [
        (
            "it",
            "lunedì 4 maggio 2026 alle ore 17:05",
            "lunedì 4 maggio 2026, entro la fine della giornata",
        ),
        (
            "es",
            "lunes, 4 de mayo de 2026 a las 17:05",
            "lunes, 4 de mayo de 2026, antes de que termine el día",
        ),
        ("ru", "понедельник, 4 мая 2026 года, 17:05", "понедельник, 4 мая 2026 года, до конца дня"),
        # Not ours: the words are English, the date is as Django writes it.
        ("de", "Montag, 4. Mai 2026 at 17:05", "the end of Montag, 4. Mai 2026"),
    ],
)
def test_dates_follow_the_language(language: str, at_five: str, at_midnight: str) -> None:
    place = ZoneInfo("Europe/Rome")
    with override(language):
        assert deadline_in_words(datetime(2026, 5, 4, 17, 5, tzinfo=place), place) == at_five
        assert deadline_in_words(datetime(2026, 5, 5, tzinfo=place), place) == at_midnight


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "May 3, 2025"),
        ("en-gb", "3 May 2025"),
        ("it", "3 maggio 2025"),
        ("es", "3 de mayo de 2025"),
        ("es-ar", "3 de mayo de 2025"),
        ("ru", "3 мая 2025 года"),
        ("fr", "3 mai 2025"),
    ],
)
def test_a_date_reads_well_in_a_sentence(language: str, words: str) -> None:
    with override(language):
        assert date_in_words(date(2025, 5, 3)) == words
