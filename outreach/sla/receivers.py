from outreach.signals import message_accepted, message_received
from outreach.sla import clock


def connect() -> None:
    message_received.connect(_start, dispatch_uid="outreach.sla.start")
    message_accepted.connect(_stop, dispatch_uid="outreach.sla.stop")


def _start(**kwargs: object) -> None:
    """A nudge: the clock starts by the time at which the message came, whenever this runs."""
    clock.start_clocks()


def _stop(**kwargs: object) -> None:
    clock.stop_clocks()
