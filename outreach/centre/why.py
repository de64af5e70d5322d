"""Why somebody got a message: asked of the records, not of memory (B5, D4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, QuerySet, Value
from django.utils import timezone
from django.utils.safestring import SafeString

from outreach.campaigns.models import Campaign
from outreach.centre.link import Link
from outreach.centre.wording import date_html, how_asked
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.preferences.models import Act, ConsentRecord, Purpose, Source
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


def why(link: Link) -> Why:
    """The reasons for the mail the link came from."""
    campaign, written_at = link.campaign, _written_at(link)
    return Why(
        written_on=date_html(written_at),
        topic=link.topic.name,
        is_routine=(campaign or link.topic).purpose == Purpose.ROUTINE,
        asked=_asked(link, before=_claimed_at(link)),
        groups=_groups(campaign, link) if campaign else [],
        justification=campaign.justification if campaign else "",
    )


def _written_at(link: Link) -> datetime:
    return (link.attempt and link.attempt.handed_over_at) or _claimed_at(link)


def _claimed_at(link: Link) -> datetime:
    """When it was decided to write; for a letter nobody remembers sending, now."""
    if link.attempt:
        return link.attempt.claimed_at
    return (link.renewal and link.renewal.asked_at) or timezone.now()


def _asked(link: Link, *, before: datetime) -> Asked | None:
    record = (
        ConsentRecord.objects.filter(
            recipient=link.recipient,
            topic=link.topic,
            channel=link.channel,
            act=Act.GRANT,
            at__lte=before,
        )
        .select_related("evidence", "wording")
        .first()
    )
    if record is None:
        return None
    return Asked(because=how_asked(Source(record.source), record.at), wording=record.in_which_words)


def _groups(campaign: Campaign, link: Link) -> list[str]:
    """Those of the campaign's groups the person is in, where staff wrote for them who they are."""
    aims = campaign.aims.filter(is_left_out=False).exclude(group__description="")
    groups = {aim.group_id: aim.group for aim in aims.select_related("group")}
    asked = list(filter(None, (_asking_if_in(group, link) for group in groups.values())))
    return (
        [groups[key].description for key in asked[0].union(*asked[1:]).order_by()] if asked else []
    )


def _asking_if_in(group: ContactGroup, link: Link) -> "QuerySet[Recipient, int] | None":
    """A query for the group's key where the person is in it; None where its rule is broken."""
    try:
        members = members_of(group).filter(pk=link.recipient.pk).order_by()
    except BrokenRule:
        return None
    key = Value(group.pk, output_field=BigIntegerField())
    return members.annotate(group_key=key).values_list("group_key", flat=True)
