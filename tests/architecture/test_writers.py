"""A table is written in its own room alone, so that its rules are kept in one place."""

import ast

import pytest

from tests.architecture.house import modules, room_of
from tests.architecture.writes import writes_of

ALLOWED = {
    # Claiming and handing over move the ledger's rows, in the transaction that decides.
    ("dispatch", "Run"),
    ("dispatch", "Delivery"),
    ("dispatch", "Attempt"),
    ("dispatch", "DeliveryEvent"),
    # The ready-made roles are groups of Django's.
    ("workplace", "Group"),
}


def _written_from_outside() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for module in modules():
        for write in writes_of(module.tree()):
            if room_of(write.model.__module__) != module.room or not module.room:
                place = f"{module.shown}:{write.line} {write.model.__name__}.{write.verb}()"
                found.setdefault((module.room, write.model.__name__), []).append(place)
    return found


def test_tables_are_written_in_their_own_room() -> None:
    wrong = {key: places for key, places in _written_from_outside().items() if key not in ALLOWED}
    assert not wrong, "\n".join(place for places in wrong.values() for place in places)


def test_no_exception_stays_that_nobody_needs() -> None:
    assert _written_from_outside().keys() >= ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "Topic.objects.create(name='a')",
        "Topic.objects.filter(pk=1).exclude(pk=2).update(name='a')",
        "Topic(name='a').save()",
        "Topic.objects.get(pk=1).delete()",
        "topic, is_new = Topic.objects.get_or_create(pk=1)\ntopic.delete()",
        "row = Topic.objects.first()\nrow.save()",
        "rows = Topic.objects.filter(pk=1)\nrows[:3].update(name='a')",
        "for row in Topic.objects.all():\n    row.save()",
        "def f(row: Topic) -> None:\n    row.save(update_fields=['name'])",
        "def f(*, row: Topic | None) -> None:\n    row.delete()",
        "def f(rows: QuerySet[Topic]) -> None:\n    rows.order_by('pk').delete()",
        "async def f() -> None:\n    await Topic.objects.filter(pk=1).adelete()",
        "async def f() -> None:\n    row = await Topic.objects.aget(pk=1)\n    await row.asave()",
        "Topic._default_manager.using('other').update(name='a')",
        "from outreach.preferences import models\nmodels.Topic.objects.all().delete()",
        "with held() as it:\n    [row.delete() for row in Topic.objects.all()]",
        "if row := Topic.objects.first():\n    row.delete()",
        "SQL = 'delete from outreach_topic where id = %s'",
        "SQL = 'INSERT INTO \"outreach_topic\" (name) VALUES (1)'",
        "run(f'UPDATE outreach_topic SET name = {1}')",
    ],
)
def test_a_write_is_found(code: str) -> None:
    (first, *_) = writes_of(ast.parse(f"from outreach.preferences.models import Topic\n{code}"))
    assert first.model.__name__ == "Topic"


@pytest.mark.parametrize(
    ("code", "table"),
    [
        ("def f(row: Topic) -> None:\n    row.campaigns.create(name='a')", "Campaign"),
        ("Topic.objects.get(pk=1).campaigns.all().delete()", "Campaign"),
        ("for row in Campaign.objects.all():\n    row.topic.delete()", "Topic"),
        ("row = Campaign.objects.first()\nrow.aims.filter(pk=1).update(pk=2)", "CampaignGroup"),
    ],
)
def test_a_write_by_way_of_another_row_is_found(code: str, table: str) -> None:
    names = (
        "from outreach.preferences.models import Topic\n"
        "from outreach.campaigns.models import Campaign\n"
    )
    (first, *_) = writes_of(ast.parse(f"{names}{code}"))
    assert first.model.__name__ == table


@pytest.mark.parametrize(
    "code",
    [
        "Topic.objects.filter(pk=1).first()",
        "names = {}\nnames.update(Topic=Topic)",
        "def f(row: Topic) -> None:\n    row.campaigns.all()",
        "SQL = 'select update from outreach_topic'",
        "def f(Topic: str) -> None:\n    Topic.objects.create()",
    ],
)
def test_what_is_no_write_or_cannot_be_told_is_let_through(code: str) -> None:
    assert not list(writes_of(ast.parse(f"from outreach.preferences.models import Topic\n{code}")))
