"""Take up a few deliveries for sending: the last moment at which a rule can say no (B1)."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.approvals.in_force import approval_in_force
from outreach.conf import conf
from outreach.dispatch import hold
from outreach.eligibility.addressed import with_address
from outreach.eligibility.again import ask_again
from outreach.eligibility.decide import house_date, question_of
from outreach.eligibility.rule import ADDRESS, Keys
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.ledger.plan import left_out
from outreach.preferences.models import Purpose
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient
from outreach.recipients.sync import refresh

State = Delivery.State


@dataclass(frozen=True, slots=True)
class Claim:
    """A sub-batch: at most `conf().claim_size` attempts, to be handed over before `until`."""

    key: uuid.UUID
    attempts: tuple[Attempt, ...]
    left_out: int
    until: datetime

    @property
    def is_empty(self) -> bool:
        return not self.attempts and not self.left_out


def claim(run: Run) -> Claim:
    """Claim the next deliveries of a run, if it is being sent under a valid approval.

    In one transaction, and over locked people, their live rows are read from the CRM and every
    rule is asked again: whoever opted out before this commits gets nothing (statement 4); what
    is claimed cannot be claimed twice.
    """
    with transaction.atomic():
        rows = list(_locked(run))
        now = timezone.now()
        taken = Claim(uuid.uuid4(), (), 0, now + conf().claim_within)
        is_approved = not rows or approval_in_force(run.campaign) is not None
        if rows and is_approved:
            included = _ask_again(run, rows, locked=_lock_people_of(run, rows))
            attempts = _take_up(run, included, taken.key, now)
            taken = replace(taken, attempts=tuple(attempts), left_out=len(rows) - len(included))
    if not is_approved:
        # Only now, with no delivery locked any more: a stop locks the run before them.
        hold.hold(run, _("The campaign is no longer approved as it stands."))
    return taken


def _next(run: Run) -> QuerySet[Delivery]:
    due = Q(state=State.PLANNED) | Q(state=State.SOFT_BOUNCED, retry_at__lte=timezone.now())
    is_sending = Q(run__state=Run.State.SENDING)
    return Delivery.objects.filter(due, is_sending, run=run).order_by("pk")


def _locked(run: Run) -> QuerySet[Delivery]:
    can = connection.features
    rows = _next(run).select_for_update(
        of=("self",) if can.has_select_for_update_of else (),
        skip_locked=can.has_select_for_update_skip_locked,
    )
    return rows[: conf().claim_size]


def _lock_people_of(run: Run, rows: list[Delivery]) -> set[int]:
    """Lock the people of these rows, as the CRM has them now, and the addresses concerned."""
    people = [row.recipient_id for row in rows]
    lock_people(people)
    refresh(people)
    live = with_address(Recipient.objects.filter(pk__in=people), run.channel)
    addresses = {row.address_id for row in rows} | set(live.values_list(ADDRESS, flat=True))
    known = {address for address in addresses if address}
    lock_people([], known)
    return known


def _ask_again(run: Run, rows: list[Delivery], *, locked: set[int]) -> list[Delivery]:
    """Leave out, with the reason, whom a rule excludes by now; returns the others.

    Who moved to an address that is not `locked` just now is left for the next claim.
    """
    keys = Keys(tuple(row.recipient_id for row in rows))
    asked = ask_again(question_of(run, within=keys))
    answers = {answer.recipient_id: answer for answer in asked}
    included, by_reason = [], defaultdict(list)
    for row in rows:
        _key, address_id, reason, row.asks_to_go_on = answers[row.recipient_id]
        if reason:
            by_reason[reason].append(row)
        elif address_id not in locked:
            continue
        elif address_id != row.address_id and not _readdress(row, address_id):
            by_reason["shared_address"].append(row)
        else:
            included.append(row)
    for reason, refused in by_reason.items():
        Delivery.objects.filter(pk__in=[row.pk for row in refused]).update(**left_out(reason))
        _write_events(refused, DeliveryEvent.Kind.EXCLUDED, detail=reason)
    return included


def _readdress(row: Delivery, address_id: int) -> bool:
    """Follow a change of address in the CRM, unless the new one is written to already."""
    taken = Delivery.objects.filter(run=row.run_id, address_slot=address_id)
    if taken.exclude(pk=row.pk).exists():
        return False
    Delivery.objects.filter(pk=row.pk).update(address=address_id, address_slot=address_id)
    row.address_id = address_id
    return True


def _take_up(run: Run, rows: list[Delivery], key: uuid.UUID, now: datetime) -> list[Attempt]:
    ids = [row.pk for row in rows]
    last = dict(
        Attempt.objects.filter(delivery__in=ids)
        .values_list("delivery")
        .annotate(Max("number"))
        .order_by()
    )
    attempts = Attempt.objects.bulk_create(
        [Attempt(delivery=row, number=last.get(row.pk, 0) + 1, claimed_at=now) for row in rows]
    )
    counts = run.campaign.purpose == Purpose.COMMERCIAL
    Delivery.objects.filter(pk__in=ids).update(
        state=State.CLAIMED,
        claim_key=key,
        lease_until=now + conf().lease_within,
        retry_at=None,
        cap_on=house_date(now) if counts else None,
        asks_to_go_on=False,
    )
    if counts and (asking := [row.pk for row in rows if row.asks_to_go_on]):
        Delivery.objects.filter(pk__in=asking).update(asks_to_go_on=True)
    _write_events(rows, DeliveryEvent.Kind.CLAIMED)
    return attempts


def _write_events(rows: list[Delivery], kind: str, *, detail: str = "") -> None:
    DeliveryEvent.objects.bulk_create(
        [DeliveryEvent(delivery=row, kind=kind, detail=detail) for row in rows]
    )
