"""What this room holds of a person: how long they waited for answers."""

from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.conversations.forget import messages_of
from outreach.recipients.held import Column, Erasure, Holding, Section, register
from outreach.recipients.models import Recipient
from outreach.sla.models import Clock


class WaitingHolding(Holding):
    position = 70
    tables = (Clock,)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        rows = Clock.objects.filter(conversation__recipient=recipient).order_by("-started_at")
        yield Section(
            key="waiting",
            title=_("How long you waited for our answers"),
            columns=(
                Column("since", _("You wrote")),
                Column("due_at", _("Promised by")),
                Column("answered_at", pgettext("one's own data", "Answered")),
                Column("is_late", pgettext("one's own data", "Late")),
            ),
            rows=[
                (row.started_at, row.due_at, row.stopped_at, row.breached_at is not None)
                for row in rows
            ],
            empty=_("You have not waited for an answer."),
        )

    def erase(self, erasure: Erasure) -> None:
        """Nobody waits any more. What was late stays on record (statement 12); the rest goes."""
        running = Clock.objects.filter(
            started_by__in=messages_of(erasure), running_slot__isnull=False
        )
        running.filter(breached_at__isnull=True, due_at__lt=erasure.at).update(
            breached_at=F("due_at")
        )
        running.filter(breached_at__isnull=True).delete()
        running.update(running_slot=None, stopped_by=F("started_by"), stopped_at=erasure.at)


def register_holdings() -> None:
    register(WaitingHolding())
