"""Ask for the link to one's own data, and open it: what a link in a message may not show (B12)."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from outreach.centre.link import Link
from outreach.centre.models import DataRequest
from outreach.links.short_lived import read_short_lived
from outreach.links.tokens import BadToken, Scope
from outreach.periodic import wake
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Address, Recipient, RecipientAddress

MOST_IN_A_WHILE = 3
A_WHILE = timedelta(hours=1)
WORK = "data_links"
"""The name of the periodic work that sends what was asked for."""


def ask(link: Link) -> None:
    """Have a fresh link sent to the address of the message that the question came from.

    Past MOST_IN_A_WHILE for one address nothing happens. The caller says the same in any case.
    """
    with transaction.atomic():
        lock_people([link.recipient.pk], [link.address.pk])
        lately = DataRequest.objects.filter(
            address=link.address, asked_at__gt=timezone.now() - A_WHILE
        )
        if lately.count() >= MOST_IN_A_WHILE:
            return
        DataRequest.objects.create(
            recipient=link.recipient,
            address=link.address,
            asked_from=link.attempt,
            sender=link.sender,
        )
        transaction.on_commit(partial(wake, WORK), robust=True)


def open_data(token: str) -> DataRequest:
    """What was asked with the link that was sent. Raises BadToken, TooLate after an hour.

    The link shows nothing once the address is no longer that person's, or they were erased.
    """
    try:
        key = UUID(read_short_lived(Scope.MY_DATA, token))
    except ValueError as error:
        raise BadToken from error
    request = (
        DataRequest.objects.select_related("recipient", "address", "sender").filter(key=key).first()
    )
    if request is None or not is_theirs(request.recipient, request.address):
        raise BadToken
    return request


def is_theirs(recipient: Recipient, address: Address) -> bool:
    """Whether a person who was not erased is reached at an address that we still hold."""
    if recipient.erased_at or not address.value:
        return False
    return RecipientAddress.objects.filter(recipient=recipient, address=address).exists()
