"""What this room holds of a person: when they asked for the link to their data."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.centre.models import DataRequest
from outreach.recipients.held import Coded, Column, Erasure, Holding, Section, register
from outreach.recipients.models import Recipient


class DataRequestsHolding(Holding):
    position = 80
    tables = (DataRequest,)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        rows = DataRequest.objects.filter(recipient=recipient).select_related("address")
        yield Section(
            key="questions_for_data",
            title=_("When you asked for this page"),
            columns=(
                Column("at", pgettext("one's own data", "When")),
                Column("address", _("Sent to")),
                Column("state", _("What became of it")),
            ),
            rows=[
                (row.asked_at, row.address.value, Coded(row.state, row.get_state_display()))
                for row in rows.order_by("-asked_at", "-pk")
            ],
            empty=_("Never before."),
        )

    def erase(self, erasure: Erasure) -> None:
        DataRequest.objects.filter(recipient=erasure.recipient).delete()


def register_holdings() -> None:
    register(DataRequestsHolding())
