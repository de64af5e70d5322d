"""The only writer of GroupExclusion: who said that they do not belong in a group (D4)."""

from django.db import transaction

from outreach.exceptions import Conflict
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient

MOST_SAID = 1000


def exclude(group: ContactGroup, recipient: Recipient, *, by: Actor, said: str = "") -> bool:
    """Keep somebody out of a group, by hand or by rule, from its next audience on.

    `said` is why, in their words. False if that was so already, or if they are erased.
    """
    with transaction.atomic():
        _lock(group, recipient)
        if not Recipient.objects.filter(pk=recipient.pk, erased_at__isnull=True).exists():
            return False
        _row, is_new = GroupExclusion.objects.get_or_create(
            group=group, recipient=recipient, defaults={"said": said.strip()[:MOST_SAID]}
        )
        if is_new:
            Membership.objects.filter(group=group, recipient=recipient).delete()
            record(recipient, "group.corrected", by=by, note=group.name)
    return is_new


def take_back(group: ContactGroup, recipient: Recipient, *, by: Actor) -> None:
    """Let somebody be found by the group again, or be added. Raises Conflict if they may be."""
    with transaction.atomic():
        _lock(group, recipient)
        gone, _by_table = GroupExclusion.objects.filter(group=group, recipient=recipient).delete()
        if not gone:
            raise Conflict("Nobody keeps this person out of the group any more.")
        record(recipient, "group.correction_ended", by=by, note=group.name)


def forget_exclusions(recipient: Recipient) -> None:
    """For an erasure: their words go, and no group can hold them any more."""
    GroupExclusion.objects.filter(recipient=recipient).delete()


def _lock(group: ContactGroup, recipient: Recipient) -> None:
    """The group first, as whoever adds people to it does."""
    ContactGroup.objects.select_for_update().get(pk=group.pk)
    lock_people([recipient.pk])
