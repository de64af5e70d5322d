"""The question of a claim, asked again of a few people who are about to be written to (B1)."""

from functools import lru_cache
from typing import NamedTuple

from django.core.signals import setting_changed
from django.db.models import Case, Q, QuerySet, Value, When
from django.dispatch import receiver

from outreach.conf import conf
from outreach.eligibility.decide import REASON, with_reason
from outreach.eligibility.ignored import is_last_call
from outreach.eligibility.rule import ADDRESS, Question
from outreach.eligibility.shape import given, opened, shape_of
from outreach.kept_plans import kept_plans
from outreach.prepared import Prepared
from outreach.recipients.models import Recipient


class Answer(NamedTuple):
    """`reason` is the code of the first rule that says no, or ""."""

    recipient_id: int
    address_id: int | None
    reason: str
    is_last_call: bool


def ask_again(question: Question) -> list[Answer]:
    """One answer for each of the people that the question is `within`; in a transaction.

    The query is made, and planned by the database, for the first claim and not for each.
    """
    if conf().rules:  # a host's own rule may put anything into its query
        return [Answer(*row) for row in asked_again(question)]
    with kept_plans():
        rows = _prepared(shape_of(question)).rows(**given(question))
    return [Answer(key, address, reason, bool(last)) for key, address, reason, last in rows]


@lru_cache(maxsize=64)
def _prepared(shape: Question) -> Prepared:
    return Prepared(lambda: asked_again(opened(shape)))


def asked_again(question: Question) -> "QuerySet[Recipient, tuple[int, int | None, str, bool]]":
    """The query: rows of an Answer for the people whom the question is `within`."""
    who = question.within.of("pk") if question.within else Q()
    people = Recipient.objects.filter(who).order_by()
    last_call = Case(When(is_last_call(question), then=Value(True)), default=Value(False))
    asked = with_reason(people, question).annotate(outreach_last_call=last_call)
    return asked.values_list("pk", ADDRESS, REASON, "outreach_last_call")


@receiver(setting_changed, dispatch_uid="outreach.eligibility.again")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        _prepared.cache_clear()
