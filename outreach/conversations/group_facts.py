"""What rules of groups may ask about the answers of a person (B3)."""

from collections.abc import Iterator, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from outreach.conversations.models import Message
from outreach.groups.facts import Fact, Text, Value
from outreach.groups.latest_fact import LatestFact
from outreach.ledger.group_facts import SECTION, CampaignFact


class AnsweredFact(CampaignFact):
    name = "campaign.answered"
    label: Text = _("campaigns they answered")
    phrases: Mapping[str, Text] = {
        "includes": _("who answered the campaign “%(value)s”"),
        "excludes": _("who did not answer the campaign “%(value)s”"),
    }

    def condition(self, lookup: str, value: Value) -> Q:
        answers = _written().filter(conversation__delivery__run__campaign=int(str(value)))
        return Q(Exists(answers))


def answer_facts(tenant: str) -> Iterator[Fact]:
    yield LatestFact(
        name="reply.last",
        label=_("last message from them"),
        section=SECTION,
        events=_written(),
        at="at",
        phrases={
            "equals": _("who last wrote to us on %(value)s"),
            "before": _("who last wrote to us before %(value)s"),
            "after": _("who wrote to us after %(value)s"),
            "in_last": _("who wrote to us in the last %(value)s days"),
            "not_in_last": _("who did not write to us in the last %(value)s days"),
            "longer_ago": _("who last wrote to us more than %(value)s days ago"),
            "filled": _("who wrote to us at some time"),
            "empty": _("who never wrote to us"),
        },
    )
    yield AnsweredFact(tenant)


def _written() -> QuerySet[Message]:
    """What the person wrote themselves: an automatic message is no answer."""
    return Message.objects.filter(
        conversation__recipient=OuterRef("pk"),
        direction=Message.Direction.IN,
        is_automatic=False,
    ).order_by()
