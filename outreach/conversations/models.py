from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from outreach.ledger.models import Delivery
from outreach.recipients.models import Channel, Recipient
from outreach.senders.models import Sender
from outreach.tenancy import new_key
from outreach.tenant_rows import Part, Root


class InboundMail(Root):
    """A mail as it came in, kept before it is read; what will not parse waits for a person."""

    class State(models.TextChoices):
        NEW = "new", _("to be read")
        TAKEN = "taken", _("in a conversation")
        QUARANTINED = "quarantined", _("could not be read")

    provider = models.CharField(max_length=40)
    raw = models.TextField()
    dedupe_key = models.CharField(max_length=200)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.NEW, db_index=True
    )
    error = models.CharField(_("error"), max_length=250, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mail")
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key", "tenant"], name="outreach_mail_once")
        ]

    def __str__(self) -> str:
        return date_format(timezone.localtime(self.received_at), "SHORT_DATETIME_FORMAT")


class Conversation(Root):
    """What one person and we say to each other about one thing."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for us")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")

    public_id = models.UUIDField(default=new_key, unique=True, editable=False)
    recipient = models.ForeignKey(
        Recipient,
        null=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        verbose_name=_("person"),
    )
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="conversations"
    )
    owner = models.ForeignKey(
        Sender,
        null=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        verbose_name=_("answered by"),
    )
    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel.choices, default=Channel.EMAIL
    )
    subject = models.CharField(_("subject"), max_length=250)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    last_at = models.DateTimeField(_("last message"), default=timezone.now)

    class Meta:
        ordering = ["-last_at", "-pk"]
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        permissions = [("answer_conversation", _("Can answer customers"))]
        indexes = [models.Index(fields=["state", "last_at"], name="outreach_conversation_state")]

    def __str__(self) -> str:
        return self.subject


class Message(Part):
    """One message of a conversation, theirs or ours.

    `answer_to` is where its writer wants answers, if not at `from_address`; `detail` says why one
    of ours did not go out. `at` is by our own clock: when we received it, or wrote it. Once
    `erased_at` is set nothing of it is left but that it was, and nobody waits for an answer.
    """

    class Direction(models.TextChoices):
        IN = "in", _("from the customer")
        OUT = "out", _("from us")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        SENDING = "sending", _("being handed over")
        ACCEPTED = "accepted", _("sent")
        REFUSED = "refused", _("refused by the provider")
        UNKNOWN = "unknown", _("not known whether it went out")
        BOUNCED = "bounced", _("came back")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages"
    )
    key = models.UUIDField(default=new_key, unique=True, editable=False)
    mail = models.OneToOneField(
        InboundMail, null=True, on_delete=models.PROTECT, related_name="message"
    )
    direction = models.CharField(max_length=3, choices=Direction.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    from_address = models.CharField(_("from"), max_length=320)
    answer_to = models.CharField(max_length=320, blank=True)
    to_address = models.CharField(_("to"), max_length=320)
    text = models.TextField(_("text"))
    message_id = models.CharField(max_length=250, blank=True, db_index=True)
    provider_message_id = models.CharField(max_length=200, blank=True, db_index=True)
    author_key = models.CharField(max_length=64, blank=True)
    author_name = models.CharField(_("written by"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    detail = models.CharField(max_length=250, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction="in", state="received")
                | models.Q(direction="out") & ~models.Q(state="received"),
                name="outreach_message_received_or_sent",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(accepted_at__isnull=False),
                name="outreach_message_accepted_when",
            ),
        ]
        indexes = [models.Index(fields=["direction", "state", "at"], name="outreach_message_state")]

    def __str__(self) -> str:
        return self.text[:60]
