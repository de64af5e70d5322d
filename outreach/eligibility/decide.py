"""May we write to these people? One set of expressions, for one person as for a million."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from outreach.campaigns.approach import Approach
from outreach.campaigns.models import Campaign
from outreach.conf import conf
from outreach.eligibility.addressed import with_address
from outreach.eligibility.compiled import excludes
from outreach.eligibility.rule import ADDRESS, KeyRange, Keys, Question, Rule
from outreach.eligibility.rules import rules
from outreach.ledger.models import Run
from outreach.preferences.models import Purpose, Topic
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Recipient

REASON = "outreach_reason"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one person: every rule that says no, in the order asked."""

    address_id: int | None
    refused_by: tuple[Rule, ...]

    @property
    def is_allowed(self) -> bool:
        return not self.refused_by


def house_date(at: datetime) -> date:
    """The date on which a message counts: in the site's own time zone, whoever looks."""
    return timezone.localdate(at, timezone.get_default_timezone())


def question_for(topic: Topic, channel: str, *, purpose: str = "") -> Question:
    """The question about a topic as it stands at this instant, apart from any campaign."""
    now = timezone.now()
    return Question(
        topic_id=topic.pk,
        channel=channel,
        purpose=purpose or topic.purpose,
        at=now,
        on=house_date(now),
        least_stage=topic.least_stage,
        silent_after=topic.silent_after or conf().silent_after,
    )


def question_of(run: Run, *, within: KeyRange | Keys | None = None) -> Question:
    """The question that a campaign's run asks, about people `within` a range or about all."""
    about = question_about(run.campaign, run.channel)
    return replace(about, run_id=run.pk, within=within)


def question_about(campaign: Campaign, channel: str) -> Question:
    """The same for a campaign of which nobody has been worked out yet."""
    groups: tuple[int, ...] = ()
    if campaign.approach == Approach.SALE:  # nothing else is asked by them
        aims = campaign.aims.filter(is_left_out=False).order_by("group")
        groups = tuple(aims.values_list("group", flat=True))
    return replace(
        question_for(campaign.topic, channel, purpose=campaign.purpose),
        approach=campaign.approach,
        group_ids=groups,
        coordination_id=campaign.coordination_id,
        coordination_rank=campaign.coordination_rank,
        passes_cap=bool(campaign.cap_reason.strip()),
    )


def rules_for(question: Question) -> list[Rule]:
    """The rules that bind this purpose."""
    is_routine = question.purpose == Purpose.ROUTINE
    return [rule for rule in rules() if rule.binds_routine or not is_routine]


def with_reason(
    people: QuerySet[Recipient], question: Question, *, but: Collection[str] = ()
) -> QuerySet[Recipient]:
    """Annotate ADDRESS, and REASON: the code of the first rule that says no, or "".

    Rules whose code is in `but` are not asked.
    """
    asked = [
        When(excludes(rule, question), then=Value(rule.code))
        for rule in rules_for(question)
        if rule.code not in but
    ]
    return with_address(people, question.channel, within=question.within).annotate(
        **{REASON: Case(*asked, default=Value(""))}
    )


def may_contact(recipient: Recipient, topic: Topic, channel: str) -> Decision:
    """The decision for one person, with every reason."""
    return decide_for(recipient, question_for(topic, channel))


def decide_for(recipient: Recipient, question: Question) -> Decision:
    """The decision for one person on any question, with every reason."""
    return decide_each([recipient.pk], question)[recipient.pk]


def decide_each(recipient_ids: Collection[int], question: Question) -> dict[int, Decision]:
    """The same for several people at once, by their keys; for as many as fit on a page."""
    asked = rules_for(question)
    question = replace(question, within=Keys(tuple(recipient_ids)))
    people = Recipient.objects.filter(pk__in=recipient_ids)
    with asking_of_many():  # or the database takes longer to compile the query than to run it
        rows = list(with_answers(people, question))
    return {
        key: Decision(
            address_id=address_id,
            refused_by=tuple(rule for rule, no in zip(asked, answers, strict=True) if no),
        )
        for key, address_id, *answers in rows
    }


def with_answers(
    people: QuerySet[Recipient], question: Question
) -> "QuerySet[Recipient, tuple[Any, ...]]":
    """Rows of key, address or None, and what each of the rules for this purpose says."""
    says_no = [
        Case(When(excludes(rule, question), then=Value(True)), default=Value(False))
        for rule in rules_for(question)
    ]
    asked = with_address(people, question.channel, within=question.within)
    return asked.values_list("pk", ADDRESS, *says_no)
