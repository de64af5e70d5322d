"""Rows that are put in by COPY, or by many INSERTs, are those that the ORM would have made."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.recipients import bulk_insert
from outreach.recipients.bulk_insert import insert, insert_with_keys
from outreach.recipients.models import Address, Recipient

pytestmark = pytest.mark.django_db
COLUMNS = [field.attname for field in Recipient._meta.concrete_fields if not field.primary_key]
AT = datetime(2026, 5, 3, 12, 0, 0, 123456, tzinfo=UTC)


def values(**given: Any) -> tuple[Any, ...]:
    person = Recipient(**given)
    return tuple(getattr(person, name) for name in COLUMNS)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\\\t\n\rN."),
    max_size=30,
)


class AnyText(TestCase):
    @given(st.lists(TEXTS, min_size=1, max_size=5))
    def test_every_text_comes_back_as_it_was(self, names: list[str]) -> None:
        keys = insert_with_keys(Recipient, COLUMNS, [values(name=name) for name in names])
        found = Recipient.objects.in_bulk(keys)
        assert [found[key].name for key in keys] == names


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    public_id: UUID = uuid4()
    row = values(
        public_id=public_id, created_at=AT, last_sign_at=None, last_order_on=date(2026, 5, 3)
    )
    (key,) = insert_with_keys(Recipient, COLUMNS, [row])
    kept = Recipient.objects.get(pk=key)
    assert tuple(getattr(kept, name) for name in COLUMNS) == row
    assert Recipient.objects.get(public_id=public_id, created_at=AT).pk == key


def test_keys_are_those_of_the_rows_and_the_orm_goes_on_behind_them() -> None:
    before = Recipient.objects.create(name="before")
    keys = insert_with_keys(Recipient, COLUMNS, [values(name=str(n)) for n in range(50)])
    after = Recipient.objects.create(name="after")
    assert before.pk < keys[0] < keys[-1] < after.pk
    assert [Recipient.objects.get(pk=key).name for key in keys[:3]] == ["0", "1", "2"]


def test_nothing_is_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert insert_with_keys(Recipient, COLUMNS, []) == []
        insert(Recipient, COLUMNS, [])


def test_a_row_that_is_there_is_refused() -> None:
    columns = ("tenant", "channel", "value", "value_hash", "normaliser", "created_at")
    row = ("", "email", "a@example.com", "x" * 64, 1, AT)
    insert(Address, columns, [row])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Address, columns, [row])
    assert Address.objects.count() == 1


def test_where_policies_bind_the_user_the_orm_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_insert, "_can_copy", lambda *_: False)
    monkeypatch.setattr(bulk_insert, "_is_sqlite", lambda _: False)
    keys = insert_with_keys(Recipient, COLUMNS, [values(name="a"), values(name="b")])
    assert [Recipient.objects.get(pk=key).name for key in keys] == ["a", "b"]
