"""The only writer of RenewalRequest: before a wish is over its person is asked, once, to renew it.

Whoever asks takes what is due from `renewals_due`, and asks only where `mark_asked` says that it
won: then nobody else asks, and nobody asks again. An answer is an act in the ledger, as any other.
"""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from outreach.conf import conf
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.models import Pause, RenewalRequest, Subscription, Suppression
from outreach.preferences.wanted import wanted
from outreach.recipients.lock import lock_people

BATCH = 500


def sweep() -> int:
    """Note which wishes are about to be over; returns how many were not noted before.

    `RENEWAL_BEFORE` is how long before; nobody is asked again before they have had as long to
    rest since they said yes.
    """
    noted = 0
    while some := _note_batch():
        noted += some
    return noted


def renewals_due() -> QuerySet[RenewalRequest]:
    """Whom to ask now, the most urgent first.

    Left out: who was asked, has answered or let it lapse; who takes a break, whose messages are
    stopped, who is erased. Whether we may write to the others at all is for `may_contact` to say.
    """
    now, person = timezone.now(), OuterRef("record__recipient")
    stands = wanted(now).filter(record=OuterRef("record"))
    stops = Suppression.objects.filter(lifted_at__isnull=True)
    return (
        RenewalRequest.objects.filter(asked_at__isnull=True)
        .filter(Exists(stands), record__recipient__erased_at__isnull=True)
        .exclude(Exists(Pause.objects.filter(recipient=person, ends_at__gt=now)))
        .exclude(Exists(stops.filter(recipient=person)))
        .exclude(Exists(stops.filter(address__held__recipient=person)))
        .select_related("record__recipient", "record__topic")
        .order_by("record__valid_until", "pk")
    )


def mark_asked(request: RenewalRequest, *, by: Actor) -> bool:
    """Take it upon oneself to ask; False where somebody has asked, or there is no need any more."""
    with transaction.atomic():
        lock_people([request.record.recipient_id])
        due = list(renewals_due().filter(pk=request.pk).values_list("pk", flat=True))
        still = RenewalRequest.objects.filter(pk__in=due, asked_at__isnull=True)
        if not still.update(asked_at=timezone.now(), asked_by=by.name):
            return False
        name = request.record.topic.name
        record(request.record.recipient, "consent.renewal_asked", by=by, note=name)
    return True


def answered() -> Q:
    """Of requests: whether another act followed, or the wish was over."""
    stands = Subscription.objects.filter(record=OuterRef("record"), is_granted=True)
    return Q(~Exists(stands))


def _note_batch() -> int:
    now = timezone.now()
    noted = RenewalRequest.objects.filter(record=OuterRef("record"))
    soon = (
        wanted(now)
        .filter(valid_until__lte=now + conf().renewal_before)
        .filter(since_at__lte=now - conf().renewal_before)
        .filter(~Exists(noted))
        .order_by("valid_until", "pk")
        .annotate(act=F("record"))
    )
    acts = list(soon.values_list("act", flat=True)[:BATCH])
    RenewalRequest.objects.bulk_create(
        [RenewalRequest(record_id=act) for act in acts], ignore_conflicts=True
    )
    return len(acts)
