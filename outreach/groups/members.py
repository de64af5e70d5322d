"""Who is in a group, and the only ways into and out of one that is picked by hand (A1)."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from outreach.exceptions import Refused
from outreach.groups.compile import is_excluded, people_in, people_of, rule_of
from outreach.groups.models import ContactGroup, Membership
from outreach.history.actor import Actor
from outreach.history.record import record, record_each
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient

_BATCH = 500


def members_of(group: ContactGroup) -> QuerySet[Recipient]:
    """Everybody in a group as one query not yet run: no erased people, and nobody who said that
    they do not belong (D4).

    Raises BrokenRule: a rule that no longer fits finds neither everybody nor nobody.
    """
    if group.kind == ContactGroup.Kind.RULE:
        return people_in(group, rule_of(group))
    return people_of(group.tenant).filter(is_picked(group)).exclude(is_excluded(group))


def is_picked(group: ContactGroup) -> Q:
    """A filter on Recipient for the hand-picked members of a group."""
    return Q(pk__in=Membership.objects.filter(group=group).values("recipient"))


def add_members(
    group: ContactGroup, recipient_ids: Iterable[int], *, by: Actor, reason: str
) -> int:
    """Put people into a hand-picked group; returns how many were not in it before.

    Ids of nobody, of erased people, of other tenants and of people who said that they do not
    belong are passed over. Raises Refused.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why these people belong to the group, as in “met at the fair”."))
    added = 0
    with transaction.atomic():
        held = _locked(group)
        for ids in _batches(sorted(set(recipient_ids))):
            added += _add(held, ids, by, reason)
        if added:
            record(held, "members.added", by=by, note=f"{added}: {reason}")
    return added


def remove_members(
    group: ContactGroup, recipient_ids: Iterable[int], *, by: Actor, reason: str = ""
) -> int:
    """Take people out of a hand-picked group; returns how many were in it. Raises Refused."""
    removed = 0
    with transaction.atomic():
        held = _locked(group)
        for ids in _batches(recipient_ids):
            people = list(Recipient.objects.filter(memberships__group=held, pk__in=ids))
            Membership.objects.filter(group=held, recipient__in=people).delete()
            record_each(people, "group.left", by=by, note=_note(held, reason))
            removed += len(people)
        if removed:
            record(held, "members.removed", by=by, note=f"{removed}: {reason}".rstrip(": "))
    return removed


def remove_member(group: ContactGroup, recipient_id: int, *, by: Actor, reason: str = "") -> bool:
    """Take one person out; False if they were not in it. Raises Refused."""
    return bool(remove_members(group, [recipient_id], by=by, reason=reason))


def forget_memberships(recipient: Recipient) -> None:
    """For an erasure: out of every group, with the reasons that were noted."""
    Membership.objects.filter(recipient=recipient).delete()


def _add(group: ContactGroup, ids: list[int], by: Actor, reason: str) -> int:
    lock_people(ids)  # so that an erasure is either seen here, or finds the new row
    may_join = people_of(group.tenant).filter(pk__in=ids).exclude(is_excluded(group))
    people = list(may_join.exclude(is_picked(group)))
    Membership.objects.bulk_create(
        [
            Membership(group=group, recipient=person, added_by=by.name, reason=reason[:250])
            for person in people
        ]
    )
    record_each(people, "group.joined", by=by, note=_note(group, reason))
    return len(people)


def _locked(group: ContactGroup) -> ContactGroup:
    """The row itself, so that two who add the same person at once queue up."""
    held = ContactGroup.objects.select_for_update().get(pk=group.pk)
    if held.kind != ContactGroup.Kind.HAND:
        raise Refused(
            _("“%(group)s” is found by a rule; change the rule to change who is in it.")
            % {"group": held.name}
        )
    return held


def _note(group: ContactGroup, reason: str) -> str:
    return f"{group.name}: {reason}" if reason else group.name


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    each = iter(ids)
    while batch := list(islice(each, _BATCH)):
        yield batch
