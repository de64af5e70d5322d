"""Questions that differ only in whom, what and when have the same SQL: they have one shape."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

from outreach.eligibility.rule import KeyRange, Keys, Question
from outreach.prepared import Asked, AskedKeys, asked_date, asked_key, asked_time

_ONE, _INSTANT, _DATE = 1, datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1)


def shape_of(question: Question) -> Question:
    """The question with nothing in it that a query can be given when it is run."""
    within = question.within
    if isinstance(within, KeyRange):
        within = KeyRange(_ONE, _ONE)
    elif isinstance(within, Keys):
        within = Keys((_ONE,) * _count(within))
    return replace(
        question,
        topic_id=_ONE,
        at=_INSTANT,
        on=_DATE,
        run_id=_ONE if question.run_id else None,
        within=within,
    )


def opened(shape: Question) -> Question:
    """A question of this shape, with an Asked for whatever is given when its query is run.

    Its types do not tell: of all rules only our own meet it, and none of them looks at a value.
    A host's rule may meet an open range, by way of `question.has`.
    """
    within: Any = shape.within
    if isinstance(within, KeyRange):
        within = KeyRange(*cast(Any, (asked_key("after"), asked_key("upto"))))
    elif isinstance(within, Keys):
        within = Keys(cast(Any, AskedKeys("people", len(within.keys))))
    left_open: dict[str, Any] = {
        "topic_id": asked_key("topic"),
        "at": asked_time("at"),
        "on": asked_date("on"),
        "run_id": asked_key("run") if shape.run_id else None,
    }
    return replace(shape, within=within, **left_open)


def is_open(question: Question) -> bool:
    return isinstance(cast(Any, question.topic_id), Asked)


def given(question: Question) -> Mapping[str, Any]:
    """What `opened` left open."""
    values = {
        "topic": question.topic_id,
        "at": question.at,
        "on": question.on,
        "run": question.run_id,
    }
    within = question.within
    if isinstance(within, KeyRange):
        return {**values, "after": within.after, "upto": within.upto}
    if isinstance(within, Keys):
        return {**values, "people": _filled(tuple(within.keys), _count(within))}
    return values


def _count(few: Keys) -> int:
    """Rounded up, so that there are few shapes."""
    return 1 << max(len(few.keys) - 1, 0).bit_length()


def _filled(keys: tuple[int, ...], count: int) -> tuple[int, ...]:
    """The last one is asked for again: no answer differs for it."""
    return keys + (keys[-1:] or (0,)) * (count - len(keys))
