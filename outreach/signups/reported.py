"""What a provider's report does to our one message to somebody who signed up (B2)."""

from django.db import transaction

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of, record
from outreach.preferences.models import Source, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address
from outreach.recipients.without_crm import address_kept
from outreach.signups import keep
from outreach.signups.confirm import take_back
from outreach.signups.letter import METADATA_NAME
from outreach.signups.models import SignUp
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report

__all__ = ["METADATA_NAME", "take"]

Reason = Suppression.Reason
SAID = {
    Effect.HARD: "mail came back",
    Effect.COMPLAINT: "marked as spam",
    Effect.UNSUBSCRIBED: "unsubscribed at the provider",
}


def take(report: Report) -> bool:
    """Apply a report, each kind once; False if it is on none of ours, which all have a key."""
    sign_up = SignUp.objects.filter(key=report.key).first() if report.key else None
    if sign_up is None:
        return False
    if report.effect in SAID:
        with transaction.atomic():
            row = keep.lock_asked_for(sign_up)
            if _is_new(row, report):
                _apply(row, report)
    return True


def _is_new(sign_up: SignUp, report: Report) -> bool:
    """A repeat must not undo what staff lifted since."""
    verb = f"sign_up.{report.effect}"
    if history_of(sign_up).filter(verb=verb).exists():
        return False
    record(sign_up, verb, by=SYSTEM, note=report.detail)
    return True


def _apply(sign_up: SignUp, report: Report) -> None:
    address = sign_up.address or _address_only(sign_up)
    if report.effect is Effect.UNSUBSCRIBED:
        take_back(sign_up, source=Source.PROVIDER)
    elif address is not None:
        reason = Reason.HARD_BOUNCE if report.effect is Effect.HARD else Reason.COMPLAINT
        is_personal = reason == Reason.COMPLAINT
        suppress(
            reason=reason,
            by=CUSTOMER if is_personal else SYSTEM,
            recipient=sign_up.recipient if is_personal else None,
            address=address,
            note=report.detail,
        )
    if sign_up.state == SignUp.State.PENDING:
        keep.forget(sign_up, why=SAID[report.effect])


def _address_only(sign_up: SignUp) -> Address | None:
    """The hash of an address that was typed in: enough never to write there again."""
    if not sign_up.address_value:
        return None
    return address_kept(sign_up.address_value, tenant=sign_up.tenant, is_hash_enough=True)
