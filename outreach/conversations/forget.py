"""Erase what a person wrote to us, and what we answered: that somebody wrote, and when, stays."""

import re
from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from outreach.conversations.kept import as_file
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.history.forget import forget_notes
from outreach.recipients.held import Erasure
from outreach.recipients.models import Recipient
from outreach.tracking.holdings import forget_reports

State = InboundMail.State
ERASED = "erased at the request of who wrote it"


def lock_conversations(recipient: Recipient) -> None:
    """Before the person, as reports on our answers lock them."""
    theirs = Conversation.objects.filter(recipient=recipient).order_by("pk")
    list(theirs.select_for_update().values_list("pk", flat=True))


def forget(erasure: Erasure) -> None:
    messages = list(messages_of(erasure).values_list("pk", "key", "provider_message_id", "mail"))
    ids = [pk for pk, *_rest in messages]
    forget_reports(
        {key.hex for _pk, key, *_rest in messages} | {str(key) for _pk, key, *_rest in messages},
        {provider_id for *_rest, provider_id, _mail in messages} - {""},
    )
    Message.objects.filter(pk__in=ids).update(
        text="",
        from_address="",
        answer_to="",
        to_address="",
        message_id="",
        detail="",
        erased_at=erasure.at,
    )
    InboundMail.objects.filter(pk__in=[mail for *_rest, mail in messages if mail]).update(
        raw="", error=""
    )
    _forget_unread(erasure.values)
    _close(erasure)


def messages_of(erasure: Erasure) -> QuerySet[Message]:
    """In their conversations, and wherever else their own addresses stand."""
    theirs = [Q(conversation__recipient=erasure.recipient)]
    for address in erasure.values:
        theirs += [
            Q(**{f"{column}__iexact": address})
            for column in ("from_address", "answer_to", "to_address")
        ]
    return Message.objects.filter(reduce(or_, theirs))


def _close(erasure: Erasure) -> None:
    lone = Conversation.objects.filter(recipient__isnull=True).filter(
        messages__erased_at=erasure.at
    )
    keys = [*lone.values_list("pk", flat=True)]
    keys += Conversation.objects.filter(recipient=erasure.recipient).values_list("pk", flat=True)
    Conversation.objects.filter(pk__in=keys).update(subject="", state=Conversation.State.CLOSED)
    forget_notes(Conversation, keys)


def _forget_unread(values: Collection[str]) -> None:
    """Mails in which one of these addresses stands, and which nobody could read yet."""
    if not values:
        return
    stands_in = re.compile("|".join(map(re.escape, values)).encode(), re.IGNORECASE)
    unread = InboundMail.objects.exclude(state=State.TAKEN).exclude(raw="")
    found = [pk for pk, raw in unread.values_list("pk", "raw").iterator() if _is_in(stands_in, raw)]
    InboundMail.objects.filter(pk__in=found).exclude(state=State.TAKEN).update(
        raw="", error=ERASED, state=State.QUARANTINED
    )


def _is_in(address: "re.Pattern[bytes]", raw: str) -> bool:
    try:
        content = as_file(raw).content
    except (ValueError, TypeError, KeyError):  # not as we keep mails
        content = raw.encode()
    return bool(address.search(content))
