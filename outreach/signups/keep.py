"""The only writer of sign-ups: from asking to what came of it. Each change says whether it won."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from outreach.conf import conf
from outreach.history.actor import CUSTOMER, Actor
from outreach.history.record import record
from outreach.preferences.models import Topic
from outreach.recipients.models import Address, Recipient
from outreach.signups.models import SignUp

State = SignUp.State
FORGOTTEN = {"address_value": "", "address_hash": "", "given_name": "", "family_name": ""}
BATCH = 500


def begin(sign_up: SignUp, topics: Collection[Topic], *, by: Actor = CUSTOMER) -> SignUp:
    """Keep that somebody asked; the sweep does the rest."""
    sign_up.expires_at = sign_up.asked_at + conf().sign_up_within
    with transaction.atomic():
        sign_up.save(force_insert=True)
        through = SignUp.topics.through
        through._default_manager.bulk_create(
            [through(signup_id=sign_up.pk, topic_id=topic.pk) for topic in topics]
        )
        if by.is_person:
            record(sign_up, "sign_up.entered", by=by)
    return sign_up


def claim_mail(sign_up: SignUp) -> bool:
    """Take it upon us to write to them. Once: what is claimed is never claimed again."""
    now = timezone.now()
    return bool(to_be_mailed().filter(pk=sign_up.pk).update(claimed_at=now))


def to_be_mailed() -> QuerySet[SignUp]:
    """Who is to get our one message: to confirm, or a welcome where the wish counts already."""
    return SignUp.objects.filter(
        state__in=[State.PENDING, State.CONFIRMED],
        claimed_at__isnull=True,
        expires_at__gt=timezone.now(),
    )


def give_back(sign_up: SignUp, *, detail: str) -> bool:
    """Nothing was sent, for sure: the next sweep may try."""
    return bool(
        SignUp.objects.filter(pk=sign_up.pk, mailed_at__isnull=True).update(
            claimed_at=None, detail=detail[:250]
        )
    )


def note_mail(sign_up: SignUp, *, at: datetime | None, detail: str = "") -> None:
    """What came of the one message; `at` is None where it was refused or we do not know."""
    SignUp.objects.filter(pk=sign_up.pk).update(mailed_at=at, detail=detail[:250])


def ignore(sign_up: SignUp, *, why: str) -> bool:
    """Nothing is sent, and from outside it looks as if it were."""
    return bool(
        SignUp.objects.filter(pk=sign_up.pk, state=State.PENDING).update(
            state=State.IGNORED, detail=why[:250]
        )
    )


def lock_asked_for(sign_up: SignUp) -> SignUp:
    """Lock all that was asked for this address, in key order: two that confirm wait for each other.

    To be called in a transaction, before any person is locked. Returns the row as it is now.
    """
    same = SignUp.objects.filter(tenant=sign_up.tenant, address_hash=sign_up.address_hash)
    list(same.select_for_update().order_by("pk").values_list("pk", flat=True))
    return SignUp.objects.select_for_update().get(pk=sign_up.pk)


def close(
    sign_up: SignUp, recipient: Recipient, address: Address, *, is_new: bool, by: Actor
) -> bool:
    """Confirmed: who it is stands with the person from now on, and here no more."""
    now = timezone.now()
    waiting = SignUp.objects.filter(pk=sign_up.pk, state=State.PENDING, expires_at__gt=now)
    won = waiting.update(
        state=State.CONFIRMED,
        confirmed_at=now,
        recipient=recipient,
        address=address,
        is_contact_due=is_new,
        **FORGOTTEN,
    )
    if won:
        record(sign_up, "sign_up.confirmed", by=by)
    return bool(won)


def contact_is_made(sign_up: SignUp) -> bool:
    """The CRM knows them now, or does not want to."""
    due = SignUp.objects.filter(pk=sign_up.pk, is_contact_due=True)
    return bool(due.update(is_contact_due=False))


def forget(sign_up: SignUp, *, why: str = "") -> bool:
    """Whoever reads the mailbox did not ask, or thought better of it; or nobody reads it."""
    return bool(_forget([sign_up.pk], State.PENDING, State.EXPIRED, detail=why))


def forget_person(recipient: Recipient) -> int:
    """For erasure: the words of staff about them, and what was asked for at their addresses."""
    addresses = Address.objects.filter(held__recipient=recipient).values("value_hash")
    open_ones = SignUp.objects.filter(tenant=recipient.tenant, address_hash__in=addresses)
    forgotten = SignUp.objects.filter(recipient=recipient).update(note="", is_contact_due=False)
    for state, becomes in ((State.PENDING, State.EXPIRED), (State.IGNORED, State.IGNORED)):
        keys = list(open_ones.filter(state=state).values_list("pk", flat=True))
        forgotten += _forget(keys, state, becomes)
    return forgotten


def forget_over() -> int:
    """Empty what was not confirmed in time; returns how many."""
    over = SignUp.objects.filter(expires_at__lte=timezone.now()).exclude(address_hash="")
    forgotten = 0
    for state, becomes in ((State.PENDING, State.EXPIRED), (State.IGNORED, State.IGNORED)):
        while keys := list(over.filter(state=state).values_list("pk", flat=True)[:BATCH]):
            forgotten += _forget(keys, state, becomes)
    return forgotten


def _forget(keys: Iterable[int], state: str, becomes: str, **more: str) -> int:
    rows = SignUp.objects.filter(pk__in=list(keys), state=state)
    return rows.update(state=becomes, note="", **FORGOTTEN, **more)
