"""What this room holds of a person: the forms by which they asked to hear from us."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.recipients.held import Coded, Column, Erasure, Holding, Section, register
from outreach.recipients.models import Recipient
from outreach.signups.keep import forget_person
from outreach.signups.models import SignUp


class SignUpsHolding(Holding):
    position = 75
    tables = (SignUp, SignUp.topics.through)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        rows = SignUp.objects.filter(recipient=recipient).select_related("form", "wording")
        yield Section(
            key="sign_ups",
            title=_("When you asked to hear from us"),
            columns=(
                Column("asked", pgettext("one's own data", "When")),
                Column("confirmed", pgettext("one's own data", "Confirmed")),
                Column("source", _("How we know")),
                Column("topics", pgettext("one's own data", "About")),
                Column("wording", _("In these words")),
                Column("note", _("Where and how")),
            ),
            rows=[
                (
                    row.asked_at,
                    row.confirmed_at,
                    Coded(row.source, row.get_source_display()),
                    get_text_list(
                        [topic.name for topic in row.topics.all()],
                        pgettext("before the last topic of a list", "and"),
                    ),
                    row.wording.text if row.wording else "",
                    row.note,
                )
                for row in rows.prefetch_related("topics").order_by("-asked_at", "-pk")
            ],
            empty=pgettext("one's own data", "Never by a form of ours."),
        )

    def erase(self, erasure: Erasure) -> None:
        forget_person(erasure.recipient)


def register_holdings() -> None:
    register(SignUpsHolding())
