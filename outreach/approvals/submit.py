from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from outreach.approvals.fingerprint import content_of, fingerprint_of, with_content
from outreach.approvals.models import ApprovalRequest
from outreach.approvals.void import void_stale_of
from outreach.audiences.freshness import is_fresh
from outreach.audiences.reserve import reserve
from outreach.campaigns.advance import advance
from outreach.campaigns.models import Campaign
from outreach.campaigns.preflight import blocking
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor
from outreach.ledger.models import Run


def submit(campaign: Campaign, *, by: Actor) -> ApprovalRequest:
    """Put a draft with its frozen audience before another person.

    Reserves the weekly limit of everybody in it (statement 7). Raises Refused, saying what to
    do, or Conflict where someone else submitted it first.
    """
    _refuse_unless_complete(Campaign.objects.get(pk=campaign.pk))
    with transaction.atomic():
        void_stale_of(campaign.pk)
        run = reserve(_run_to_submit(campaign))
        # Read again: until the tenant was locked, somebody could have worked out another one.
        run = _run_to_submit(campaign)
        if not run.included:
            raise Refused(
                _("Nobody would get this message. See who was left out and why, and change that.")
            )
        advance(campaign, to=Campaign.State.SUBMITTED, frm=[Campaign.State.DRAFT], by=by)
        return _open(campaign, run, by)


def _refuse_unless_complete(campaign: Campaign) -> None:
    if campaign.state != Campaign.State.DRAFT:
        raise Refused(
            _("“%(name)s” is “%(state)s”; only a draft can be submitted.")
            % {"name": campaign.name, "state": campaign.get_state_display()}
        )
    if found := blocking(campaign):
        raise Refused(" ".join(finding.text for finding in found))


def _run_to_submit(campaign: Campaign) -> Run:
    run = Run.objects.select_related("campaign").filter(current_slot=campaign.pk).first()
    if run is None or run.state != Run.State.FROZEN:
        raise Refused(_("First work out who gets it, and look whether these are the right people."))
    if not is_fresh(run):
        raise Refused(_("The groups or the topic have changed since. Work out again who gets it."))
    return run


def _open(campaign: Campaign, run: Run, by: Actor) -> ApprovalRequest:
    stored = with_content(Campaign.objects.all()).get(pk=campaign.pk)
    run = Run.objects.get(pk=run.pk)
    try:
        with transaction.atomic():
            return ApprovalRequest.objects.create(
                campaign=campaign,
                run=run,
                open_slot=campaign,
                fingerprint=fingerprint_of(stored, run),
                content=content_of(stored, run),
                submitted_by_key=by.key,
                submitted_by=by.name,
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody else submitted this campaign just now.")) from error
