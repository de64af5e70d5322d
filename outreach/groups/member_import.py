"""Put the people of a file into a group after somebody looked at the difference, and undo it."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.exceptions import Conflict, Refused
from outreach.groups.member_file import BATCH, Difference, difference, refuses
from outreach.groups.members import Provenance, add_with, remove_brought
from outreach.groups.models import ContactGroup, MemberImport
from outreach.history.actor import Actor
from outreach.recipients.models import RecipientAddress

State = MemberImport.State
KEPT = timedelta(days=1)
"""How long a difference that nobody agreed to is kept."""


def propose(
    group: ContactGroup, name: str, data: bytes, *, reason: str, by: Actor
) -> tuple[MemberImport, Difference]:
    """Look at a file; the group stays as it is. Raises Refused."""
    if group.kind != ContactGroup.Kind.HAND:
        raise Refused(_("“%(group)s” is found by a rule; a file adds nobody.") % {"group": group})
    found = difference(group, name, data)
    _forget_old(group)
    proposed = [[each.recipient_id, each.why] for each in found.to_add]
    kept = MemberImport.objects.create(
        group=group, file_name=name[:100], reason=reason, proposed=proposed, made_by=by.name
    )
    return kept, found


def carry_out(proposal: MemberImport, *, by: Actor) -> int:
    """Add the people that the difference showed; returns how many were not in it before.

    Raises Conflict where somebody was faster.
    """
    with transaction.atomic():
        won = MemberImport.objects.filter(pk=proposal.pk, state=State.PROPOSED).update(
            state=State.DONE, done_at=timezone.now(), made_by=by.name, proposed=[]
        )
        if not won:
            raise Conflict(_("This file was added before, or undone. See below."))
        reasons = {int(pk): str(why) for pk, why in proposal.proposed}
        added = add_with(
            proposal.group,
            reasons.keys() - _refusing(reasons),
            Provenance(
                by=by,
                reason=proposal.reason,
                source=_("file %(name)s") % {"name": proposal.file_name},
                brought_by=proposal,
                reasons=reasons,
            ),
        )
        MemberImport.objects.filter(pk=proposal.pk).update(added=added)
    return added


def undo(done: MemberImport, *, by: Actor) -> int:
    """Take out whom this import brought and nobody has picked since; returns how many.

    Raises Conflict where it is not done, or no more.
    """
    with transaction.atomic():
        won = MemberImport.objects.filter(pk=done.pk, state=State.DONE).update(
            state=State.UNDONE, undone_at=timezone.now(), undone_by=by.name
        )
        if not won:
            raise Conflict(_("This import was undone before."))
        removed = remove_brought(done, by=by, reason=_("undone: %(file)s") % {"file": done})
        MemberImport.objects.filter(pk=done.pk).update(removed=removed)
    return removed


def still_there(done: MemberImport) -> int:
    """How many an undo would take out now."""
    return done.memberships.count()


def _refusing(recipient_ids: Iterable[int]) -> set[int]:
    """Who has refused since the difference was looked at."""
    each, found = iter(recipient_ids), set[int]()
    while some := list(islice(each, BATCH)):
        held = RecipientAddress.objects.filter(refuses(), recipient__in=some)
        found |= set(held.values_list("recipient", flat=True))
    return found


def _forget_old(group: ContactGroup) -> None:
    old = timezone.now() - KEPT
    MemberImport.objects.filter(group=group, state=State.PROPOSED, made_at__lt=old).delete()
