"""The page of one delivery: what we did with it, and what came back, in order."""

from django.utils.translation import gettext as _

from outreach.ledger import reasons
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent
from outreach.preferences.models import Topic
from outreach.recipients.panels import Cell, Table

MOST = 200
EVERYTHING = "everything"
"""The detail of an event by which somebody stopped all messages, not one topic."""


def events_of(delivery: Delivery) -> Table:
    events = list(
        DeliveryEvent.objects.filter(delivery=delivery)
        .select_related("attempt")
        .order_by("at", "pk")[:MOST]
    )
    topics = _topics_of(events)
    return Table(
        columns=(_("When"), _("What"), _("More")),
        rows=tuple(
            (
                Cell(at=event.at),
                Cell(text=event.get_kind_display()),
                Cell(text=_detail(event, topics)),
            )
            for event in events
        ),
        empty=_("Nothing yet."),
    )


def attempts_of(delivery: Delivery) -> Table:
    attempts = Attempt.objects.filter(delivery=delivery).order_by("number")
    return Table(
        columns=(_("Attempt"), _("Taken up"), _("Handed over"), _("What came of it"), _("More")),
        rows=tuple(
            (
                Cell(text=str(attempt.number)),
                Cell(at=attempt.claimed_at),
                Cell(at=attempt.handed_over_at),
                Cell(text=attempt.get_outcome_display()),
                Cell(text=attempt.detail),
            )
            for attempt in attempts[:MOST]
        ),
        empty=_("Nothing has been handed over to the provider."),
    )


def _topics_of(events: list[DeliveryEvent]) -> dict[str, str]:
    """The names of the topics that the events speak of, by their short names."""
    slugs = {event.detail for event in events if event.kind == DeliveryEvent.Kind.UNSUBSCRIBED}
    if not slugs:
        return {}
    return dict(Topic.objects.filter(slug__in=slugs).values_list("slug", "name"))


def _detail(event: DeliveryEvent, topics: dict[str, str]) -> str:
    if event.kind == DeliveryEvent.Kind.EXCLUDED:
        return _("This person %(reason)s.") % {"reason": reasons.in_words(event.detail)}
    if event.kind == DeliveryEvent.Kind.UNSUBSCRIBED:
        every = _("all messages") if event.detail == EVERYTHING else event.detail
        return topics.get(event.detail, every)
    return event.detail
