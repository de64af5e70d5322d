"""Lets one thing befall one copy. Buttons and calls all come through here."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import requests
from django.db import transaction

from . import inbound, payloads
from .models import Copy, Inactive, Kind, SentBack
from .one_click import FORM_BODY, one_click_url
from .sending import open_session, send

OUTCOMES = {Kind.DELIVERED, Kind.HARD_BOUNCE, Kind.SOFT_BOUNCE}
DEACTIVATING = {Kind.HARD_BOUNCE, Kind.COMPLAIN}
BATCH = 100
GIVE_UP_AFTER = 3

_TRACKING: dict[str, Callable[[Copy], payloads.JSONObject]] = {
    Kind.DELIVERED: payloads.delivery,
    Kind.HARD_BOUNCE: payloads.hard_bounce,
    Kind.SOFT_BOUNCE: payloads.soft_bounce,
    Kind.COMPLAIN: payloads.spam_complaint,
}


class CannotHappenError(ValueError):
    """What was asked for makes no sense for this copy; the message says why."""


def happen(copy: Copy, kind: Kind, text: str = "") -> SentBack:
    """Records the event, sends it back and returns the row with the answer.

    A real provider repeats itself and reports out of order, so any event may follow any other.
    """
    sent = _record(copy, kind, text.replace("\r\n", "\n").strip())
    with open_session() as session:
        return send(sent, session)


def try_again(sent: SentBack) -> SentBack:
    """The same body once more, as a provider does after a failure."""
    with open_session() as session:
        return send(sent, session)


@dataclass
class Rest:
    """What deliver_rest did: copies by outcome, failed requests, and why it stopped early."""

    outcomes: Counter[Kind] = field(default_factory=Counter)
    failed: int = 0
    stopped: str = ""


def deliver_rest() -> Rest:
    """Settles each copy to which nothing happened yet, one request after the other.

    Addresses that look made to bounce do so. Where nobody answers several times in a row, the
    remaining copies are left as they are.
    """
    rest = Rest()
    unanswered = 0
    with open_session() as session:
        for copy in _waiting():
            sent = _settle(copy, session)
            if sent is None:
                continue
            rest.outcomes[Kind(sent.kind)] += 1
            rest.failed += not sent.is_ok
            unanswered = unanswered + 1 if sent.status_code is None else 0
            if unanswered == GIVE_UP_AFTER:
                rest.stopped = sent.error
                break
    return rest


def bounces_by_itself(copy: Copy) -> bool:
    """Whether the address ends in `.invalid` or speaks of bouncing before the @."""
    local, _, domain = copy.mailbox.rpartition("@")
    return "bounce" in local or f".{domain}".endswith(".invalid")


def _waiting() -> Iterator[Copy]:
    """Copies without an outcome. Read in batches: an open cursor would block our own writes."""
    keys = list(Copy.objects.filter(outcome="").order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = Copy.objects.filter(pk__in=keys[start : start + BATCH], outcome="")
        yield from list(
            batch.select_related("message")
            .defer("message__html_body", "message__text_body", "message__attachments")
            .order_by("pk")
        )


def _settle(copy: Copy, session: requests.Session) -> SentBack | None:
    """One copy of the rest; None if somebody else settled it meanwhile."""
    kind = Kind.HARD_BOUNCE if bounces_by_itself(copy) else Kind.DELIVERED
    with transaction.atomic():
        if not Copy.objects.filter(pk=copy.pk, outcome="").update(outcome=kind):
            return None
        sent = _record(copy, kind, "")
    return send(sent, session)


def _record(copy: Copy, kind: Kind, text: str) -> SentBack:
    if kind == Kind.OUT_OF_OFFICE and not text:
        text = inbound.out_of_office_text()
    body = _body(copy, kind, text)
    with transaction.atomic():
        if kind in OUTCOMES:
            Copy.objects.filter(pk=copy.pk).update(outcome=kind)
        if kind in DEACTIVATING:
            _deactivate(copy.mailbox, kind)
        return SentBack.objects.create(message_copy=copy, kind=kind, text=text, body=body)


def _deactivate(mailbox: str, kind: Kind) -> None:
    _, is_new = Inactive.objects.get_or_create(mailbox=mailbox, defaults={"kind": kind})
    if not is_new and kind == Kind.COMPLAIN:
        # A complaint outweighs a bounce: it can never be taken back.
        Inactive.objects.filter(mailbox=mailbox).update(kind=kind)


def _body(copy: Copy, kind: Kind, text: str) -> str:
    if kind == Kind.UNSUBSCRIBE:
        if not one_click_url(copy.message):
            raise CannotHappenError("This message offers no one-click unsubscribe.")
        return FORM_BODY
    if kind == Kind.REPLY:
        if not text:
            raise CannotHappenError("Write something first; an empty reply is not sent.")
        return json.dumps(inbound.reply(copy, text))
    if kind == Kind.OUT_OF_OFFICE:
        return json.dumps(inbound.out_of_office(copy, text))
    return json.dumps(_TRACKING[kind](copy))
