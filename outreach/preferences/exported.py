"""What a file with people's data says of their choices: what they want, whom not to write to."""

from collections.abc import Sequence

from outreach.preferences.models import Suppression
from outreach.preferences.wanted import wanted
from outreach.recipients.export_columns import Column, register
from outreach.recipients.models import ContactLink, Recipient, RecipientAddress


def wishes_of(people: Sequence[Recipient]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    wishes = wanted().filter(recipient__in=people).select_related("topic")
    for wish in wishes.order_by("topic__position", "topic__name", "channel"):
        found.setdefault(wish.recipient_id, []).append(f"{wish.topic.name} ({wish.channel})")
    return {person: "; ".join(words) for person, words in found.items()}


def stops_of(people: Sequence[Recipient]) -> dict[int, str]:
    """Here “yes” stands for whoever is not to be written to, wherever the file may go."""
    live = Suppression.objects.filter(lifted_at__isnull=True)
    held = RecipientAddress.objects.filter(recipient__in=people)
    stopped = {
        *live.filter(recipient__in=people).values_list("recipient", flat=True),
        *held.filter(address__suppressions__in=live).values_list("recipient", flat=True),
        *ContactLink.objects.filter(is_opted_out=True, recipient__in=people).values_list(
            "recipient", flat=True
        ),
    }
    return dict.fromkeys((person for person in stopped if person), "yes")


def register_columns() -> None:
    register(Column("wishes", wishes_of))
    register(Column("do_not_write", stops_of))
