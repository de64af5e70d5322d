"""From everybody in the groups to those who get the message, one line a reason (D6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise

from outreach.eligibility.rules import rule_of
from outreach.ledger.models import Delivery, Run
from outreach.ledger.reasons import NO_LONGER_KNOWN


@dataclass(frozen=True, slots=True)
class Bar:
    """`count` people are left out for the reason `code`; `sentence` says it in words."""

    code: str
    sentence: str | Promise
    count: int


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`candidates` is the sum of `included` and of all bars; the longest bar comes first."""

    candidates: int
    bars: tuple[Bar, ...]
    included: int


def waterfall(run: Run) -> Waterfall:
    """The figures of a frozen run."""
    counted = Delivery.objects.filter(run=run).values_list("reason").annotate(Count("pk"))
    return waterfall_of(dict(counted.order_by()))


def waterfall_of(by_reason: Mapping[str, int]) -> Waterfall:
    """People by the code of the reason; those without one are written to."""
    bars = [Bar(code, sentence_of(code), count) for code, count in by_reason.items() if code]
    return Waterfall(
        candidates=sum(by_reason.values()),
        bars=tuple(sorted(bars, key=lambda bar: (-bar.count, bar.code))),
        included=by_reason.get("", 0),
    )


def sentence_of(code: str) -> str | Promise:
    """A reason in words, for several people."""
    rule = rule_of(code)
    return rule.plural if rule else NO_LONGER_KNOWN
