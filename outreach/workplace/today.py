"""What a member of staff has to do today, each part with the rows it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign, Contributor
from outreach.ledger.models import Run
from outreach.preferences.wanted import wanted
from outreach.sla.left import time_left, waited
from outreach.sla.models import Clock
from outreach.workplace.heartbeat import late_parts

SHOWN = 10
PERIODIC_WORK: dict[str, str | Promise] = {
    "dispatch": _("Sending what was approved"),
    "tracking": _("Taking in what became of messages"),
    "inbound": _("Taking in replies"),
    "clocks": _("Watching reply times"),
    "approvals": _("Watching that approvals still hold"),
    "contacts": _("Keeping in step with the CRM"),
    "declarations": _("Recording declared interest"),
    "lapses": _("Ending what was for a time"),
    "renewals": _("Noting whom to ask before a wish is over"),
}
"""The parts of `outreach.periodic.PERIODIC` in words; whatever is not here goes by its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: where it leads, and what stands beside it."""

    text: str
    url: str
    beside: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. `empty` says what it means that there is nothing."""

    title: str | Promise
    lines: tuple[Line, ...]
    more: int
    empty: str | Promise


def parts_for(user: Any, *, site: str) -> list[Part]:
    """What this user may do something about; `site` names the admin site for links."""
    parts = []
    if user.has_perm("outreach.answer_conversation"):
        parts.append(_waiting_for_an_answer(site))
    if user.has_perm("outreach.approve_campaign"):
        parts.append(_waiting_for_approval(user, site))
    if user.has_perm("outreach.submit_campaign"):
        parts.append(_own_drafts(user, site))
    if user.has_perm("outreach.view_run"):
        parts.append(_being_sent(site))
    return parts


def is_nobody_reachable() -> bool:
    """Whether nobody has asked for anything yet, so that no campaign could reach anybody."""
    return not wanted().exists()


def late_lines() -> list[tuple[str | Promise, str]]:
    """The periodic work that is late: what it does, and since when it did not."""
    now = timezone.now()
    return [
        (
            PERIODIC_WORK.get(part.name, part.name),
            _("not for %(time)s") % {"time": waited(now - part.last_at)}
            if part.last_at
            else str(_("never so far")),
        )
        for part in late_parts()
    ]


def _waiting_for_an_answer(site: str) -> Part:
    clocks = (
        Clock.objects.filter(running_slot__isnull=False)
        .select_related("conversation__recipient")
        .order_by("due_at", "pk")
    )
    lines = (
        Line(
            text=f"{clock.conversation.recipient or clock.conversation}",
            url=_url(site, "conversation", clock.conversation_id),
            beside=str(time_left(clock.due_at, timezone.now())),
        )
        for clock in clocks[:SHOWN]
    )
    return _part(
        _("Waiting for an answer"), lines, clocks, _("Nobody waits. Everybody has had an answer.")
    )


def _waiting_for_approval(user: Any, site: str) -> Part:
    own = Contributor.objects.filter(actor_key=str(user.pk)).values("campaign")
    waiting = Campaign.objects.filter(state=Campaign.State.SUBMITTED).exclude(pk__in=own)
    return _campaigns(
        _("Waiting for your approval"), waiting, site, _("Nothing waits for your word.")
    )


def _own_drafts(user: Any, site: str) -> Part:
    drafts = Campaign.objects.filter(state=Campaign.State.DRAFT, author=user)
    return _campaigns(
        _("Your drafts"), drafts, site, _("You have no draft. Begin one with “Add campaign”.")
    )


def _being_sent(site: str) -> Part:
    runs = Run.objects.filter(state__in=[Run.State.SENDING, Run.State.PAUSED]).select_related(
        "campaign"
    )
    lines = (
        Line(
            text=str(run.campaign),
            url=_url(site, "run", run.pk),
            beside=str(run.get_state_display()),
        )
        for run in runs[:SHOWN]
    )
    return _part(_("Being sent"), lines, runs, _("Nothing is being sent at the moment."))


def _campaigns(
    title: str | Promise, found: QuerySet[Campaign], site: str, empty: str | Promise
) -> Part:
    lines = (
        Line(
            text=campaign.name,
            url=_url(site, "campaign", campaign.pk),
            beside=str(campaign.topic),
        )
        for campaign in found.select_related("topic")[:SHOWN]
    )
    return _part(title, lines, found, empty)


def _part(
    title: str | Promise, lines: Iterable[Line], found: QuerySet[Any], empty: str | Promise
) -> Part:
    shown = tuple(lines)
    more = found.count() - len(shown) if len(shown) == SHOWN else 0
    return Part(title, shown, more, empty)


def _url(site: str, model: str, key: int) -> str:
    return reverse(f"{site}:outreach_{model}_change", args=[key])
