"""What rules of groups may ask about the messages of campaigns that went out to a person (B3)."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign
from outreach.groups.facts import LOOKUPS, SETS, Choice, Fact, Kind, Lookup, Text, Value
from outreach.groups.latest_fact import LatestFact
from outreach.ledger.models import Attempt, Delivery, Run
from outreach.preferences.models import Topic

SECTION = _("Messages")
BY_TOPIC = _("Messages by topic")
NOT_OUT = (Attempt.Outcome.RELEASED, Attempt.Outcome.REFUSED)
"""Everything else may have arrived."""


class BouncedFact:
    """Whether mail came back from an address that they still have (B2)."""

    name = "message.bounced"
    label: Text = _("mail came back")
    section: Text = SECTION
    kind = Kind.BOOLEAN
    lookups: tuple[Lookup, ...] = LOOKUPS[Kind.BOOLEAN]
    choices: tuple[Choice, ...] = ()
    phrases: Mapping[str, Text] = {
        "yes": _("from whose address mail came back"),
        "no": _("from whose address no mail came back"),
    }

    def condition(self, lookup: str, value: Value) -> Q:
        came_back = Delivery.objects.filter(
            recipient=OuterRef("pk"),
            state=Delivery.State.BOUNCED,
            address__held__recipient=OuterRef("pk"),
        )
        return Q(Exists(came_back))


class CampaignFact:
    """A campaign that was sent, or is being sent, to be chosen by its name."""

    section: Text = SECTION
    kind = Kind.CHOICE
    lookups: tuple[Lookup, ...] = SETS

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        begun = Run.objects.filter(started_at__isnull=False)
        campaigns = Campaign.objects.filter(tenant=self.tenant, pk__in=begun.values("campaign"))
        return tuple((str(pk), name) for pk, name in campaigns.values_list("pk", "name"))


class ReceivedFact(CampaignFact):
    name = "campaign.received"
    label: Text = _("campaigns they received")
    phrases: Mapping[str, Text] = {
        "includes": _("who received the campaign “%(value)s”"),
        "excludes": _("who did not receive the campaign “%(value)s”"),
    }

    def condition(self, lookup: str, value: Value) -> Q:
        received = Delivery.objects.filter(
            recipient=OuterRef("pk"),
            run__campaign=int(str(value)),
            state__in=[Delivery.State.SENT, Delivery.State.DELIVERED],
        )
        return Q(Exists(received))


def message_facts(tenant: str) -> Iterator[Fact]:
    """Of campaigns alone: a personal answer is no outreach."""
    yield _last_message()
    yield BouncedFact()
    yield ReceivedFact(tenant)
    for slug, name in Topic.objects.filter(tenant=tenant).values_list("slug", "name"):
        yield _last_about(slug, name)


def _last_message() -> LatestFact:
    return LatestFact(
        name="message.last",
        label=_("last message to them"),
        section=SECTION,
        events=_handed_over(),
        at="handed_over_at",
        phrases={
            "equals": _("who were last written to on %(value)s"),
            "before": _("who were last written to before %(value)s"),
            "after": _("who were written to after %(value)s"),
            "in_last": _("who were written to in the last %(value)s days"),
            "not_in_last": _("who were not written to in the last %(value)s days"),
            "longer_ago": _("who were last written to more than %(value)s days ago"),
            "filled": _("who were written to at some time"),
            "empty": _("who were never written to"),
        },
    )


def _last_about(slug: str, topic: str) -> LatestFact:
    # A name is put into a phrase, into which a value is put afterwards.
    name = topic.replace("%", "%%")
    said: dict[str, Any] = {
        "equals": _("who were last written to about “{topic}” on %(value)s"),
        "before": _("who were last written to about “{topic}” before %(value)s"),
        "after": _("who were written to about “{topic}” after %(value)s"),
        "in_last": _("who were written to about “{topic}” in the last %(value)s days"),
        "not_in_last": _("who were not written to about “{topic}” in the last %(value)s days"),
        "longer_ago": _("who were last written to about “{topic}” more than %(value)s days ago"),
        "filled": _("who were written to about “{topic}” at some time"),
        "empty": _("who were never written to about “{topic}”"),
    }
    return LatestFact(
        name=f"message.topic.{slug}",
        label=format_lazy(_("last message about “{topic}”"), topic=topic),
        section=BY_TOPIC,
        events=_handed_over().filter(delivery__run__campaign__topic__slug=slug),
        at="handed_over_at",
        phrases={code: format_lazy(phrase, topic=name) for code, phrase in said.items()},
    )


def _handed_over() -> QuerySet[Attempt]:
    attempts = Attempt.objects.filter(delivery__recipient=OuterRef("pk"))
    return attempts.exclude(outcome__in=NOT_OUT).order_by()
