"""Many rows are changed at once, each to values of its own, and no others."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.recipients.bulk_update import update
from outreach.recipients.models import ContactLink, Recipient, Stage
from tests.recipients.test_bulk_insert import TEXTS

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 3, 12, 0, 0, 123456, tzinfo=UTC)


class AnyText(TestCase):
    @given(st.lists(TEXTS, min_size=1, max_size=5))
    def test_every_text_comes_back_as_it_was(self, names: list[str]) -> None:
        people = Recipient.objects.bulk_create([Recipient() for _ in names])
        for person, name in zip(people, names, strict=True):
            person.name = name
        update(Recipient, people, ["name"])
        found = Recipient.objects.in_bulk([person.pk for person in people])
        assert [found[person.pk].name for person in people] == names


def test_every_kind_of_value_comes_back_as_it_was_and_nobody_else_is_touched() -> None:
    maria, other = Recipient.objects.bulk_create([Recipient(name="Maria"), Recipient(name="Ivan")])
    maria.stage, maria.stage_since_at, maria.last_order_on = Stage.CUSTOMER, AT, date(2026, 5, 3)
    maria.last_sign_at, maria.name = None, "not written"
    columns = ["stage", "stage_since_at", "last_order_on", "last_sign_at"]
    update(Recipient, [maria], columns)
    kept = Recipient.objects.get(pk=maria.pk)
    assert [getattr(kept, name) for name in columns] == [Stage.CUSTOMER, AT, date(2026, 5, 3), None]
    assert kept.name == "Maria"
    assert Recipient.objects.get(stage_since_at=AT).pk == maria.pk
    assert Recipient.objects.get(pk=other.pk).stage == Stage.STRANGER


def test_flags_come_back_as_they_were() -> None:
    link = ContactLink.objects.create(
        source="a",
        model_label="a",
        contact_key="1",
        recipient=Recipient.objects.create(),
        digest="",
    )
    link.is_opted_out = True
    update(ContactLink, [link], ["is_opted_out"])
    assert ContactLink.objects.filter(is_opted_out=True).exists()
