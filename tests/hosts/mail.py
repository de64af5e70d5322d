"""Two mail backends in the process: the host's own, and the one that outreach was given."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from anymail.backends.test import EmailBackend
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

if TYPE_CHECKING:
    _AnymailBackend = BaseEmailBackend
else:
    _AnymailBackend = EmailBackend


class HostMail(BaseEmailBackend):
    sent: list[str] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.sent.extend(str(message.subject) for message in email_messages)
        return len(email_messages)


class OurMail(_AnymailBackend):
    """Anymail's own backend for tests; `reached` are the addresses, in the order of sending."""

    reached: list[str] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> Any:
        self.reached.extend(to for message in email_messages for to in message.to)
        return super().send_messages(email_messages)
