"""Why a person is in a group, or is not: condition by condition (B3)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Count

from outreach.groups.compile import condition_of, rule_of
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.groups.rule import Condition, Match, Rule
from outreach.groups.sentence import clause
from outreach.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Line:
    """One condition in words, to follow "people", and whether it holds for the person.

    `keeps_out` where it is one of those for which the rule does not find them.
    """

    clause: str
    holds: bool
    keeps_out: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Several lines or blocks, of which all, any or none have to hold, and whether it is so."""

    match: Match
    holds: bool
    parts: "tuple[Line | Block, ...]"


@dataclass(frozen=True, slots=True)
class Explanation:
    """`block` for a group by rule, `membership` for one picked by hand.

    `exclusion` where the person said that they do not belong, whatever else holds (D4).
    """

    is_member: bool
    is_erased: bool
    block: Block | None = None
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
    block = _weighed(_block(rule, _holding(rule, recipient)), must_hold=True)
    return Explanation(is_member, is_erased, block=block, exclusion=said_no)


def _holding(rule: Rule, recipient: Recipient) -> Iterator[bool]:
    """Whether each condition holds, in their order, asked in one query."""
    asked = {
        f"holds_{number}": Count("pk", filter=condition_of(condition))
        for number, condition in enumerate(rule.conditions())
    }
    holds = Recipient.objects.filter(pk=recipient.pk).aggregate(**asked)
    return (bool(holds[name]) for name in asked)


def _block(rule: Rule, holding: Iterator[bool]) -> Block:
    """Takes as many from `holding` as the rule has conditions."""
    parts = tuple(_part(part, holding) for part in rule.parts)
    found = any(part.holds for part in parts)
    holds = {
        Match.ALL: all(part.holds for part in parts),
        Match.ANY: found,
        Match.NONE: not found,
    }
    return Block(rule.match, holds[rule.match], parts)


def _weighed(block: Block, *, must_hold: bool) -> Block:
    """With a mark at each condition that keeps the person out.

    In a block that is as it must be, none does. Else: where one part that differs would be
    enough, each part does; where every part counts, those that are not as they must be.
    """
    if block.holds == must_hold:
        return block
    part_must_hold = must_hold != (block.match == Match.NONE)
    parts = (_weighed_part(part, must_hold=part_must_hold) for part in block.parts)
    return replace(block, parts=tuple(parts))


def _weighed_part(part: Line | Block, *, must_hold: bool) -> Line | Block:
    if isinstance(part, Block):
        return _weighed(part, must_hold=must_hold)
    return replace(part, keeps_out=part.holds != must_hold)


def _part(part: Condition | Rule, holding: Iterator[bool]) -> Line | Block:
    if isinstance(part, Rule):
        return _block(part, holding)
    return Line(clause(part), next(holding))
