"""Why somebody got a message: asked of the records, not of memory (B5, D4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Value
from django.utils.safestring import SafeString

from outreach.campaigns.models import Campaign, CampaignGroup
from outreach.centre.link import Link
from outreach.centre.wording import date_html, how_asked
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.preferences.models import Act, ConsentRecord, Purpose, Source
from outreach.prepared import Prepared, Question, asked_key, asked_text, asked_time
from outreach.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Asked:
    """The wish that was on record when the message went; `wording` in the words of the day."""

    because: SafeString
    wording: str


@dataclass(frozen=True, slots=True)
class Why:
    written_on: SafeString
    topic: str
    is_routine: bool
    asked: Asked | None
    groups: list[str]
    justification: str


def _granted() -> "QuerySet[ConsentRecord, tuple[Any, ...]]":
    """The last wish before a message."""
    granted = ConsentRecord.objects.filter(
        recipient=asked_key("person"),
        topic=asked_key("topic"),
        channel=asked_text("channel"),
        act=Act.GRANT,
        at__lte=asked_time("at"),
    )
    return granted.values_list("source", "at", "evidence__wording", "wording__text")[:1]


def _aims() -> "QuerySet[CampaignGroup, tuple[Any, ...]]":
    """Groups that a campaign is for, each with whether the person was picked for it by hand."""
    hand = ContactGroup.objects.filter(pk=OuterRef("group"), kind=ContactGroup.Kind.HAND)
    picked = Membership.objects.filter(group=OuterRef("group"), recipient=asked_key("person"))
    said_no = GroupExclusion.objects.filter(group=OuterRef("group"), recipient=asked_key("person"))
    aims = CampaignGroup.objects.filter(campaign=asked_key("campaign"), is_left_out=False)
    return (
        aims.exclude(group__description="")
        .annotate(is_in=Exists(hand) & Exists(picked) & ~Exists(said_no))
        .values_list("group", "group__description", "group__kind", "is_in")
    )


_GRANTED = Prepared(_granted)
_AIMS = Prepared(_aims)


def why_asked(link: Link, now: datetime) -> Iterator[Question]:
    """What why asks of everybody."""
    yield _GRANTED.about(**_wish_before(link, _claimed_at(link) or now))
    if link.campaign:
        yield _AIMS.about(campaign=link.campaign.pk, person=link.recipient.pk)


def why(link: Link, now: datetime) -> Why:
    """The reasons for the mail the link came from."""
    campaign, claimed_at = link.campaign, _claimed_at(link) or now
    written_at = (link.attempt and link.attempt.handed_over_at) or claimed_at
    return Why(
        written_on=date_html(written_at),
        topic=link.topic.name,
        is_routine=(campaign or link.topic).purpose == Purpose.ROUTINE,
        asked=_asked(link, before=claimed_at),
        groups=_groups(campaign, link) if campaign else [],
        justification=campaign.justification if campaign else "",
    )


def _claimed_at(link: Link) -> datetime | None:
    """When it was decided to write; None for a letter nobody remembers sending."""
    if link.attempt:
        return link.attempt.claimed_at
    return link.renewal.asked_at if link.renewal else None


def _asked(link: Link, *, before: datetime) -> Asked | None:
    for source, at, written, wording in _GRANTED.rows(**_wish_before(link, before)):
        # Without words they were erased, or never written down.
        return Asked(because=how_asked(Source(source), at), wording=written or wording or "")
    return None


def _wish_before(link: Link, at: datetime) -> dict[str, Any]:
    person, topic = link.recipient.pk, link.topic.pk
    return {"person": person, "topic": topic, "channel": link.channel, "at": at}


def _groups(campaign: Campaign, link: Link) -> list[str]:
    """Those of the campaign's groups the person is in, where staff wrote for them who they are."""
    aims = _AIMS.rows(campaign=campaign.pk, person=link.recipient.pk)
    ruled = {key for key, _description, kind, _in in aims if kind == ContactGroup.Kind.RULE}
    found = _found_by_rule(ruled, link) if ruled else set()
    return [said for key, said, _kind, is_picked in aims if is_picked or key in found]


def _found_by_rule(keys: set[int], link: Link) -> set[int]:
    groups = ContactGroup.objects.filter(pk__in=keys)
    asked = [each for group in groups if (each := _asking_if_in(group, link)) is not None]
    return set(asked[0].union(*asked[1:]).order_by()) if asked else set()


def _asking_if_in(group: ContactGroup, link: Link) -> "QuerySet[Recipient, int] | None":
    """A query for the group's key where the person is in it; None where its rule is broken."""
    try:
        members = members_of(group).filter(pk=link.recipient.pk).order_by()
    except BrokenRule:
        return None
    key = Value(group.pk, output_field=BigIntegerField())
    return members.annotate(group_key=key).values_list("group_key", flat=True)
