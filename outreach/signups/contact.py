"""How a confirmed sign-up becomes a contact of the CRM, where a source knows how."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from outreach.conf import conf
from outreach.recipients.models import ContactLink
from outreach.recipients.sources import SignedUp, sources
from outreach.recipients.without_crm import tie_to_contact
from outreach.signups.keep import contact_is_made
from outreach.signups.models import SignUp

logger = logging.getLogger("outreach")

AGAIN_AFTER = timedelta(minutes=5)
AT_ONCE = 100


def try_contact(sign_up_id: int) -> bool:
    """`make_contact`, for after a commit: what fails in the host's code is tried again later."""
    try:
        return make_contact(sign_up_id)
    except Exception as error:
        logger.error("A sign-up did not become a contact: %s", type(error).__name__)
        return False


def make_contact(sign_up_id: int) -> bool:
    """Offer somebody who confirmed to the host's sources, once; False where there is nothing to do.

    The contact, its tie to the person and the note that it is made are one transaction: a failure
    of the host leaves nothing, and the sweep tries again.
    """
    with transaction.atomic():
        due = SignUp.objects.select_for_update().filter(pk=sign_up_id, is_contact_due=True)
        sign_up = due.first()
        if sign_up is None or not contact_is_made(sign_up):
            return False
        return _offer(sign_up)


def make_due_contacts() -> int:
    """Those whose first try failed, or never began; given up when a sign-up would be too old."""
    now = timezone.now()
    due = SignUp.objects.filter(
        is_contact_due=True,
        confirmed_at__lt=now - AGAIN_AFTER,
        confirmed_at__gt=now - conf().sign_up_within,
    )
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(map(try_contact, keys))


def _offer(sign_up: SignUp) -> bool:
    person = sign_up.recipient
    if person is None or person.erased_at or ContactLink.objects.filter(recipient=person).exists():
        return False
    said = _as_said(sign_up)
    for source in sources().values():
        pk = source.create_contact(said)
        if pk is not None:
            tie_to_contact(person, source, pk)
            return True
    return False


def _as_said(sign_up: SignUp) -> SignedUp:
    person, address = sign_up.recipient, sign_up.address
    return SignedUp(
        email=address.value if address else "",
        given_name=person.given_name if person else "",
        family_name=person.family_name if person else "",
        language=person.language if person else "",
        topics=tuple(sign_up.topics.values_list("slug", flat=True)),
        how=sign_up.note or str(sign_up.form or ""),
        tenant=sign_up.tenant,
    )
