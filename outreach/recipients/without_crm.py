"""People who came to us by themselves: no contact of the CRM stands behind them, or not yet."""

from django.db.models import QuerySet
from django.utils import timezone

from outreach.recipients.hashing import address_hash
from outreach.recipients.keys import canonical_key
from outreach.recipients.models import (
    Address,
    Channel,
    ContactLink,
    Recipient,
    RecipientAddress,
    Stage,
)
from outreach.recipients.normalise import VERSION
from outreach.recipients.sources import ContactSource


def address_kept(value: str, *, tenant: str = "", is_hash_enough: bool = False) -> Address:
    """Our row for a normalised e-mail address, made where there is none.

    One that was erased gets its value again: whoever reads that mailbox has just given it to us.
    Not with `is_hash_enough`, to stop what is sent there without keeping where that is.
    """
    hashed = address_hash(Channel.EMAIL, value)
    Address.objects.bulk_create(
        [
            Address(
                tenant=tenant,
                channel=Channel.EMAIL,
                value="" if is_hash_enough else value,
                value_hash=hashed,
                normaliser=VERSION,
            )
        ],
        ignore_conflicts=True,
    )
    row = Address.objects.get(tenant=tenant, channel=Channel.EMAIL, value_hash=hashed)
    if not (row.value or is_hash_enough):
        Address.objects.filter(pk=row.pk, value="").update(value=value, normaliser=VERSION)
        row.value = value
    return row


def people_at(address: Address) -> QuerySet[Recipient]:
    """Who is reached at an address and is still there: neither erased nor gone from the CRM."""
    links = ContactLink.objects.filter(recipient__held__address=address)
    left = links.filter(gone_at__isnull=False).exclude(
        recipient__in=links.filter(gone_at__isnull=True).values("recipient")
    )
    people = Recipient.objects.filter(held__address=address, erased_at__isnull=True)
    return people.exclude(pk__in=left.values("recipient")).order_by("pk")


def person_without_crm(
    address: Address, *, given_name: str = "", family_name: str = "", language: str = ""
) -> Recipient:
    """A new person who is reached at an address, and of whom the CRM knows nothing."""
    person = Recipient.objects.create(
        tenant=address.tenant,
        name=f"{given_name} {family_name}".strip(),
        given_name=given_name,
        family_name=family_name,
        language=language,
        stage=Stage.INTRODUCED,
    )
    RecipientAddress.objects.create(recipient=person, address=address, channel=address.channel)
    return person


def tie_to_contact(person: Recipient, source: ContactSource, pk: object) -> ContactLink:
    """Say that this contact of the CRM is that person, before the sync makes another of it.

    The digest is of no contact, so that the sync reads this one and completes the person.
    """
    link, _is_new = ContactLink.objects.get_or_create(
        tenant=person.tenant,
        source=source.key,
        contact_key=canonical_key(source.model_class()._meta.pk.to_python(pk)),
        defaults={
            "model_label": source.model,
            "recipient": person,
            "digest": "",
            "synced_at": timezone.now(),
        },
    )
    return link
