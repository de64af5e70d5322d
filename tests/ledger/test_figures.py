import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.ledger.figures import CAME_BACK, NONE, WENT_OUT, figures_of, left_out_by_reason
from outreach.ledger.models import Delivery, Run
from tests.builders import address_of, make_campaign, make_recipient

pytestmark = pytest.mark.django_db
State = Delivery.State


def run_with(*rows: str) -> Run:
    """A run with people in these states; "excluded:reason" for those left out."""
    run = Run.objects.create(campaign=make_campaign(), channel="email")
    for row in rows:
        state, _colon, reason = row.partition(":")
        person = make_recipient()
        address = address_of(person)
        is_in = state in Delivery.INCLUDED
        Delivery.objects.create(
            run=run,
            recipient=person,
            address=address,
            channel="email",
            state=state,
            reason=reason,
            recipient_slot=person.pk if is_in else None,
            address_slot=address.pk if is_in else None,
        )
    return run


def test_people_are_counted_by_what_became_of_them() -> None:
    run = run_with(
        *["planned", "claimed", "sent", "sent", "delivered", "soft_bounced", "bounced"],
        *["refused", "unknown", "withdrawn", "excluded:capped", "excluded:capped"],
        "excluded:no_consent",
    )
    Delivery.objects.filter(state="delivered").update(complained_at=timezone.now())
    figures = figures_of([run.pk])[run.pk]
    assert figures.everybody == 13
    assert figures.to_be_written_to == 9
    assert figures.of(WENT_OUT) == 5
    assert figures.of(CAME_BACK) == 2
    assert figures.spam == 1
    assert figures.settled == 6
    assert left_out_by_reason(run.pk) == {"capped": 2, "no_consent": 1}


def test_the_figures_of_all_runs_take_one_query() -> None:
    runs = [run_with("sent", "planned"), run_with("sent"), run_with()]
    with CaptureQueriesContext(connection) as captured:
        figures = figures_of(run.pk for run in runs)
    assert len(captured) == 1
    counted = [figures.get(run.pk, NONE).of([State.SENT]) for run in runs]
    assert counted == [1, 1, 0]
