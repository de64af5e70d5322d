"""A bad rule is refused in words, and nothing of it comes near the database (B3)."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from outreach.groups.compile import people_by
from outreach.groups.facts import LOOKUPS, SETS
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.groups.registry import known_facts
from outreach.groups.rule import to_json, validate
from outreach.recipients.sources import SegmentField
from project.crm.contact_source import CrmContacts
from tests.groups.pages import CHANGE, form_data, login, text_of, url
from tests.groups.people import asks, in_italy, make_person, make_rule_group, rule_that
from tests.groups.test_rule_validation import BAD_RULES

pytestmark = pytest.mark.django_db

RULE = ContactGroup.Kind.RULE
ODD = "odd7f3a"
"""Stands in each bad value, to be looked for in what the database is asked."""


@pytest.fixture(autouse=True)
def crm_with_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {
        **CrmContacts.segment_fields,
        "number": SegmentField("pk", "number", "number"),
        "marked": SegmentField("do_not_contact", "marked", "boolean"),
    }
    monkeypatch.setattr(CrmContacts, "segment_fields", fields)


@contextmanager
def nothing_of_it_is_asked() -> Iterator[None]:
    with CaptureQueriesContext(connection) as queries:
        yield
    asked = [query["sql"] for query in queries]
    assert not [sql for sql in asked if ODD in sql]
    assert not [sql for sql in asked if '"outreach_contactgroup"' in sql and "SELECT" not in sql]
    assert not [sql for sql in asked if "crm_contact" in sql or "outreach_recipient" in sql]


VALUES: dict[str, dict[str, Any]] = {
    "a path of the ORM": asks(f"contact.company__{ODD}", "equals", ODD),
    "a password": asks("contact.owner__password", "starts", ODD),
    "an unknown field": asks(f"contact.{ODD}", "equals", ODD),
    "a regular expression": asks("contact.city", "regex", f"({ODD}+)+$"),
    "a look-up of the ORM": asks("contact.city", "icontains", ODD),
    "a comparison of another kind": asks("contact.city", "at_least", ODD),
    "a look-up with a path": asks("contact.city", "equals__in", ODD),
    "SQL in a choice": asks("contact.country", "equals", f"IT') UNION SELECT '{ODD}' --"),
    "SQL for days": asks("contact.customer_since", "in_last", f"1; DROP TABLE {ODD}"),
    "SQL for a number": asks("contact.number", "equals", f"1 OR '{ODD}'"),
    "SQL for a date": asks("contact.customer_since", "before", f"2026-01-01'; {ODD}"),
    "SQL for a group": asks("group", "includes", f"1 OR {ODD}"),
    "SQL for a campaign": asks("campaign.received", "includes", f"1) OR {ODD}"),
    "NUL in a text": asks("contact.city", "equals", f"{ODD}\0"),
    "NUL in a date": asks("contact.customer_since", "before", f"2026-01-0\0{ODD}"),
    "half a character": asks("contact.city", "equals", f"{ODD}\udfff"),
    "an escape": asks("contact.city", "equals", f"{ODD}\x1b[2J"),
    "not a number": asks("contact.number", "equals", math.nan),
    "infinity": asks("contact.number", "at_most", math.inf),
    "minus infinity": asks("contact.number", "at_least", -math.inf),
    "a huge number": asks("contact.number", "equals", 10**400),
    "an endless number": asks("contact.number", "equals", 10**5000),
    "a number too large for a float": asks("contact.number", "equals", 1e308),
    "a number for yes": asks("contact.marked", "yes", 1),
    "true for a number": asks("contact.number", "equals", True),
    "a text for a number": asks("contact.number", "equals", "12"),
    "a list for a number": asks("contact.number", "equals", [1, 2]),
    "an object for a date": asks("contact.customer_since", "before", {"year": 2026}),
    "31 February": asks("contact.customer_since", "before", "2026-02-31"),
    "other digits in a date": asks("contact.customer_since", "before", "٢٠٢٦-01-01"),
    "the year 0": asks("contact.customer_since", "before", "0000-01-01"),
    "a date with a time": asks("contact.customer_since", "before", "2026-01-01T00:00"),
    "a date as a number": asks("contact.customer_since", "before", 20260101),
    "days that are not": asks("contact.customer_since", "in_last", math.nan),
    "half a day": asks("contact.customer_since", "in_last", 0.5),
    "days before the calendar": asks("contact.customer_since", "longer_ago", 10**6),
    "a choice in other letters": asks("contact.country", "equals", "\uff29\uff34"),
}


@pytest.mark.parametrize("condition", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("depth", [0, 3])
def test_a_bad_condition_is_told_and_never_asked(condition: dict[str, Any], depth: int) -> None:
    for _level in range(depth):
        condition = {"match": "none", "conditions": [condition]}

    with nothing_of_it_is_asked(), pytest.raises(ValidationError) as refused:
        ContactGroup.objects.create(name="Bad", kind=RULE, rule=rule_that(in_italy(), condition))

    assert "Condition 2" in refused.value.messages[0]
    assert not ContactGroup.objects.exists()


@pytest.mark.parametrize(("rule", "words"), BAD_RULES.values(), ids=BAD_RULES.keys())
def test_a_bad_shape_is_never_asked_either(rule: Any, words: str) -> None:
    with nothing_of_it_is_asked(), pytest.raises(ValidationError):
        ContactGroup.objects.create(name="Bad", kind=RULE, rule=rule)


@pytest.mark.parametrize(
    "text",
    ["' OR 1=1 --", '"; DROP TABLE crm_contact; --', "%s %(x)s {0}", "%_\\", "😀 Ж ñ ﷽", "İı"],
)
def test_any_text_is_no_more_than_a_value(text: str) -> None:
    fits = make_person("Maria", city=f"x {text} y")
    make_person("Ivan", city="Asti")

    group = make_rule_group(asks("contact.city", "contains", text))

    assert list(members_of(group)) == [fits]


FORMS = {
    name: (condition["fact"], condition["is"], str(condition.get("value", "")))
    for name, condition in VALUES.items()
    if not name.startswith(("an endless", "half a character", "a number for yes", "a text for a"))
    and name not in {"true for a number", "other digits in a date", "a date with a time"}
}


@pytest.mark.parametrize("row", FORMS.values(), ids=FORMS.keys())
def test_the_form_is_shown_again_with_words_at_the_row(row: tuple[str, str, str]) -> None:
    client = login(*CHANGE)
    data = form_data(("contact.country", "equals", "IT"), row)

    for address in (url("add"), url("preview_new")):
        with nothing_of_it_is_asked():
            answer = client.post(address, data)
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
    assert "Until then nobody is counted." in text_of(answer)
    assert not ContactGroup.objects.exists()


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["all", "any", "none", "IT", "2026-01-01", "contact.city", "equals", "\0"])
)
CODES = sorted({one.code for lookups in (*LOOKUPS.values(), SETS) for one in lookups})
FACTS = ["contact.country", "contact.city", "contact.number", "contact.marked", "interest", "group"]
FACTS += ["contact.customer_since", "person.language", "message.last", "campaign.received"]
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={"fact": st.sampled_from(FACTS) | JSON, "is": st.sampled_from(CODES), "value": JSON},
)
BLOCKS = st.recursive(
    CONDITIONS | JSON,
    lambda inner: st.fixed_dictionaries(
        {"match": st.sampled_from(["all", "any", "none"]) | JSON, "conditions": st.lists(inner)}
    ),
    max_leaves=8,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([])
@example({"match": "all", "conditions": [asks("contact.number", "equals", -0.0)]})
@given(raw=JSON | BLOCKS)
def test_whatever_json_there_is_it_is_a_rule_or_refused(raw: Any) -> None:
    rule = {"version": 2, **raw} if isinstance(raw, dict) else raw
    try:
        read = validate(rule, known=known_facts(""))
    except ValidationError as refused:
        said = " ".join(refused.messages)
        assert said
        assert "\0" not in said
        return
    # What was let in can be asked of the database, and is the same once stored.
    people_by(read).count()
    assert to_json(validate(to_json(read))) == to_json(read)
