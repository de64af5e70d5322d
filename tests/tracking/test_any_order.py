"""B2: reports come in any order and more than once, and end alike."""

from itertools import combinations
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.ledger.models import Attempt, DeliveryEvent, Run
from outreach.preferences.models import Suppression
from outreach.tracking.apply import apply, sweep
from outreach.tracking.keep import keep
from tests.builders import make_recipient
from tests.tracking.reports import make_sending_run, sent_attempt

REPORTS: dict[str, dict[str, Any]] = {
    "delivered": {"event_type": "delivered"},
    "hard": {"event_type": "bounced", "esp_event": {"Type": "HardBounce"}, "event_id": "1"},
    "soft": {"event_type": "bounced", "esp_event": {"Type": "SoftBounce"}, "event_id": "2"},
    "complaint": {"event_type": "complained", "event_id": "3"},
    "opened": {"event_type": "opened"},
}
NOW = timezone.now()


def report(name: str, attempt: Attempt) -> AnymailTrackingEvent:
    return AnymailTrackingEvent(
        **REPORTS[name],
        message_id=attempt.key.hex,
        metadata={"outreach_attempt": attempt.key.hex},
        recipient="maria@example.com",
        timestamp=NOW,
    )


def end_of(run: Run, names: list[str]) -> tuple[object, ...]:
    """What is left when these reports came in this order, on a message of its own."""
    attempt = sent_attempt(make_recipient(), run=run)
    for name in names:
        apply(keep(report(name, attempt), "Postmark"))
    sweep()
    attempt.delivery.refresh_from_db()
    events = DeliveryEvent.objects.filter(attempt=attempt).values_list("kind", flat=True)
    address = attempt.delivery.address
    stops = Suppression.objects.filter(address=address).values_list("reason", flat=True)
    has_complained = attempt.delivery.complained_at is not None
    return attempt.delivery.state, sorted(events), sorted(stops), has_complained


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), list(combinations(REPORTS, 2)))
def test_b2_two_reports_end_alike_whichever_comes_first(first: str, second: str) -> None:
    run = make_sending_run()
    assert end_of(run, [first, second]) == end_of(run, [second, first])


class AnyOrder(TestCase):
    run_: Run

    @classmethod
    def setUpTestData(cls) -> None:
        cls.run_ = make_sending_run()

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
    @given(
        names=st.lists(st.sampled_from(sorted(REPORTS)), min_size=1, max_size=6),
        data=st.data(),
    )
    def test_b2_any_order_and_repetition_of_reports_ends_alike(
        self, names: list[str], data: st.DataObject
    ) -> None:
        shuffled = data.draw(st.permutations(names + names))
        assert end_of(self.run_, shuffled) == end_of(self.run_, sorted(set(names)))
