"""What a member of staff has to do today, each part with the rows it counts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outreach.approvals.models import ApprovalRequest, Decision
from outreach.campaigns.models import Campaign, Contributor
from outreach.ledger.figures import NONE, figures_of
from outreach.ledger.models import Run
from outreach.preferences.wanted import wanted
from outreach.preferences.wish_models import Statement
from outreach.sla.left import time_left, waited
from outreach.sla.models import Clock
from outreach.workplace.heartbeat import late_parts

SHOWN = 10
PERIODIC_WORK: dict[str, str | Promise] = {
    "dispatch": _("Sending what was approved"),
    "tracking": _("Taking in what became of messages"),
    "inbound": _("Taking in replies"),
    "data_links": _("Sending people the links to their own data"),
    "clocks": _("Watching reply times"),
    "approvals": _("Watching that approvals still hold"),
    "audiences": _("Working out who gets a campaign"),
    "stages": _("Noticing who has not been heard of for long"),
    "contacts": _("Keeping in step with the CRM"),
    "declarations": _("Recording declared interest"),
    "sign_ups": _("Writing to those who signed up"),
    "forgetting": _("Forgetting sign-ups that nobody confirmed"),
    "lapses": _("Ending what was for a time"),
    "renewals": _("Noting whom to ask before a wish is over"),
    "renewal_letters": _("Asking people whether their wish goes on"),
}
"""The parts of `outreach.periodic.PERIODIC` in words; whatever is not here goes by its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: where it leads, what it is about, and what stands beside it."""

    text: str
    url: str
    beside: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. `empty` says what it means that there is nothing.

    `more` counts what is not shown, and `all_url` leads to it; `begin_url` to a new one.
    """

    title: str | Promise
    lines: tuple[Line, ...]
    more: int
    all_url: str
    empty: str | Promise
    begin_url: str = ""


def parts_for(user: Any, *, site: str) -> list[Part]:
    """What this user may do something about; `site` names the admin site for links."""
    parts = []
    if user.has_perm("outreach.answer_conversation"):
        parts.append(_waiting_for_an_answer(site))
    if user.has_perm("outreach.change_statement"):
        parts.append(_told_us(site))
    if user.has_perm("outreach.approve_campaign"):
        parts.append(_waiting_for_approval(user, site))
    if user.has_perm("outreach.submit_campaign"):
        parts += [_own_drafts(user, site), _own_with_others(user, site)]
    if user.has_perm("outreach.send_campaign"):
        parts.append(_ready_to_send(site))
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
    now = timezone.now()
    clocks = (
        Clock.objects.filter(running_slot__isnull=False)
        .select_related("conversation__recipient")
        .order_by("due_at", "pk")
    )
    return _part(
        _("Waiting for an answer"),
        [
            Line(
                text=str(clock.conversation.recipient or _("Somebody we do not know yet")),
                url=_url(site, "conversation_change", clock.conversation_id),
                beside=time_left(clock.due_at, now),
                about=clock.conversation.subject,
            )
            for clock in clocks[:SHOWN]
        ],
        clocks,
        _url(site, "conversation_changelist"),
        _("Nobody waits. Everybody has had an answer."),
    )


def _told_us(site: str) -> Part:
    """What people said in their own words, that binds once somebody says what it is about."""
    said = Statement.objects.filter(state=Statement.State.NEW, taken_back_at__isnull=True)
    return _part(
        _("Told us in their own words"),
        [
            Line(
                text=Truncator(statement.text).chars(70),
                url=_url(site, "statement_change", statement.pk),
                beside=str(statement.recipient),
            )
            for statement in said.select_related("recipient").order_by("said_at", "pk")[:SHOWN]
        ],
        said,
        f"{_url(site, 'statement_changelist')}?state__exact=new",
        _("All that people told us has been read."),
    )


def _waiting_for_approval(user: Any, site: str) -> Part:
    own = Contributor.objects.filter(actor_key=str(user.pk)).values("campaign")
    waiting = _open_requests().exclude(campaign__in=own).exclude(submitted_by_key=str(user.pk))
    return _part(
        _("Waiting for your approval"),
        [
            _request(each, site, _("from %(author)s") % {"author": each.submitted_by})
            for each in waiting[:SHOWN]
        ],
        waiting,
        f"{_url(site, 'approvalrequest_changelist')}?state__exact=open",
        _("Nothing waits for your word."),
    )


