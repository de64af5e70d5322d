from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outreach.ledger.models import Attempt
from outreach.recipients.models import Address, Recipient
from outreach.senders.models import Sender
from outreach.tenancy import new_key
from outreach.tenant_rows import Part


class DataRequest(Part):
    """Somebody asked for the link to their data: kept first, sent by the periodic work (B12).

    The link is good for this person alone, whoever shares the address; `key` names it, and the
    token itself is kept nowhere. `asked_from` is the message whose link led to the question, where
    that was one of a campaign; `sender` signed it.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("to be sent")
        SENDING = "sending", _("being handed over")
        SENT = "sent", pgettext_lazy("one's own data", "sent")
        NOT_SENT = "not_sent", _("not sent")
        UNKNOWN = "unknown", _("not known whether it went out")

    key = models.UUIDField(default=new_key, unique=True, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    asked_from = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        pgettext_lazy("one's own data", "state"),
        max_length=10,
        choices=State.choices,
        default=State.ASKED,
    )
    asked_at = models.DateTimeField(pgettext_lazy("one's own data", "asked"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(pgettext_lazy("one's own data", "sent"), null=True)
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("question for one's data")
        verbose_name_plural = _("questions for one's data")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="outreach_data_request_sent_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(claimed_at__isnull=False),
                name="outreach_data_request_claimed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["address", "asked_at"], name="outreach_data_request_rate"),
            models.Index(fields=["state", "claimed_at"], name="outreach_data_request_work"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.asked_at:%Y-%m-%d %H:%M}"
