"""What the provider was handed, for whom, and what it sent back.

Managers are declared, since the type checker is set up for the demo's settings, not for ours.
"""

import json
import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from .addresses import Party, parse_leniently

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Kind(models.TextChoices):
    """What can befall a message. The value is also the verb in addresses of pages and calls."""

    DELIVERED = "delivered", "Delivered"
    HARD_BOUNCE = "hard-bounce", "Bounced: no such mailbox"
    SOFT_BOUNCE = "soft-bounce", "Bounced: mailbox full"
    COMPLAIN = "complain", "Marked as spam"
    REPLY = "reply", "Reply"
    OUT_OF_OFFICE = "out-of-office", "Out-of-office reply"
    UNSUBSCRIBE = "unsubscribe", "One-click unsubscribe"


class Message(models.Model):
    """One accepted call of the API, as it was submitted."""

    message_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True)
    sender = models.TextField(help_text="The From field as it was given.")
    to = models.TextField(blank=True)
    cc = models.TextField(blank=True)
    bcc = models.TextField(blank=True)
    reply_to = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    html_body = models.TextField(blank=True)
    text_body = models.TextField(blank=True)
    snippet = models.CharField(max_length=160, blank=True)
    headers = models.JSONField(default=list, help_text="A list of {Name, Value}.")
    tag = models.TextField(blank=True)
    metadata = models.JSONField(default=dict)
    message_stream = models.CharField(max_length=100, default="outbound")
    attachments = models.JSONField(
        default=list, help_text="A list of {Name, Content, ContentType, ContentID}."
    )

    objects: ClassVar["models.Manager[Message]"] = models.Manager()
    copies: "RelatedManager[Copy]"

    def __str__(self) -> str:
        return self.subject or "(no subject)"

    @property
    def sender_party(self) -> Party:
        return parse_leniently(self.sender)[0]


class Copy(models.Model):
    """One recipient's copy of a message, as it lies in that mailbox."""

    class Line(models.TextChoices):
        TO = "to", "To"
        CC = "cc", "Cc"
        BCC = "bcc", "Bcc"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="copies")
    mailbox = models.CharField(max_length=320, help_text="The address in small letters.")
    address = models.CharField(max_length=320, help_text="The address as it was written.")
    name = models.TextField(blank=True)
    search_key = models.TextField(help_text="Name and address, folded for searching.")
    line = models.CharField(max_length=3, choices=Line.choices, default=Line.TO)
    outcome = models.CharField(
        max_length=20, choices=Kind.choices, blank=True, help_text="Empty while nothing happened."
    )

    objects: ClassVar["models.Manager[Copy]"] = models.Manager()
    sent_back: "RelatedManager[SentBack]"

    class Meta:
        indexes = [
            models.Index(fields=["mailbox"], name="mailbox_copy_mailbox"),
            models.Index(fields=["outcome"], name="mailbox_copy_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "mailbox"], name="mailbox_one_copy_each")
        ]

    def __str__(self) -> str:
        return f"{self.message} for {self.address}"

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.pk])

    @property
    def party(self) -> Party:
        return Party(self.name, self.address)

    @property
    def kinds(self) -> list[str]:
        """What else happened to it, each thing once; an unsubscribe only if it was answered."""
        return list(
            dict.fromkeys(
                sent.kind
                for sent in self.sent_back.all()
                if sent.is_ok or sent.kind != Kind.UNSUBSCRIBE
            )
        )

    @property
    def failures(self) -> int:
        """How many requests made for this copy were tried and not answered well."""
        return sum(1 for sent in self.sent_back.all() if sent.tries and not sent.is_ok)


class Inactive(models.Model):
    """An address that is not written to any more, since it bounced or complained."""

    mailbox = models.CharField(max_length=320, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    since_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar["models.Manager[Inactive]"] = models.Manager()

    def __str__(self) -> str:
        return self.mailbox

    @property
    def may_be_activated(self) -> bool:
        """Postmark lets a bounced address be activated again, never one that complained."""
        return self.kind == Kind.HARD_BOUNCE


class SentBack(models.Model):
    """One request we made because something happened to a copy, and how it was answered."""

    message_copy = models.ForeignKey(Copy, on_delete=models.CASCADE, related_name="sent_back")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    happened_at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True, help_text="What the person typed.")
    body = models.TextField(help_text="The body of the request, the same at each try.")
    url = models.TextField(blank=True, help_text="Where it went, without the password.")
    tries = models.PositiveIntegerField(default=0)
    status_code = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.TextField(blank=True, help_text="Why there was no answer.")
    is_ok = models.BooleanField(default=False)

    objects: ClassVar["models.Manager[SentBack]"] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["is_ok"], name="mailbox_sent_back_is_ok")]

    def __str__(self) -> str:
        return f"{Kind(self.kind).label} ({self.url})"

    @property
    def pretty_body(self) -> str:
        """The body, and where it is JSON, with one field a line."""
        try:
            return json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)
        except ValueError:
            return self.body
