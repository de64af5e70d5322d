"""What this room holds of a person: the messages we sent, and what became of each."""

from collections.abc import Iterable, Mapping

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.campaigns.merge import fields_of, fill
from outreach.ledger.forget import forget, lock_open
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent
from outreach.ledger.reasons import in_words
from outreach.recipients.held import Coded, Column, Erasure, Holding, Row, Section, register
from outreach.recipients.models import Recipient


class MessagesHolding(Holding):
    position = 40
    tables = (Delivery, Attempt, DeliveryEvent)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        yield _messages(recipient)

    def lock(self, recipient: Recipient) -> None:
        lock_open(recipient)

    def erase(self, erasure: Erasure) -> None:
        forget(erasure)


def _messages(recipient: Recipient) -> Section:
    rows = (
        Delivery.objects.filter(recipient=recipient, run__started_at__isnull=False)
        .select_related("run__campaign__topic", "address")
        .prefetch_related("run__campaign__variants")
        .annotate(handed_over_at=Max("attempts__handed_over_at"))
        .order_by("-run__started_at", "-pk")
    )
    fields = fields_of(recipient)
    return Section(
        key="messages",
        title=_("What we sent you"),
        columns=(
            Column("at", pgettext("one's own data", "When")),
            Column("subject", pgettext("one's own data", "Subject")),
            Column("topic", pgettext("one's own data", "About")),
            Column("why", _("Why we thought it useful to you")),
            Column("address", pgettext("one's own data", "To")),
            Column("state", _("What became of it")),
            Column("left_out_because", _("Not sent, since you")),
            Column("delivered_at", pgettext("one's own data", "Delivered")),
            Column("marked_as_spam_at", _("Marked as spam")),
        ),
        rows=[_message(row, fields) for row in rows],
        empty=_("Nothing yet."),
    )


def _message(row: Delivery, fields: Mapping[str, str]) -> Row:
    campaign = row.run.campaign
    subjects = (each.subject for each in campaign.variants.all() if each.channel == row.channel)
    return (
        getattr(row, "handed_over_at", None),
        fill(next(subjects, ""), fields),
        Coded(campaign.topic.slug, campaign.topic.name),
        campaign.justification,
        row.address.value if row.address else "",
        Coded(row.state, row.get_state_display()),
        Coded(row.reason, in_words(row.reason)),
        row.delivered_at,
        row.complained_at,
    )


def register_holdings() -> None:
    register(MessagesHolding())
