"""Who waits for us: a person whose message has no answer that went out."""

from django.db.models import Exists, OuterRef, QuerySet

from outreach.conversations.models import Conversation, Message


def answers() -> QuerySet[Message]:
    """Answers that the provider accepted and that did not come back (statement 11)."""
    return Message.objects.filter(
        direction=Message.Direction.OUT, is_automatic=False, state=Message.State.ACCEPTED
    )


def unanswered() -> QuerySet[Message]:
    """Messages of people without an accepted answer after them, but for those who were erased."""
    later = answers().filter(conversation=OuterRef("conversation"), accepted_at__gt=OuterRef("at"))
    return Message.objects.filter(
        ~Exists(later),
        direction=Message.Direction.IN,
        is_automatic=False,
        erased_at__isnull=True,
    )


def restate(conversation_id: int) -> None:
    """Make the state of a conversation say whether somebody waits in it."""
    row = Conversation.objects.filter(pk=conversation_id)
    is_waiting = Exists(unanswered().filter(conversation=OuterRef("pk")))
    row.filter(is_waiting).exclude(state=Conversation.State.OPEN).update(
        state=Conversation.State.OPEN
    )
    row.filter(~is_waiting, state=Conversation.State.OPEN).update(state=Conversation.State.ANSWERED)
