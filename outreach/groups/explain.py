"""Why a person is in a group, or is not: condition by condition (B3)."""

from dataclasses import dataclass

from django.db.models import Count

from outreach.groups.compile import condition_of, rule_of
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.groups.rule import Match, Rule
from outreach.groups.sentence import clause
from outreach.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Line:
    """One condition in words, to follow "people", and whether it holds for the person."""

    clause: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """`lines` and `match` for a group by rule, `membership` for one picked by hand.

    `exclusion` where the person said that they do not belong, whatever else holds (D4).
    """

    is_member: bool
    is_erased: bool
    match: Match | None = None
    lines: tuple[Line, ...] = ()
    membership: Membership | None = None
    exclusion: GroupExclusion | None = None


def explain(group: ContactGroup, recipient: Recipient) -> Explanation:
    """Raises BrokenRule."""
    is_member = members_of(group).filter(pk=recipient.pk).exists()
    is_erased = recipient.erased_at is not None
    said_no = GroupExclusion.objects.filter(group=group, recipient=recipient).first()
    if group.kind == ContactGroup.Kind.HAND:
        membership = Membership.objects.filter(group=group, recipient=recipient).first()
        return Explanation(is_member, is_erased, membership=membership, exclusion=said_no)
    rule = rule_of(group)
    lines = _lines(rule, recipient)
    return Explanation(is_member, is_erased, match=rule.match, lines=lines, exclusion=said_no)


def _lines(rule: Rule, recipient: Recipient) -> tuple[Line, ...]:
    holds = Recipient.objects.filter(pk=recipient.pk).aggregate(
        **{
            f"holds_{number}": Count("pk", filter=condition_of(condition))
            for number, condition in enumerate(rule.conditions)
        }
    )
    return tuple(
        Line(clause(condition), bool(holds[f"holds_{number}"]))
        for number, condition in enumerate(rule.conditions)
    )