def _own_drafts(user: Any, site: str) -> Part:
    drafts = Campaign.objects.filter(state=Campaign.State.DRAFT, author=user)
    shown = list(drafts.select_related("topic")[:SHOWN])
    given_back = _who_gave_back(shown)
    return _part(
        _("Your drafts"),
        [
            Line(
                text=draft.name,
                url=_url(site, "campaign_change", draft.pk),
                beside=_("%(name)s asked for changes") % {"name": given_back[draft.pk]}
                if draft.pk in given_back
                else "",
                about=str(draft.topic),
            )
            for draft in shown
        ],
        drafts,
        f"{_url(site, 'campaign_changelist')}?state__exact=draft",
        _("You have no draft."),
        begin_url=_url(site, "campaign_add") if user.has_perm("outreach.add_campaign") else "",
    )


def _own_with_others(user: Any, site: str) -> Part:
    waiting = _open_requests().filter(campaign__author=user)
    return _part(
        _("Yours, waiting for somebody else’s approval"),
        [_request(each, site, str(each.campaign.topic)) for each in waiting[:SHOWN]],
        waiting,
        f"{_url(site, 'campaign_changelist')}?state__exact=submitted",
        _("Nothing of yours waits for a second person."),
    )


def _ready_to_send(site: str) -> Part:
    ready = Campaign.objects.filter(state=Campaign.State.APPROVED)
    requests = ApprovalRequest.objects.filter(
        state=ApprovalRequest.State.APPROVED, open_slot__in=ready
    ).select_related("campaign__topic", "run")
    return _part(
        _("Approved, to be sent"),
        [
            Line(
                text=each.campaign.name,
                url=_url(site, "campaign_change", each.campaign_id),
                beside=_people(each.run.included),
                about=str(each.campaign.topic),
            )
            for each in requests[:SHOWN]
        ],
        requests,
        f"{_url(site, 'campaign_changelist')}?state__exact=approved",
        _("Nothing is ready to be sent."),
    )


def _being_sent(site: str) -> Part:
    runs = Run.objects.filter(state__in=[Run.State.SENDING, Run.State.PAUSED]).order_by("pk")
    shown = list(runs.select_related("campaign")[:SHOWN])
    figures = figures_of(run.pk for run in shown)
    return _part(
        _("Being sent"),
        [
            Line(
                text=str(run.campaign),
                url=_url(site, "run_change", run.pk),
                beside=_("%(settled)s of %(people)s")
                % {
                    "settled": figures.get(run.pk, NONE).settled,
                    "people": figures.get(run.pk, NONE).to_be_written_to,
                },
                about=str(run.get_state_display()),
            )
            for run in shown
        ],
        runs,
        _url(site, "run_changelist"),
        _("Nothing is being sent at the moment."),
    )


def _open_requests() -> QuerySet[ApprovalRequest]:
    waiting = ApprovalRequest.objects.filter(state=ApprovalRequest.State.OPEN)
    return waiting.select_related("campaign__topic", "run").order_by("submitted_at", "pk")


def _request(asked: ApprovalRequest, site: str, about: str) -> Line:
    """Leads to the page on which it is decided."""
    return Line(
        text=asked.campaign.name,
        url=_url(site, "approvalrequest_review", asked.pk),
        beside=_("%(people)s, waits for %(time)s")
        % {
            "people": _people(asked.run.included),
            "time": waited(timezone.now() - asked.submitted_at),
        },
        about=about,
    )


def _who_gave_back(drafts: list[Campaign]) -> dict[int, str]:
    """Who asked for changes of these drafts last, by campaign, unless it was changed since."""
    decisions = Decision.objects.filter(
        request__campaign__in=drafts, verdict=Decision.Verdict.CHANGES
    ).select_related("request")
    changed_at = {draft.pk: draft.changed_at for draft in drafts}
    return {
        each.request.campaign_id: each.by
        for each in decisions.order_by("at", "pk")
        if each.at >= changed_at[each.request.campaign_id]
    }


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _part(
    title: str | Promise,
    lines: list[Line],
    found: QuerySet[Any],
    all_url: str,
    empty: str | Promise,
    *,
    begin_url: str = "",
) -> Part:
    more = found.count() - len(lines) if len(lines) == SHOWN else 0
    return Part(title, tuple(lines), more, all_url, empty, begin_url)


def _url(site: str, page: str, *keys: int) -> str:
    return reverse(f"{site}:outreach_{page}", args=keys)
