"""What people wish beyond a yes or a no: how often, and whatever they say in their own words."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.preferences.models import Source, Topic
from outreach.recipients.models import Recipient
from outreach.tenant_rows import Part

LONGEST_STATEMENT = 1000


class AtMost(models.TextChoices):
    """How often somebody wants a topic; without one it comes as it comes."""

    WEEKLY = "weekly", _("at most once a week")
    MONTHLY = "monthly", _("at most once a month")

    @property
    def days(self) -> int:
        """In how many dates there is one message."""
        return {AtMost.WEEKLY: 7, AtMost.MONTHLY: 30}[self]


class TopicFrequency(Part):
    """A person wants a topic less often than it comes (B11). No row: each one, as it comes."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="frequencies")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    at_most = models.CharField(_("how often"), max_length=8, choices=AtMost.choices)
    since_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("how often a topic is wanted")
        verbose_name_plural = _("how often topics are wanted")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "topic"], name="outreach_frequency_once"),
            models.CheckConstraint(
                condition=models.Q(at_most__in=AtMost.values), name="outreach_frequency_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.topic_id}: {self.at_most}"


class Statement(Part):
    """What a person told us in their own words, until they take it back (D2)."""

    class SaidBy(models.TextChoices):
        CUSTOMER = "customer", _("the customer")
        STAFF = "staff", _("written down by one of us")

    class State(models.TextChoices):
        NEW = "new", _("new")
        READ = "read", _("read")

    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="statements", verbose_name=_("person")
    )
    text = models.TextField(_("in their words"), max_length=LONGEST_STATEMENT)
    said_at = models.DateTimeField(_("said"), default=timezone.now)
    said_by = models.CharField(_("entered by"), max_length=8, choices=SaidBy.choices)
    actor_key = models.CharField(max_length=64, blank=True, editable=False)
    actor_name = models.CharField(_("by"), max_length=200, blank=True)
    source = models.CharField(_("how we know"), max_length=16, choices=Source.choices)
    state = models.CharField(_("state"), max_length=4, choices=State.choices, default=State.NEW)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    topics: "models.ManyToManyField[Topic, StatementTopic]" = models.ManyToManyField(
        Topic, through="StatementTopic", related_name="+"
    )

    class Meta:
        ordering = ["-said_at", "-pk"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text=""), name="outreach_statement_says_something"
            ),
            models.CheckConstraint(
                condition=models.Q(said_by="customer", actor_key="")
                | models.Q(said_by="staff") & ~models.Q(actor_name=""),
                name="outreach_statement_said_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "said_at"], name="outreach_statement_said"),
            models.Index(fields=["state", "said_at"], name="outreach_statement_new"),
        ]

    def __str__(self) -> str:
        return self.text


class StatementTopic(Part):
    """What staff took a statement to be about, for or against."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="ties")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    is_for = models.BooleanField(_("wants it"))
    tied_by = models.CharField(_("read by"), max_length=200)
    tied_at = models.DateTimeField(_("read"), default=timezone.now)

    class Meta:
        verbose_name = _("what a statement is about")
        verbose_name_plural = _("what statements are about")
        constraints = [
            models.UniqueConstraint(fields=["statement", "topic"], name="outreach_tied_once")
        ]
        indexes = [models.Index(fields=["topic", "is_for"], name="outreach_tied_topic")]

    def __str__(self) -> str:
        return f"{self.statement_id} {'+' if self.is_for else '-'}{self.topic_id}"
