"""Ask people by letter, each once, whether a wish that is about to be over goes on.

What binds the letter is all that binds a message about the topic, but its pace: how many a week
and how often. So nobody is asked who is erased, stopped, marked in the CRM, taking a break, left
in peace since they let our last messages pass (D3), or without an address that takes mail. A
wish for another way than e-mail is left to those who work with the list.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from outreach.centre.renewal_letter import build, signer_for
from outreach.conf import conf
from outreach.dispatch.channels.email import send
from outreach.dispatch.mailer import mailer
from outreach.dispatch.outcome import Fate, HandedOver
from outreach.eligibility.decide import REASON, question_for, with_reason
from outreach.eligibility.rule import ADDRESS, Keys
from outreach.eligibility.rules import capped, too_often
from outreach.history.actor import SYSTEM
from outreach.preferences.models import RenewalRequest, Topic
from outreach.preferences.renewal import (
    ByLetter,
    Letter,
    give_back,
    give_up,
    mark_asked,
    note_letter,
    renewals_due,
)
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Address, Channel, Recipient

BATCH = 200
A_SWEEP_LASTS = timedelta(seconds=20)
PACE = (capped.RULE.code, too_often.RULE.code)
BECOMES = {
    Fate.ACCEPTED: Letter.SENT,
    Fate.REFUSED: Letter.NOT_SENT,
    Fate.UNKNOWN: Letter.UNKNOWN,
}


def sweep() -> int:
    """Ask who is due; returns how many letters went out. After A_SWEEP_LASTS the next goes on."""
    give_up(before=timezone.now() - conf().lease_within)
    waiting = _to_be_asked()
    first = next(waiting, None)
    if first is None:
        return 0
    with mailer() as connection:
        return _ask_each(chain([first], waiting), connection)


def _ask_each(requests: Iterable[RenewalRequest], connection: BaseEmailBackend) -> int:
    until, sent = timezone.now() + A_SWEEP_LASTS, 0
    for request in requests:
        fate = _ask(request, connection)
        sent += fate is Fate.ACCEPTED
        if fate is Fate.NOT_SENT or timezone.now() > until:
            break  # the provider is away, and the others would fare no better
    return sent


def _to_be_asked() -> Iterator[RenewalRequest]:
    """Whom a letter may ask, as far as that can be said without locks; read in batches."""
    after = 0
    due = renewals_due().filter(record__channel=Channel.EMAIL, record__topic__is_active=True)
    while some := list(due.filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = some[-1].pk
        by_topic: dict[Topic, list[RenewalRequest]] = defaultdict(list)
        for request in some:
            by_topic[request.record.topic].append(request)
        for topic, requests in by_topic.items():
            allowed = _allowed(topic, [each.record.recipient_id for each in requests])
            yield from (each for each in requests if each.record.recipient_id in allowed)


def _allowed(topic: Topic, people: Collection[int]) -> dict[int, int]:
    """The addresses at which these may be asked, by person, as it stands at this instant."""
    question = replace(question_for(topic, Channel.EMAIL), within=Keys(tuple(people)))
    asked = with_reason(Recipient.objects.filter(pk__in=people), question, but=PACE)
    with asking_of_many():
        return dict(asked.filter(**{REASON: ""}).values_list("pk", ADDRESS))


def _ask(request: RenewalRequest, connection: BaseEmailBackend) -> Fate | None:
    """What became of the letter; None where there was none, since something spoke against it."""
    if not _claim(request):
        return None
    result = _hand_over(request, connection)
    if result.fate is Fate.NOT_SENT:
        give_back(request, detail=result.detail, by=SYSTEM)
    else:
        note_letter(request, BECOMES[result.fate], detail=result.detail)
    return result.fate


def _claim(request: RenewalRequest) -> bool:
    """Decide and take it up in one transaction: no refusal that was made before is passed by."""
    person = request.record.recipient
    with transaction.atomic():
        lock_with_addresses(person.pk)
        allowed = _allowed(request.record.topic, [person.pk])
        sender = signer_for(person)
        if not allowed or sender is None:
            return False
        address = Address.objects.get(pk=allowed[person.pk])
        if not mark_asked(request, by=SYSTEM, letter=ByLetter(address=address, sender=sender)):
            return False
    request.refresh_from_db()
    return True


def _hand_over(request: RenewalRequest, connection: BaseEmailBackend) -> HandedOver:
    try:
        message = build(request, connection)
    except Exception as error:  # nothing has left
        return HandedOver(Fate.NOT_SENT, detail=f"not made: {type(error).__name__}")
    return send(message)
