"""May we write to these people? One set of expressions, for one person as for a million."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from outreach.eligibility.rule import ADDRESS, Question, Rule
from outreach.eligibility.rules import RULES
from outreach.preferences.models import Purpose, Topic
from outreach.recipients.models import Recipient, RecipientAddress

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


def question_for(
    topic: Topic, channel: str, *, purpose: str = "", run_id: int | None = None
) -> Question:
    """The question as it stands at this instant."""
    now = timezone.now()
    return Question(
        topic_id=topic.pk,
        channel=channel,
        purpose=purpose or topic.purpose,
        at=now,
        on=house_date(now),
        run_id=run_id,
    )


def rules_for(question: Question) -> list[Rule]:
    """The rules that bind this purpose."""
    is_routine = question.purpose == Purpose.ROUTINE
    return [rule for rule in RULES if rule.binds_routine or not is_routine]


def with_address(people: QuerySet[Recipient], channel: str) -> QuerySet[Recipient]:
    """Annotate ADDRESS: the address of first choice on the channel."""
    held = RecipientAddress.objects.filter(recipient=OuterRef("pk"), channel=channel)
    return people.annotate(
        **{ADDRESS: Subquery(held.order_by("position", "pk").values("address")[:1])}
    )


def with_reason(people: QuerySet[Recipient], question: Question) -> QuerySet[Recipient]:
    """Annotate ADDRESS, and REASON: the code of the first rule that says no, or ""."""
    asked = [When(rule.excludes(question), then=Value(rule.code)) for rule in rules_for(question)]
    return with_address(people, question.channel).annotate(
        **{REASON: Case(*asked, default=Value(""))}
    )


def may_contact(recipient: Recipient, topic: Topic, channel: str) -> Decision:
    """The decision for one person, with every reason."""
    question = question_for(topic, channel)
    rules = rules_for(question)
    says_no = [
        Case(When(rule.excludes(question), then=Value(True)), default=Value(False))
        for rule in rules
    ]
    people = with_address(Recipient.objects.filter(pk=recipient.pk), channel)
    address_id, *answers = people.values_list(ADDRESS, *says_no).get()
    refused = tuple(rule for rule, answer in zip(rules, answers, strict=True) if answer)
    return Decision(address_id=address_id, refused_by=refused)
