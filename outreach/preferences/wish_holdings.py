"""What this room holds of a person beyond a yes or a no: their own words, and how often."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.preferences.frequency import forget_frequency
from outreach.preferences.statements import forget_statements, statements_of
from outreach.preferences.wish_models import Statement, StatementTopic, TopicFrequency
from outreach.recipients.held import Coded, Column, Erasure, Holding, Section
from outreach.recipients.models import Recipient


class WishesHolding(Holding):
    position = 25
    tables = (Statement, StatementTopic, TopicFrequency)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        yield _statements(recipient)
        yield _frequencies(recipient)

    def erase(self, erasure: Erasure) -> None:
        forget_statements(erasure.recipient)
        forget_frequency(erasure.recipient)


def _statements(recipient: Recipient) -> Section:
    return Section(
        key="statements",
        title=_("What you told us in your own words"),
        columns=(
            Column("at", pgettext("one's own data", "When")),
            Column("text", _("Your words")),
            Column("wanted", _("We took it that you want")),
            Column("unwanted", _("We took it that you do not want")),
        ),
        rows=[
            (row.said_at, row.text, _topics(row, is_for=True), _topics(row, is_for=False))
            for row in statements_of(recipient)
        ],
        empty=pgettext("one's own data", "Nothing."),
    )


def _topics(row: Statement, *, is_for: bool) -> str:
    names = [tie.topic.name for tie in row.ties.all() if tie.is_for is is_for]
    return get_text_list(names, pgettext("before the last topic of a list", "and"))


def _frequencies(recipient: Recipient) -> Section:
    rows = TopicFrequency.objects.filter(recipient=recipient).select_related("topic")
    return Section(
        key="how_often",
        title=_("How often you want to hear about something"),
        columns=(
            Column("topic", pgettext("one's own data", "About")),
            Column("at_most", _("How often")),
            Column("since", pgettext("one's own data", "Since")),
        ),
        rows=[
            (
                Coded(row.topic.slug, row.topic.name),
                Coded(row.at_most, row.get_at_most_display()),
                row.since_at,
            )
            for row in rows.order_by("topic__position", "topic__name")
        ],
        empty=_("As it comes."),
    )
