"""What a developer who embeds outreach may import; everything else is internal."""

from outreach.history.actor import SYSTEM
from outreach.preferences.carry_over import carry_over
from outreach.recipients.erase import erase
from outreach.recipients.keys import canonical_key
from outreach.recipients.models import ContactLink
from outreach.recipients.sources import ContactSource, sources
from outreach.recipients.sync import sync_keys
from outreach.signals import recipient_erased

__all__ = ["contacts_merged", "erase_contact", "recipient_erased"]


def contacts_merged(source_key: str, *, gone: object, into: object, into_source: str = "") -> bool:
    """Say that the CRM merged the contact `gone` into the contact `into`; by primary keys.

    To be called after the merge, or in its transaction. What `gone` refused, its stops and its
    break bind `into` from now on, at whichever address; the strictest of two wins. It may be
    called again. Returns whether anything was new.

    `source_key` is the source's `key`, "crm.contact" for the model crm.Contact; `into_source` is
    another one where a lead became a contact. Raises LookupError for a source that does not
    exist and for an `into` that the CRM does not have; a `gone` that we never saw is nothing.
    """
    from_source, to_source = _source(source_key), _source(into_source or source_key)
    survivor = _link(to_source, into)
    if survivor is None:
        raise LookupError(f"{to_source.model} has no row {into}.")
    lost = _link(from_source, gone)
    if lost is None or lost.recipient_id == survivor.recipient_id:
        return False
    return carry_over(lost, survivor.recipient)


def erase_contact(source_key: str, key: object) -> bool:
    """Erase the person of a contact that the CRM erases, for good; by its primary key (B12).

    May be called before or after the CRM's own erasure; False where nobody is left to erase.
    Raises LookupError for a source that does not exist.
    """
    source = _source(source_key)
    links = ContactLink.objects.select_related("recipient").filter(
        source=source.key, contact_key=_canonical(source, key), recipient__erased_at__isnull=True
    )
    link = links.first()
    if link is None:
        return False
    erase(link.recipient, by=SYSTEM, reason="erased_in_the_crm")
    return True


def _source(key: str) -> ContactSource:
    try:
        return sources()[key.lower()]
    except KeyError as error:
        raise LookupError(f"OUTREACH['CONTACT_SOURCES'] has no source {key!r}.") from error


def _link(source: ContactSource, pk: object) -> ContactLink | None:
    """Our row for a contact, read anew from the CRM."""
    key = _canonical(source, pk)
    sync_keys(source, [key])
    links = ContactLink.objects.select_related("recipient")
    return links.filter(source=source.key, contact_key=key).first()


def _canonical(source: ContactSource, pk: object) -> str:
    return canonical_key(source.model_class()._meta.pk.to_python(pk))
