"""Send the links to people's own data: each at most once, whatever crashes on the way.

What binds such a mail is short, as somebody asked for it: the person was not erased, the address
is theirs still, and mail to it does not come back. No opt-out, break or weekly limit applies.
"""

from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.utils import timezone

from outreach.centre.ask_data import A_WHILE, is_theirs
from outreach.centre.data_mail import build
from outreach.centre.models import DataRequest
from outreach.conf import conf
from outreach.dispatch.channels.email import send
from outreach.dispatch.mailer import mailer
from outreach.dispatch.outcome import Fate, HandedOver
from outreach.preferences.models import Suppression

State = DataRequest.State
BATCH = 200
BECOMES = {
    Fate.ACCEPTED: State.SENT,
    Fate.REFUSED: State.NOT_SENT,
    Fate.NOT_SENT: State.ASKED,
    Fate.UNKNOWN: State.UNKNOWN,
}


def sweep() -> int:
    """Send what was asked for; returns how many links went out."""
    _give_up()
    waiting = list(_asked().order_by("pk")[:BATCH])
    if not waiting:
        return 0
    with mailer() as connection:
        return sum(_send(request, connection) for request in waiting)


def _asked() -> QuerySet[DataRequest]:
    return DataRequest.objects.filter(state=State.ASKED).select_related(
        "recipient", "address", "sender", "asked_from"
    )


def _give_up() -> None:
    """On what nobody saw the end of, and on what could not be sent for as long as a link lasts.

    Never sent again: whoever still waits asks again.
    """
    now = timezone.now()
    DataRequest.objects.filter(
        state=State.SENDING, claimed_at__lt=now - conf().lease_within
    ).update(state=State.UNKNOWN, detail="the worker ended before the answer")
    DataRequest.objects.filter(state=State.ASKED, asked_at__lt=now - A_WHILE).update(
        state=State.NOT_SENT
    )


def _send(request: DataRequest, connection: BaseEmailBackend) -> bool:
    won = DataRequest.objects.filter(pk=request.pk, state=State.ASKED).update(
        state=State.SENDING, claimed_at=timezone.now()
    )
    if not won:
        return False
    if why_not := _why_not(request):
        result = HandedOver(Fate.REFUSED, detail=why_not)
    else:
        result = _hand_over(request, connection)
    is_sent = result.fate is Fate.ACCEPTED
    DataRequest.objects.filter(pk=request.pk, state=State.SENDING).update(
        state=BECOMES[result.fate],
        sent_at=timezone.now() if is_sent else None,
        detail=result.detail[:120],
    )
    return is_sent


def _hand_over(request: DataRequest, connection: BaseEmailBackend) -> HandedOver:
    try:
        message = build(request, connection, at=timezone.now())
    except Exception as error:  # nothing was sent
        return HandedOver(Fate.NOT_SENT, detail=type(error).__name__)
    return send(message)


def _why_not(request: DataRequest) -> str:
    """The whole table of what binds this mail; empty if nothing speaks against it."""
    request.recipient.refresh_from_db(fields=["erased_at"])
    request.address.refresh_from_db(fields=["value"])
    if not is_theirs(request.recipient, request.address):
        return "not theirs any more"
    comes_back = Suppression.objects.filter(
        address=request.address,
        reason=Suppression.Reason.HARD_BOUNCE,
        lifted_at__isnull=True,
    )
    return "mail comes back from there" if comes_back.exists() else ""
