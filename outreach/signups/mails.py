"""Write to those who signed up: all that depends on who they are happens here, out of sight."""

from datetime import timedelta

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from outreach.dispatch.channels.email import send
from outreach.dispatch.mailer import mailer
from outreach.dispatch.outcome import Fate, HandedOver
from outreach.exceptions import Conflict
from outreach.preferences.opt_in import OptIn
from outreach.recipients.find import address_row
from outreach.recipients.models import Channel
from outreach.signups import keep
from outreach.signups.confirm import confirm
from outreach.signups.letter import build
from outreach.signups.models import SignUp
from outreach.signups.standing import Standing, standing_at

AT_ONCE = 100
SAME_WITHIN = timedelta(hours=1)


def sweep() -> int:
    """Send what is due, each message at most once; returns how many sign-ups were dealt with."""
    waiting = keep.to_be_mailed().select_related("sender", "form", "wording", "address")
    due = list(waiting.order_by("pk")[:AT_ONCE])
    if not due:
        return 0
    dealt_with = 0
    with mailer() as connection:
        for sign_up in due:
            if not keep.claim_mail(sign_up):
                continue
            dealt_with += 1
            if not _deal_with(sign_up, connection):
                break  # the provider is away: the others would fare no better
    return dealt_with


def _deal_with(sign_up: SignUp, connection: BaseEmailBackend) -> bool:
    """Ask, welcome or leave alone; False if the provider could not be reached."""
    if sign_up.address is not None:  # confirmed when it was entered
        return _write_to(sign_up, sign_up.address.value, connection, is_welcome=True)
    standing = _standing_of(sign_up)
    if standing.is_for_staff or _is_repeat(sign_up):
        why = "stopped" if standing.is_for_staff else "asked twice within the hour"
        keep.ignore(sign_up, why=why)
        return True
    to, is_welcome = sign_up.address_value, _counts_at_once(sign_up, standing)
    if is_welcome:
        try:
            sign_up = confirm(sign_up, is_proved=False)
        except Conflict:
            return True
    return _write_to(sign_up, to, connection, is_welcome=is_welcome)


def _standing_of(sign_up: SignUp) -> Standing:
    address = address_row(Channel.EMAIL, sign_up.address_value, tenant=sign_up.tenant)
    return standing_at(address, list(sign_up.topics.all()))


def _counts_at_once(sign_up: SignUp, standing: Standing) -> bool:
    """Every topic says so, and nobody there ever refused us: a form alone takes nothing back."""
    is_single = not sign_up.topics.exclude(opt_in=OptIn.SINGLE).exists()
    return is_single and standing.is_clear


def _is_repeat(sign_up: SignUp) -> bool:
    """The button was pressed twice: the message that went answers both."""
    earlier = SignUp.objects.filter(
        tenant=sign_up.tenant,
        address_hash=sign_up.address_hash,
        form=sign_up.form,
        state=SignUp.State.PENDING,
        claimed_at__gt=timezone.now() - SAME_WITHIN,
    ).exclude(pk=sign_up.pk)
    wanted = set(sign_up.topics.values_list("pk", flat=True))
    rows = earlier.prefetch_related("topics")
    return any(wanted <= {topic.pk for topic in row.topics.all()} for row in rows)


def _write_to(sign_up: SignUp, to: str, connection: BaseEmailBackend, *, is_welcome: bool) -> bool:
    try:
        message = build(sign_up, to, is_welcome=is_welcome, connection=connection)
    except Exception as error:  # nothing has left yet
        result = HandedOver(Fate.REFUSED, detail=f"not made: {type(error).__name__}")
    else:
        result = send(message)
    if result.fate is Fate.NOT_SENT:
        keep.give_back(sign_up, detail=result.detail)
        return False
    sent_at = timezone.now() if result.fate is Fate.ACCEPTED else None
    keep.note_mail(sign_up, at=sent_at, detail=result.detail)
    return True
