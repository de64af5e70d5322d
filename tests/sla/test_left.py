from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from outreach.sla.left import time_left

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"hours": 2, "minutes": 10}, "2 h 10 min left"),
        ({"hours": 1}, "1 h left"),
        ({"minutes": 59, "seconds": 59}, "59 min left"),
        ({"days": 1, "hours": 4, "minutes": 30}, "1 day 4 h left"),
        ({"days": 3}, "3 days left"),
        ({"days": 3, "minutes": 5}, "3 days left"),
        ({"seconds": 40}, "less than a minute left"),
        ({}, "less than a minute left"),
        ({"seconds": -1}, "less than a minute late"),
        ({"hours": -1}, "1 h late"),
        ({"days": -2, "hours": -3}, "2 days 3 h late"),
    ],
)
def test_the_time_left_is_said_in_words(span: dict[str, int], words: str) -> None:
    assert time_left(NOW + timedelta(**span), NOW) == words


@pytest.mark.parametrize("language", ["it", "es", "ru"])
def test_the_time_left_can_be_said_in_every_language(language: str) -> None:
    with override(language):
        for days in range(8):
            assert str(days) in time_left(NOW + timedelta(days=days, hours=days), NOW) or not days
