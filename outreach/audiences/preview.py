"""Who would get a campaign if it were worked out now: nothing is written down (D6).

One query says the same as a freeze at the same instant, since it asks the same people the same
question.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from outreach.audiences.candidates import candidates_of
from outreach.audiences.waterfall import Waterfall, waterfall_of
from outreach.campaigns.models import Campaign
from outreach.eligibility.decide import REASON, question_about, with_reason
from outreach.eligibility.decide_many import counts_of
from outreach.eligibility.rule import ADDRESS, Everybody, Question
from outreach.eligibility.rules import shared_address
from outreach.ledger.models import Delivery
from outreach.preferences.models import Purpose
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Channel, Recipient

SHARED = shared_address.RULE.code


@dataclass(frozen=True, slots=True)
class Overlap:
    """`people` in the groups are in another campaign of the same week too."""

    campaign: Campaign
    people: int


def preview(campaign: Campaign) -> Waterfall:
    """The figures that a freeze would give now. Raises BrokenRule.

    Of people who share an address one is written to, as in a freeze.
    """
    everybody = Everybody()
    question = replace(question_about(campaign, Channel.EMAIL), within=everybody)
    with asking_of_many():
        counts = counts_of(candidates_of(campaign, everybody), question)
    by_reason = Counter(counts.by_reason)
    if twice := by_reason[""] - counts.places:
        by_reason.update({"": -twice, SHARED: twice})
    return waterfall_of(by_reason)


def people(campaign: Campaign, which: str | None) -> QuerySet[Recipient]:
    """The people behind one line, with ADDRESS and REASON; `which` is a code, "" for who gets it.

    None is everybody in the groups. Raises BrokenRule.
    """
    decided = _decided(campaign)
    if which is None:
        return decided
    if which not in ("", SHARED):
        return decided.filter(**{REASON: which})
    of_address = Window(RowNumber(), partition_by=F(ADDRESS), order_by=F("pk").asc())
    may_be_written_to = decided.filter(**{REASON: ""}).annotate(outreach_turn=of_address)
    if which == SHARED:
        return may_be_written_to.filter(outreach_turn__gt=1)
    return may_be_written_to.filter(outreach_turn=1)


def overlaps(campaign: Campaign) -> Sequence[Overlap]:
    """Other campaigns that reach, or may reach, some of these people within the same week (C7).

    Asked of everybody in the groups: who has had the message of another campaign is left out of
    this one by the weekly limit. The campaign with the most of them comes first.
    """
    nearby = _near(campaign, question_about(campaign, Channel.EMAIL))
    counted = (
        nearby.filter(recipient__in=candidates_of(campaign).order_by().values("pk"))
        .values_list("run__campaign")
        .annotate(people=Count("recipient", distinct=True))
        .order_by("-people", "run__campaign")
    )
    with asking_of_many():
        found = dict(counted)
    campaigns = Campaign.objects.in_bulk(found)
    return [Overlap(campaigns[key], count) for key, count in found.items()]


def _near(campaign: Campaign, question: Question) -> QuerySet[Delivery]:
    """What others reserved for the week, and what they have worked out and not submitted yet.

    Routine messages take no place in the week, and are not counted.
    """
    is_near = Q(cap_on__range=question.cap_window)
    may_be = Q(
        cap_on__isnull=True,
        state=Delivery.State.PLANNED,
        run__campaign__purpose=Purpose.COMMERCIAL,
    )
    return (
        Delivery.objects.filter(is_near | may_be, run__current_slot__isnull=False)
        .exclude(run__campaign=campaign)
        .filter(state__in=Delivery.INCLUDED)
    )


def _decided(campaign: Campaign) -> QuerySet[Recipient]:
    return with_reason(candidates_of(campaign), question_about(campaign, Channel.EMAIL))
