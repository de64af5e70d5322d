"""What the database itself forbids, and the doctor sees all the same where a key was lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from outreach.ledger.models import Delivery, Run
from outreach.recipients.models import Recipient
from outreach.workplace.doctor import examine
from tests.builders import make_campaign, make_recipient

pytestmark = pytest.mark.django_db(transaction=True)


def included(run: Run, recipient: Recipient, **fields: Any) -> Delivery:
    address = recipient.addresses.get()
    return Delivery.objects.create(
        **{
            "run": run,
            "recipient": recipient,
            "address": address,
            "channel": "email",
            "state": "planned",
            "recipient_slot": recipient.pk,
            "address_slot": address.pk,
            **fields,
        }
    )


def make_run() -> Run:
    return Run.objects.create(campaign=make_campaign(), channel="email")


@contextmanager
def without(name: str) -> Iterator[None]:
    """Take a unique key of Delivery away for a while."""
    every = Delivery._meta.constraints
    (held,) = [constraint for constraint in every if constraint.name == name]
    Delivery._meta.constraints = [constraint for constraint in every if constraint != held]
    try:
        with connection.schema_editor() as editor:
            editor.remove_constraint(Delivery, held)
        yield
    finally:
        Delivery._meta.constraints = every
        with connection.schema_editor() as editor:
            editor.add_constraint(Delivery, held)


def violated() -> set[str]:
    return {finding.statement.sentence for finding in examine() if finding.violations}


@pytest.mark.parametrize(
    ("constraint", "sentence"),
    [
        ("outreach_delivery_person_once", "Nobody gets one run's message twice"),
        ("outreach_delivery_address_once", "No address gets one run's message twice"),
        ("outreach_delivery_coordinated_once", "Nobody is in two campaigns that are coordinated"),
    ],
)
def test_statement_1_once_a_person_an_address_and_a_coordination(
    constraint: str, sentence: str
) -> None:
    maria, piero = make_recipient("casa@example.com"), make_recipient("casa@example.com")
    elsewhere = make_recipient().addresses.get()
    run = make_run()
    included(run, maria, coordination_key="spring")
    cases: dict[str, tuple[Recipient, dict[str, Any]]] = {
        "outreach_delivery_person_once": (
            maria,
            {"address": elsewhere, "address_slot": elsewhere.pk},
        ),
        "outreach_delivery_address_once": (piero, {}),
        "outreach_delivery_coordinated_once": (
            maria,
            {"run": make_run(), "coordination_key": "spring"},
        ),
    }
    whom, other = cases[constraint]
    again: dict[str, Any] = {"run": run, "recipient": whom, **other}
    with pytest.raises(IntegrityError), transaction.atomic():
        included(**again)
    with without(constraint):
        second = included(**again)
        assert sentence in violated()
        second.delete()


def test_statement_2_left_out_needs_a_reason_and_nothing_else_has_one() -> None:
    run, maria = make_run(), make_recipient()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(run=run, recipient=maria, channel="email", state="excluded")
    with pytest.raises(IntegrityError), transaction.atomic():
        included(run, maria, reason="capped")


def test_statement_1_a_row_is_in_its_slots_only_while_included() -> None:
    run, maria = make_run(), make_recipient()
    with pytest.raises(IntegrityError), transaction.atomic():
        included(run, maria, state="excluded", reason="capped")
    with pytest.raises(IntegrityError), transaction.atomic():
        included(run, maria, recipient_slot=maria.pk + 1)


def test_statement_7_the_doctor_sees_who_counts_twice_in_a_week() -> None:
    maria, today = make_recipient(), timezone.localdate()
    for _ in range(2):
        included(make_run(), maria, cap_on=today)
    assert "Nobody counts for more messages than the limit" in violated()
