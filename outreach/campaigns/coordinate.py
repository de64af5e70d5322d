"""Join campaigns that run at the same time, so that each person gets one of them only (B10)."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from outreach.campaigns.edit import note_edit
from outreach.campaigns.models import Campaign, Coordination
from outreach.exceptions import Conflict
from outreach.history.actor import Actor

MOST_NAME = 100


def join(campaign: Campaign, others: Sequence[Campaign], *, by: Actor) -> Coordination:
    """Put them into the coordination that one of them has, or into a new one.

    Who has a place keeps it; the others come after, `campaign` last of all. It is an edit of each
    that is put there: what was submitted or approved is a draft again. Raises Conflict where
    somebody else joined one meanwhile, Refused where one is being sent; then nothing is changed.
    """
    together = next((each.coordination for each in (campaign, *others) if each.coordination), None)
    joining = [each for each in (*others, campaign) if each.coordination is None]
    with transaction.atomic():
        together = together or _begin(campaign, others)
        taken = together.campaigns.aggregate(last=Max("coordination_rank"))["last"] or 0
        places = {each.pk: taken + number for number, each in enumerate(joining, start=1)}
        for each in sorted(joining, key=lambda each: each.pk):
            _put(each, together, places[each.pk], by)
    return together


def _put(campaign: Campaign, together: Coordination, place: int, by: Actor) -> None:
    won = Campaign.objects.filter(pk=campaign.pk, coordination__isnull=True).update(
        coordination=together, coordination_rank=place
    )
    if not won:
        raise Conflict(
            _("Somebody else has just coordinated “%(name)s”. Look again.")
            % {"name": campaign.name}
        )
    note_edit(campaign, by=by, note=_("coordinated: %(name)s") % {"name": together.name})


def _begin(campaign: Campaign, others: Sequence[Campaign]) -> Coordination:
    """Named after its campaigns: whoever has a better name for it changes it."""
    names = " / ".join(each.name for each in (*others, campaign))
    name = Truncator(names).chars(MOST_NAME)
    if Coordination.objects.filter(name=name).exists():
        name = f"{name} ({campaign.pk})"
    return Coordination.objects.get_or_create(name=name)[0]
