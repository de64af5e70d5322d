"""What a person chose, for the page of that person (D1)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.models import HistoryEntry
from outreach.history.record import history_of
from outreach.preferences.frequency import frequency_of
from outreach.preferences.models import (
    ConsentRecord,
    Objection,
    Pause,
    Subscription,
    Suppression,
)
from outreach.preferences.wish_models import AtMost
from outreach.preferences.wording import BEFORE_LIFTING, happened_in_words
from outreach.recipients import panels
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer

MOST = 30
RECORD = ("record__evidence", "record__wording")


class ChoicesPanel:
    key = "choices"
    title = gettext_lazy("What they chose")
    position = 40

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_consentrecord", "add_consentrecord")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        often = frequency_of(recipient)
        chosen = Subscription.objects.filter(recipient=recipient).select_related("topic", *RECORD)
        refused = (
            Objection.objects.filter(address__held__recipient=recipient)
            .exclude(record__in=chosen.values("record"))
            .select_related("topic", "address", *RECORD)
        )
        return Table(
            columns=(
                _("About"),
                _("By"),
                _("Wish"),
                _("Since"),
                _("How we know"),
                _("Their words"),
            ),
            rows=(
                *(
                    (
                        Cell(text=row.topic.name),
                        Cell(text=row.get_channel_display()),
                        Cell(text=row.record.get_act_display(), note=_how_much(row, often)),
                        *_proof(row.record),
                    )
                    for row in chosen.order_by("topic__position", "topic__name", "channel")
                ),
                *(
                    (
                        Cell(text=row.topic.name),
                        Cell(text=row.address.get_channel_display()),
                        Cell(text=_("refused at %(address)s") % {"address": row.address}),
                        *_proof(row.record),
                    )
                    for row in refused.order_by("topic__position", "topic__name", "pk")
                ),
            ),
            empty=_(
                "They have not asked for anything, so no news, invitation or offer is sent to them."
            ),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        if recipient.erased_at or not viewer.may("add_consentrecord"):
            return []
        url = viewer.url("outreach_recipient_told", recipient.pk)
        return [Link(_("Record what they told us"), url)]


class StopsPanel:
    key = "stops"
    title = gettext_lazy("Stops in force")
    position = 50

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_suppression", "change_suppression", "add_suppression")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        return Table(
            columns=(_("Why"), _("Since"), _("By"), _("Stops"), _("Note"), _("To do")),
            rows=tuple(_stop(stop, viewer) for stop in stops_on(recipient)),
            empty=_("None."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        if recipient.erased_at or not viewer.may("add_suppression"):
            return []
        if stops_on(recipient).filter(reason=Suppression.Reason.MANUAL).exists():
            return []
        url = viewer.url("outreach_recipient_stop", recipient.pk)
        return [Link(_("Stop all messages"), url)]


class BreaksPanel:
    key = "breaks"
    title = gettext_lazy("Breaks")
    position = 60

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_pause", "add_pause", "change_pause")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        now = timezone.now()
        breaks = Pause.objects.filter(recipient=recipient).order_by("-starts_at", "-pk")
        return Table(
            columns=(_("From"), _("Until"), _("How we know"), _("Now")),
            rows=tuple(
                (
                    Cell(at=each.starts_at),
                    Cell(at=each.ends_at),
                    Cell(text=each.get_source_display()),
                    Cell(text=_("under way") if each.ends_at > now else _("over")),
                )
                for each in breaks[:MOST]
            ),
            empty=_("None."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        if recipient.erased_at:
            return []
        if Pause.objects.filter(recipient=recipient, ends_at__gt=timezone.now()).exists():
            url = viewer.url("outreach_recipient_end_break", recipient.pk)
            return [Link(_("End the break"), url)] if viewer.may("change_pause") else []
        url = viewer.url("outreach_recipient_break", recipient.pk)
        return [Link(_("Begin a break"), url)] if viewer.may("add_pause") else []


class HistoryPanel:
    key = "history"
    title = gettext_lazy("What happened so far")
    position = 90

    def is_shown(self, viewer: Viewer) -> bool:
        return True

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        return Table(
            columns=(_("When"), _("Who"), _("What")),
            rows=tuple(_happened(history_of(recipient)[:MOST])),
            empty=_("Nothing yet."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        return []


def register_panels() -> None:
    for panel in (ChoicesPanel(), StopsPanel(), BreaksPanel(), HistoryPanel()):
        panels.register(panel)


def stops_on(recipient: Recipient) -> QuerySet[Suppression]:
    """The stops in force that bind a person, or an address of theirs."""
    held = recipient.held.values("address")
    return Suppression.objects.filter(
        Q(recipient=recipient) | Q(address__in=held), lifted_at__isnull=True
    ).select_related("recipient", "address")


def what_it_binds(stop: Suppression) -> str:
    """Whom or what a stop stops, in words."""
    bound = [str(each) for each in (stop.recipient, stop.address) if each]
    text = _("%(first)s and %(second)s") if len(bound) > 1 else "%(first)s"
    words = text % {"first": bound[0], "second": bound[-1]}
    if not stop.channel:
        return words
    return _("%(who)s, by %(channel)s only") % {
        "who": words,
        "channel": stop.get_channel_display(),
    }


def _proof(record: ConsentRecord) -> tuple[Cell, Cell, Cell]:
    evidence = getattr(record, "evidence", None)  # erased, or never written down
    return (
        Cell(at=record.at),
        Cell(text=record.get_source_display(), note=evidence.note if evidence else ""),
        Cell(text=record.in_which_words),
    )


def _how_much(row: Subscription, often: Mapping[int, AtMost]) -> str:
    """How often they want it, and until when."""
    at_most = often[row.topic_id].label if row.topic_id in often else ""
    return ", ".join(filter(None, (str(at_most), _counts_until(row))))


def _counts_until(row: Subscription) -> str:
    if row.valid_until is None:
        return ""
    return _("until %(date)s") % {"date": date_format(timezone.localtime(row.valid_until))}


def _stop(stop: Suppression, viewer: Viewer) -> tuple[Cell, ...]:
    may_lift = stop.reason in BEFORE_LIFTING and viewer.may("change_suppression")
    lift = Cell(text=_("Lift this stop"), url=viewer.url("outreach_suppression_lift", stop.pk))
    return (
        Cell(text=stop.get_reason_display()),
        Cell(at=stop.since_at),
        Cell(text=stop.actor_name),
        Cell(text=what_it_binds(stop)),
        Cell(text=stop.note),
        lift if may_lift else Cell(),
    )


def _happened(entries: Iterable[HistoryEntry]) -> Iterable[tuple[Cell, ...]]:
    for entry in entries:
        note = _until(entry.note) if entry.verb == "pause.begun" else entry.note
        yield (
            Cell(at=entry.at),
            Cell(text=entry.actor_name),
            Cell(text=happened_in_words(entry.verb), note=note),
        )


def _until(written: str) -> str:
    try:
        return _("until %(date)s") % {"date": date_format(date.fromisoformat(written))}
    except ValueError:
        return written
