"""What this room holds of a person: what they chose, with the proof, and what stops us."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.history.models import HistoryEntry
from outreach.history.record import history_of
from outreach.preferences.declaration_models import DeclaredPerson
from outreach.preferences.forget import forget
from outreach.preferences.models import (
    ConsentEvidence,
    ConsentRecord,
    Objection,
    Pause,
    RenewalRequest,
    Subscription,
    Suppression,
)
from outreach.preferences.wish_holdings import WishesHolding
from outreach.preferences.wording import happened_in_words
from outreach.recipients.held import Coded, Column, Erasure, Holding, Section, register
from outreach.recipients.models import Recipient


class ChoicesHolding(Holding):
    position = 20
    tables = (
        ConsentRecord,
        ConsentEvidence,
        RenewalRequest,
        Subscription,
        Objection,
        Pause,
        Suppression,
        DeclaredPerson,
        HistoryEntry,
    )

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        yield _choices(recipient)
        yield _consent(recipient)
        yield _declared(recipient)
        yield _pauses(recipient)
        yield _stops(recipient)
        yield _history(recipient)

    def erase(self, erasure: Erasure) -> None:
        forget(erasure)


def _choices(recipient: Recipient) -> Section:
    rows = Subscription.objects.filter(recipient=recipient).select_related("topic")
    return Section(
        key="choices",
        title=_("What you want to hear about"),
        columns=(
            Column("topic", pgettext("one's own data", "About")),
            Column("channel", pgettext("one's own data", "By")),
            Column("is_wanted", _("You want it")),
            Column("since", pgettext("one's own data", "Since")),
        ),
        rows=[
            (
                Coded(row.topic.slug, row.topic.name),
                Coded(row.channel, row.get_channel_display()),
                row.is_granted,
                row.since_at,
            )
            for row in rows.order_by("topic__position", "topic__name", "channel")
        ],
        empty=_("You have not asked to hear about anything."),
    )


def _consent(recipient: Recipient) -> Section:
    rows = ConsentRecord.objects.filter(recipient=recipient).select_related(
        "topic", "evidence", "wording"
    )
    return Section(
        key="consent",
        title=_("What you agreed to or refused, with the proof"),
        columns=(
            Column("at", pgettext("one's own data", "When")),
            Column("topic", pgettext("one's own data", "About")),
            Column("channel", pgettext("one's own data", "By")),
            Column("act", pgettext("one's own data", "You")),
            Column("source", _("How we know")),
            Column("wording", _("In these words")),
            Column("note", _("Where and how")),
        ),
        rows=[
            (
                row.at,
                Coded(row.topic.slug, row.topic.name),
                Coded(row.channel, row.get_channel_display()),
                Coded(row.act, row.get_act_display()),
                Coded(row.source, row.get_source_display()),
                *_proof(row),
            )
            for row in rows.order_by("-at", "-pk")
        ],
        empty=pgettext("one's own data", "Nothing."),
    )


def _proof(record: ConsentRecord) -> tuple[str, str]:
    evidence = getattr(record, "evidence", None)  # never written down
    return record.in_which_words, evidence.note if evidence else ""


def _declared(recipient: Recipient) -> Section:
    rows = DeclaredPerson.objects.filter(recipient=recipient).select_related("declaration__topic")
    return Section(
        key="declared_interest",
        title=_("Interest that we wrote down for you"),
        columns=(
            Column("topic", pgettext("one's own data", "About")),
            Column("since", pgettext("one's own data", "Since")),
            Column("source", _("Where from")),
            Column("wording", _("In these words")),
            Column("outcome", _("What became of it")),
        ),
        rows=[
            (
                Coded(row.declaration.topic.slug, row.declaration.topic.name),
                row.since_on or row.declaration.since_on,
                row.source or row.declaration.given_note,
                row.wording or row.declaration.wording,
                Coded(row.outcome, row.get_outcome_display()),
            )
            for row in rows.order_by("pk")
        ],
        empty=pgettext("one's own data", "None."),
    )


def _pauses(recipient: Recipient) -> Section:
    rows = Pause.objects.filter(recipient=recipient).order_by("-starts_at", "-pk")
    return Section(
        key="breaks",
        title=_("Breaks you took from us"),
        columns=(
            Column("from", pgettext("a break of one's own", "From")),
            Column("until", pgettext("one's own data", "Until")),
            Column("source", _("How we know")),
        ),
        rows=[
            (row.starts_at, row.ends_at, Coded(row.source, row.get_source_display()))
            for row in rows
        ],
        empty=pgettext("one's own data", "None."),
    )


def _stops(recipient: Recipient) -> Section:
    """Their own, and those of an address as such; never what somebody asked who shares it."""
    of_addresses = Q(recipient__isnull=True, address__held__recipient=recipient)
    rows = Suppression.objects.filter(Q(recipient=recipient) | of_addresses).distinct()
    return Section(
        key="stops",
        title=_("What keeps us from writing to you"),
        columns=(
            Column("reason", pgettext("one's own data", "Why")),
            Column("since", pgettext("one's own data", "Since")),
            Column("note", pgettext("one's own data", "Note")),
            Column("ended", pgettext("one's own data", "Until")),
            Column("why_ended", _("Why it ended")),
        ),
        rows=[
            (
                Coded(row.reason, row.get_reason_display()),
                row.since_at,
                row.note,
                row.lifted_at,
                row.lift_reason,
            )
            for row in rows.order_by("-since_at", "-pk")
        ],
        empty=pgettext("one's own data", "Nothing."),
    )


def _history(recipient: Recipient) -> Section:
    rows: QuerySet[HistoryEntry, tuple[datetime, str, str, str, str]] = history_of(
        recipient
    ).values_list("at", "verb", "note", "actor_key", "actor_name")
    return Section(
        key="history",
        title=_("What was done with what we hold"),
        columns=(
            Column("at", pgettext("one's own data", "When")),
            Column("what", pgettext("one's own data", "What")),
            Column("note", pgettext("one's own data", "Note")),
            Column("by", _("Done by")),
        ),
        rows=[
            (at, Coded(verb, happened_in_words(verb)), note, name if key else Coded(name, name))
            for at, verb, note, key, name in rows
        ],
        empty=_("Nothing yet."),
    )


def register_holdings() -> None:
    register(ChoicesHolding(), WishesHolding())
