from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.said_against import (
    said_against,
    said_against_by_the_gone,
    said_for_since,
    wished_since,
)
from outreach.preferences.wish_models import StatementTopic
from outreach.recipients.models import RecipientAddress


def excludes(question: Question) -> Q:
    """What they said against the topic, unless they asked for it since: the last word counts.

    The words of a contact that is there no more bind whoever has an address of theirs.
    """
    own = _last(
        question,
        said_against().filter(topic=question.topic_id),
        OuterRef("statement__recipient"),
    )
    return question.is_among(own, "statement__recipient") | question.is_among(
        _bound_by_the_gone(question), "recipient"
    )


def _bound_by_the_gone(question: Question) -> QuerySet[RecipientAddress]:
    """Of all who have an address of whoever spoke against it, since they are few."""
    said = said_against().filter(topic=question.topic_id)
    there = RecipientAddress.objects.filter(address=OuterRef(OuterRef("address")))
    left = said_against_by_the_gone().filter(
        topic=question.topic_id, statement__recipient__in=there.values("recipient")
    )
    last = _last(question, left, OuterRef(OuterRef("recipient")))
    return question.at_addresses_of(said, "statement__recipient").filter(Exists(last))


def _last(
    question: Question, said: QuerySet[StatementTopic], person: OuterRef
) -> QuerySet[StatementTopic]:
    wished = wished_since(person, question.channel, at=question.at)
    return said.exclude(wished).exclude(said_for_since(person))


RULE = Rule(
    code="told_against",
    sentence=_("told us in their own words that they do not want this"),
    plural=_("told us in their own words that they do not want this"),
    mend=_("Nothing: they can take it back, or choose the topic, on their preference page."),
    binds_routine=False,
    excludes=excludes,
)
