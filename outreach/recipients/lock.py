from collections.abc import Iterable

from outreach.recipients.models import Address, Recipient, RecipientAddress


def lock_people(recipient_ids: Iterable[int], address_ids: Iterable[int] = ()) -> None:
    """Lock these people, then these addresses, in key order, until the transaction ends.

    Whoever changes what a person chose takes this lock first, and so does whoever claims messages
    for sending: a claim sees every choice that was committed before it (statement 4), and two
    that lock several people cannot deadlock.
    """
    for model, ids in ((Recipient, recipient_ids), (Address, address_ids)):
        rows = model._default_manager.select_for_update().filter(pk__in=sorted(set(ids)))
        list(rows.order_by("pk").values_list("pk", flat=True))


def lock_with_addresses(recipient_id: int, address_ids: Iterable[int] = ()) -> None:
    """Lock a person, then every address they have and these: a refusal binds all of them."""
    lock_people([recipient_id])
    held = RecipientAddress.objects.filter(recipient=recipient_id)
    lock_people([], [*held.values_list("address", flat=True), *address_ids])
