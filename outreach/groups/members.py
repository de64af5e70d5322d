"""Who is in a group, and the only ways into and out of one that is picked by hand (A1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.exceptions import Refused
from outreach.groups.compile import is_excluded, is_member, is_picked, people_of
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup, MemberImport, Membership
from outreach.history.actor import Actor
from outreach.history.record import record, record_each
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient

_BATCH = 500


def members_of(
    group: ContactGroup, *, known: Mapping[str, Fact] | None = None
) -> QuerySet[Recipient]:
    """Everybody in a group as one query not yet run: no erased people, and nobody who said that
    they do not belong (D4).

    Raises BrokenRule: a rule that no longer fits finds neither everybody nor nobody. `known`
    saves reading the facts again.
    """
    return people_of(group.tenant).filter(is_member(group, known=known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who adds people, why and from where; `reasons` say it for some of them apart."""

    by: Actor
    reason: str
    source: str = ""
    brought_by: MemberImport | None = None
    reasons: Mapping[int, str] = field(default_factory=dict)


def add_members(
    group: ContactGroup, recipient_ids: Iterable[int], *, by: Actor, reason: str, source: str = ""
) -> int:
    """Put people into a hand-picked group; returns how many were not in it before.

    Ids of nobody, of erased people, of other tenants and of people who said that they do not
    belong are passed over. Raises Refused.
    """
    provenance = Provenance(by=by, reason=reason.strip(), source=source)
    return add_with(group, recipient_ids, provenance)


def add_with(group: ContactGroup, recipient_ids: Iterable[int], provenance: Provenance) -> int:
    """The same, with all that is known of where they come from."""
    by, reason = provenance.by, provenance.reason
    if not reason:
        raise Refused(_("Say why these people belong to the group, as in “met at the fair”."))
    added = 0
    with transaction.atomic():
        held = _locked(group)
        for ids in _batches(sorted(set(recipient_ids))):
            if provenance.brought_by is None:
                _picked_by_hand_too(held, ids)
            added += _add(held, ids, provenance)
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
            removed += _remove(held, ids, by, reason)
        if removed:
            record(held, "members.removed", by=by, note=f"{removed}: {reason}".rstrip(": "))
    return removed


def remove_brought(brought_by: MemberImport, *, by: Actor, reason: str) -> int:
    """Take out whom an import brought and nobody has picked since. Raises Refused."""
    with transaction.atomic():
        held = _locked(brought_by.group)  # before it is read who they are
        brought = Membership.objects.filter(group=held, brought_by=brought_by)
        ids = list(brought.values_list("recipient", flat=True))
        return remove_members(held, ids, by=by, reason=reason)


def remove_member(group: ContactGroup, recipient_id: int, *, by: Actor, reason: str = "") -> bool:
    """Take one person out; False if they were not in it. Raises Refused."""
    return bool(remove_members(group, [recipient_id], by=by, reason=reason))


def forget_memberships(recipient: Recipient) -> None:
    """For an erasure: out of every group, with the reasons that were noted."""
    Membership.objects.filter(recipient=recipient).delete()


def _add(group: ContactGroup, ids: list[int], provenance: Provenance) -> int:
    lock_people(ids)  # so that an erasure is either seen here, or finds the new row
    may_join = people_of(group.tenant).filter(pk__in=ids).exclude(is_excluded(group))
    people = list(may_join.exclude(is_picked(group)))
    by, reason, reasons = provenance.by, provenance.reason, provenance.reasons
    Membership.objects.bulk_create(
        [
            Membership(
                group=group,
                recipient=person,
                added_by=by.name,
                reason=(reasons.get(person.pk) or reason)[:250],
                source=provenance.source[:150],
                brought_by=provenance.brought_by,
            )
            for person in people
        ]
    )
    record_each(people, "group.joined", by=by, note=_note(group, reason))
    return len(people)


def _remove(group: ContactGroup, ids: list[int], by: Actor, reason: str) -> int:
    people = list(Recipient.objects.filter(memberships__group=group, pk__in=ids))
    Membership.objects.filter(group=group, recipient__in=people).delete()
    record_each(people, "group.left", by=by, note=_note(group, reason))
    return len(people)


def _picked_by_hand_too(group: ContactGroup, ids: list[int]) -> None:
    """Whoever is picked by hand stays when the import that brought them is undone."""
    brought = Membership.objects.filter(group=group, recipient__in=ids, brought_by__isnull=False)
    brought.update(brought_by=None)


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
