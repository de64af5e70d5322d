"""The only writer of RenewalRequest: before a wish is over its person is asked, once, to renew it.

Whoever asks takes what is due from `renewals_due`, and asks only where `mark_asked` says that it
won: then nobody else asks, and nobody asks again. An answer is an act in the ledger, as any other.

A letter whose fate nobody saw, since the worker was killed or the provider's answer was lost, is
never sent again: rather never than twice. Where it is certain that it did not leave, as when the
provider could not be reached, `give_back` makes it due again an hour later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from outreach.conf import conf
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.choices import Wish
from outreach.preferences.models import Pause, RenewalRequest, Subscription, Suppression
from outreach.preferences.wanted import wanted
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Address
from outreach.senders.models import Sender

BATCH = 500
TRY_AGAIN_AFTER = timedelta(hours=1)
ASKED, NOT_ASKED = "consent.renewal_asked", "consent.renewal_not_asked"
LEFT_US = (RenewalRequest.Letter.SENDING, RenewalRequest.Letter.SENT, RenewalRequest.Letter.UNKNOWN)
Letter = RenewalRequest.Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLetter:
    """To which address we ask, and who signs."""

    address: Address
    sender: Sender


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
        RenewalRequest.objects.filter(asked_at__isnull=True, due_at__lte=now)
        .filter(Exists(stands), record__recipient__erased_at__isnull=True)
        .exclude(Exists(Pause.objects.filter(recipient=person, ends_at__gt=now)))
        .exclude(Exists(stops.filter(recipient=person)))
        .exclude(Exists(stops.filter(address__held__recipient=person)))
        .select_related("record__recipient", "record__topic")
        .order_by("record__valid_until", "pk")
    )


def mark_asked(request: RenewalRequest, *, by: Actor, letter: ByLetter | None = None) -> bool:
    """Take it upon oneself to ask; False where somebody has asked, or there is no need any more.

    With a `letter` it is being handed over from here on; without one somebody asks in person.
    """
    with transaction.atomic():
        lock_people([request.record.recipient_id])
        due = list(renewals_due().filter(pk=request.pk).values_list("pk", flat=True))
        still = RenewalRequest.objects.filter(pk__in=due, asked_at__isnull=True)
        won = still.update(
            asked_at=timezone.now(),
            asked_by=letter.sender.name if letter else by.name,
            letter=Letter.SENDING if letter else Letter.NONE,
            address=letter and letter.address,
            sender=letter and letter.sender,
            detail="",
        )
        if not won:
            return False
        _record(request, ASKED, by=by)
    return True


def note_letter(request: RenewalRequest, letter: Letter, *, detail: str = "") -> None:
    """Keep what became of a letter that this process handed over."""
    under_way = RenewalRequest.objects.filter(pk=request.pk)
    under_way.filter(letter__in=[Letter.SENDING, Letter.UNKNOWN]).update(
        letter=letter, detail=detail[:120]
    )


def give_back(request: RenewalRequest, *, detail: str, by: Actor) -> None:
    """Make it due again later: this letter never left. For who took it, and only if certain."""
    with transaction.atomic():
        taken = RenewalRequest.objects.filter(pk=request.pk)
        won = taken.filter(letter__in=[Letter.SENDING, Letter.UNKNOWN]).update(
            due_at=timezone.now() + TRY_AGAIN_AFTER,
            asked_at=None,
            asked_by="",
            letter=Letter.NONE,
            address=None,
            sender=None,
            detail=detail[:120],
        )
        if won:
            _record(request, NOT_ASKED, by=by)


def give_up(*, before: datetime) -> int:
    """Let go of letters that were taken up before then and of which nobody saw the end."""
    return RenewalRequest.objects.filter(letter=Letter.SENDING, asked_at__lt=before).update(
        letter=Letter.UNKNOWN, detail="the worker ended before the answer"
    )


def note_report(request: RenewalRequest, letter: Letter, *, detail: str) -> bool:
    """Keep what a provider reports of a letter; False where it reported on it before."""
    left = RenewalRequest.objects.filter(pk=request.pk, letter__in=LEFT_US)
    return bool(left.update(letter=letter, detail=detail[:120]))


def about_to_end(now: datetime) -> QuerySet[Subscription]:
    """Wishes that are over soon: the time to ask for, once their people have rested as long."""
    before = conf().renewal_before
    return wanted(now).filter(valid_until__lte=now + before, since_at__lte=now - before)


def ending_wishes(wishes: Iterable[Wish], now: datetime) -> Iterator[tuple[int, str, datetime]]:
    """Topic, channel and end of those that are over soon, as about_to_end finds them."""
    soon, rested_since = now + conf().renewal_before, now - conf().renewal_before
    for wish in wishes:
        if not wish.is_wanted or wish.ends_at is None:
            continue
        if wish.ends_at <= soon and wish.since_at <= rested_since:
            yield wish.topic_id, wish.channel, wish.ends_at


def answered() -> Q:
    """Of requests: whether another act followed, or the wish was over."""
    stands = Subscription.objects.filter(record=OuterRef("record"), is_granted=True)
    return Q(~Exists(stands))


def _record(request: RenewalRequest, verb: str, *, by: Actor) -> None:
    record(request.record.recipient, verb, by=by, note=request.record.topic.name)


def _note_batch() -> int:
    now = timezone.now()
    noted = RenewalRequest.objects.filter(record=OuterRef("record"))
    soon = (
        about_to_end(now)
        .filter(~Exists(noted))
        .order_by("valid_until", "pk")
        .annotate(act=F("record"))
    )
    acts = list(soon.values_list("act", flat=True)[:BATCH])
    RenewalRequest.objects.bulk_create(
        [RenewalRequest(record_id=act) for act in acts], ignore_conflicts=True
    )
    return len(acts)
