"""Freeze a campaign's groups into the ledger: one row a person, included or with the reason."""

from contextlib import suppress
from dataclasses import replace

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.audiences.candidates import aims_digest, candidates_of
from outreach.audiences.ranges import WHILE_ONE_WAITS, keys_of, range_size
from outreach.campaigns.models import Campaign
from outreach.eligibility.decide import question_of
from outreach.eligibility.decide_many import decided_of
from outreach.eligibility.rule import KeyRange
from outreach.exceptions import Conflict, Refused
from outreach.groups.broken_rule import BrokenRule
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record
from outreach.ledger import plan
from outreach.ledger.lock import lock_tenant
from outreach.ledger.models import Run
from outreach.periodic import wake
from outreach.recipients.many_rows import ask_of_many
from outreach.recipients.models import Channel


def freeze(campaign: Campaign, *, by: Actor) -> Run:
    """Work out who gets the campaign, all at once. Raises Refused unless it is a draft with groups.

    A large audience is written in ranges of keys, each a transaction of its own; a freeze that
    was cut short is taken up by `sweep`.
    """
    return go_on(begin(campaign, by=by))


def freeze_soon(campaign: Campaign, *, by: Actor) -> Run:
    """The same for somebody who waits: what takes longer goes on in the background."""
    run = begin(campaign, by=by)
    if run.upper - run.lower <= min(range_size(), WHILE_ONE_WAITS):
        return go_on(run)
    wake("audiences")
    return run


def begin(campaign: Campaign, *, by: Actor) -> Run:
    """A run in the place of the current one, with nobody in it yet. Raises Refused."""
    with transaction.atomic():
        lock_tenant(campaign.tenant)
        fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if fresh.state != Campaign.State.DRAFT:
            raise Refused(_("Only a draft can be worked out anew. Change the campaign first."))
        if not fresh.aims.filter(is_left_out=False).exists():
            raise Refused(_("Choose at least one group that this campaign is for."))
        channel = Channel.EMAIL
        candidates_of(fresh)  # not asked here: whether a rule is broken shows without
        digest = aims_digest(fresh, channel)
        run = plan.begin(fresh, channel=channel, keys=keys_of(fresh), aims_digest=digest)
        record(fresh, "audience.begun", by=by)
    return run


def sweep() -> int:
    """Go on with every freeze that was left, for as long as another process does not."""
    runs = Run.objects.filter(state=Run.State.FREEZING).select_related("campaign__topic")
    done = 0
    for run in runs.order_by("pk"):
        try:
            go_on(run)
            done += 1
        except Conflict:  # somebody else goes on with it, or it was given up
            continue
        except BrokenRule:
            give_up(run, by=SYSTEM)
    return done


def go_on(run: Run) -> Run:
    """Write the ranges that are still missing, then make the audience visible.

    Raises Conflict where somebody else does, or has given it up.
    """
    while run.cursor < run.upper:
        _freeze_range(run)
    with transaction.atomic():
        lock_tenant(run.campaign.tenant)
        plan.complete(run)
    return run


def give_up(run: Run, *, by: Actor) -> bool:
    """Leave off in the middle; False if it was complete already. Nobody is in the run any more."""
    with transaction.atomic():
        lock_tenant(run.campaign.tenant)
        is_given_up = plan.give_up(run)
        if is_given_up:
            record(run.campaign, "audience.given_up", by=by)
    return is_given_up


def _freeze_range(run: Run) -> None:
    within = KeyRange(run.cursor, run.cursor + range_size())
    with transaction.atomic():
        lock_tenant(run.campaign.tenant)
        ask_of_many()
        people = candidates_of(run.campaign, within=within)
        is_first = run.cursor == run.lower
        question = replace(question_of(run, within=within), is_run_empty=is_first)
        decided: list[plan.Part] = []
        with suppress(EmptyResultSet):  # a group that can have no member
            decided = decided_of(people, question)
        plan.insert_range(run, decided, upto=within.upto)
