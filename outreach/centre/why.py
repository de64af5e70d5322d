"""Why somebody got a message: asked of the records, not of memory (B5, D4)."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, QuerySet, Value
from django.utils.safestring import SafeString

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
    """The reasons for the message the link came from."""
    return Why(
        written_on=date_html(link.attempt.handed_over_at or link.attempt.claimed_at),
        topic=link.topic.name,
        is_routine=link.campaign.purpose == Purpose.ROUTINE,
        asked=_asked(link),
        groups=_groups(link),
        justification=link.campaign.justification,
    )


def _asked(link: Link) -> Asked | None:
    record = (
        ConsentRecord.objects.filter(
            recipient=link.recipient,
            topic=link.topic,
            channel=link.delivery.channel,
            act=Act.GRANT,
            at__lte=link.attempt.claimed_at,
        )
        .select_related("evidence")
        .first()
    )
    if record is None:
        return None
    evidence = getattr(record, "evidence", None)  # erased, or never written down
    return Asked(
        because=how_asked(Source(record.source), record.at),
        wording=evidence.wording if evidence else "",
    )


def _groups(link: Link) -> list[str]:
    """Those of the campaign's groups the person is in, where staff wrote for them who they are."""
    aims = link.campaign.aims.filter(is_left_out=False).exclude(group__description="")
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
