"""Messages stay in the process, with Django's own outbox to look at."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings


@pytest.fixture(autouse=True)
def outbox(settings: Settings) -> list[EmailMultiAlternatives]:
    settings.OUTREACH = {
        **settings.OUTREACH,
        "MAILER": "django.core.mail.backends.locmem.EmailBackend",
    }
    sent: list[EmailMultiAlternatives] = mail.outbox  # type: ignore[assignment]
    return sent
