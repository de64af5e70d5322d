"""What we wrote to one person at one address, each with its reasons (B5, D4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString

from outreach.campaigns.merge import fields_of, fill
from outreach.campaigns.models import Campaign, CampaignGroup
from outreach.centre.link import Link
from outreach.centre.wording import date_html, how_asked
from outreach.groups.belonging import Belonging
from outreach.ledger.models import Attempt
from outreach.preferences.models import Act, ConsentRecord, Objection, Purpose, Source, Subscription

LOOKS_BACK = timedelta(days=365)
A_PAGE = 20
CONSENT = "consent_pk"
AIMS = "aims_meant"


@dataclass(frozen=True, slots=True)
class Asked:
    """The wish on record when a message went: when and how, where, in which words."""

    because: SafeString
    where: str
    wording: str


@dataclass(frozen=True, slots=True)
class Written:
    """One message. `key` names it in a form; `groups` are those of its campaign that the person
    is in now; `is_refused` where they want no more of the topic already.
    """

    key: str
    on: SafeString
    subject: str
    topic: str
    is_routine: bool
    is_refused: bool
    asked: Asked | None
    groups: list[Belonging]
    justification: str


@dataclass(frozen=True, slots=True)
class Writings:
    page: "Page[Attempt]"
    messages: list[Written]


def messages_to(link: Link) -> QuerySet[Attempt]:
    """What was handed over to this person at this address in the last year, newest first.

    Of several tries of one message the last.
    """
    handed_over = Attempt.objects.filter(handed_over_at__isnull=False).exclude(
        outcome__in=[Attempt.Outcome.RELEASED, Attempt.Outcome.REFUSED]
    )
    later = handed_over.filter(delivery=OuterRef("delivery"), number__gt=OuterRef("number"))
    return handed_over.filter(
        ~Exists(later),
        delivery__recipient=link.recipient,
        delivery__address=link.address,
        handed_over_at__gte=timezone.now() - LOOKS_BACK,
    ).order_by("-handed_over_at", "-pk")


def written_to(link: Link, number: str | None, groups: Collection[Belonging]) -> Writings:
    """One page of the messages, in a number of queries that does not depend on how many."""
    page = Paginator(_with_reasons(link), A_PAGE).get_page(number)
    attempts = list(cast("QuerySet[Attempt]", page.object_list))
    records = ConsentRecord.objects.select_related("evidence", "wording").in_bulk(
        [pk for attempt in attempts if (pk := getattr(attempt, CONSENT))]
    )
    fields = fields_of(link.recipient)
    refused = _refused_by(link)
    return Writings(page, [_written(each, records, groups, refused, fields) for each in attempts])


def _with_reasons(link: Link) -> QuerySet[Attempt]:
    wishes = ConsentRecord.objects.filter(
        recipient=link.recipient,
        topic=OuterRef("delivery__run__campaign__topic"),
        channel=OuterRef("delivery__channel"),
        act=Act.GRANT,
        at__lte=OuterRef("claimed_at"),
    ).order_by("-at", "-pk")
    meant = CampaignGroup.objects.filter(is_left_out=False)
    return (
        messages_to(link)
        .annotate(**{CONSENT: Subquery(wishes.values("pk")[:1])})
        .select_related("delivery__run__campaign__topic")
        .prefetch_related(
            "delivery__run__campaign__variants",
            Prefetch("delivery__run__campaign__aims", meant, to_attr=AIMS),
        )
    )


def _refused_by(link: Link) -> set[int]:
    channel = link.channel
    own = Subscription.objects.filter(recipient=link.recipient, channel=channel, is_granted=False)
    there = Objection.objects.filter(address=link.address)
    return {*own.values_list("topic", flat=True), *there.values_list("topic", flat=True)}


def _written(
    attempt: Attempt,
    records: Mapping[int, ConsentRecord],
    groups: Collection[Belonging],
    refused: Collection[int],
    fields: Mapping[str, str],
) -> Written:
    campaign = attempt.delivery.run.campaign
    meant = {aim.group_id for aim in getattr(campaign, AIMS)}
    record = records.get(getattr(attempt, CONSENT))
    return Written(
        key=attempt.key.hex,
        on=date_html(cast(datetime, attempt.handed_over_at)),
        subject=_subject(campaign, attempt.delivery.channel, fields),
        topic=campaign.topic.name,
        is_routine=campaign.purpose == Purpose.ROUTINE,
        is_refused=campaign.topic_id in refused,
        asked=_asked(record) if record else None,
        groups=[each for each in groups if each.group.pk in meant],
        justification=campaign.justification,
    )


def _subject(campaign: Campaign, channel: str, fields: Mapping[str, str]) -> str:
    """As this person read it; a campaign that was sent is not edited any more."""
    subjects = (each.subject for each in campaign.variants.all() if each.channel == channel)
    return fill(next(subjects, ""), fields)


def _asked(record: ConsentRecord) -> Asked:
    evidence = getattr(record, "evidence", None)  # erased, or never written down
    note = evidence.note.strip() if evidence else ""
    return Asked(
        because=how_asked(Source(record.source), record.at),
        # What follows the first line is for those who have to prove it.
        where=note.partition("\n")[0],
        wording=record.in_which_words,
    )
