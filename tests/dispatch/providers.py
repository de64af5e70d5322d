"""Backends that behave as providers do, in place of a network."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Provider(BaseEmailBackend):
    """Takes every message; `sent` holds them all, over all connections."""

    sent: ClassVar[list[EmailMessage]] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self.take(message)
            self.sent.append(message)
        return len(email_messages)

    def take(self, message: EmailMessage) -> None:
        status: Any = type("Status", (), {"status": {"sent"}, "message_id": str(len(self.sent))})
        message.anymail_status = status  # type: ignore[attr-defined]


class Raising(Provider):
    """Raises `error` for each message."""

    error: ClassVar[Exception]

    def take(self, message: EmailMessage) -> None:
        raise self.error
