from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.recipients.models import Address, Channel, Recipient, Stage
from outreach.tenant_rows import Part, Root


class Purpose(models.TextChoices):
    """Routine messages follow from what a person did; commercial ones from what they asked (C4)."""

    COMMERCIAL = "commercial", _("news, invitations and offers")
    ROUTINE = "routine", _("routine (belongs to an order or an appointment)")


STAGES_OF_A_TOPIC = (Stage.STRANGER, Stage.INTRODUCED, Stage.ACQUAINTED, Stage.CUSTOMER)


class Topic(Root):
    """What people may ask to hear about."""

    slug = models.SlugField(_("short name"), max_length=60)
    name = models.CharField(_("name"), max_length=120, help_text=_("As customers read it."))
    description = models.CharField(
        _("what people get"), max_length=250, help_text=_("One line on the preference page.")
    )
    pace = models.CharField(_("about how often"), max_length=60, blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.COMMERCIAL
    )
    least_stage = models.CharField(
        _("for people who are at least"),
        max_length=12,
        choices=[(stage.value, stage.label) for stage in STAGES_OF_A_TOPIC],
        default=Stage.INTRODUCED,
        help_text=_("News and offers about it go to nobody whom we know less well (A4)."),
    )
    silent_after = models.PositiveSmallIntegerField(
        _("messages ignored before it falls silent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2)],
        help_text=_("Empty: as the settings of the site say. They are asked once before (D3)."),
    )
    position = models.PositiveSmallIntegerField(_("place on the page"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="outreach_topic_slug")
        ]

    def __str__(self) -> str:
        return self.name


class Act(models.TextChoices):
    GRANT = "grant", _("asked for it")
    WITHDRAW = "withdraw", _("no longer wants it")


class Source(models.TextChoices):
    FORM = "form", _("sign-up form")
    IMPORT = "import", _("import")
    STAFF = "staff", _("told a member of staff")
    PHONE = "phone", _("on the phone")
    API = "api", _("another system")
    PREFERENCE_PAGE = "preference_page", _("preference page")
    STATEMENT = "statement", _("in their own words")
    ONE_CLICK = "one_click", _("unsubscribe button of the mail program")
    PROVIDER = "provider", _("e-mail provider")
    HOST_FLAG = "host_flag", _("flag in the CRM")
    EXPIRY = "expiry", _("end of a declared interest")


class ConsentRecord(Part):
    """One act of consent or refusal. Append-only: opaque ids here, words in ConsentEvidence."""

    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="consent", editable=False
    )
    address = models.ForeignKey(
        Address, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", editable=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, editable=False)
    act = models.CharField(_("act"), max_length=8, choices=Act.choices, editable=False)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_key = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        indexes = [
            models.Index(fields=["recipient", "topic", "channel"], name="outreach_consent_fold")
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.topic_id}/{self.channel}"


class ConsentEvidence(Part):
    """The words that were agreed to; apart from the ledger, since these can be erased."""

    record = models.OneToOneField(
        ConsentRecord, on_delete=models.PROTECT, primary_key=True, related_name="evidence"
    )
    wording = models.TextField(_("words agreed to"), blank=True)
    note = models.TextField(_("where and how"), blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.wording or self.note


class Subscription(Part):
    """The fold of the consent ledger for one person, topic and channel (statement 8)."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="subscriptions")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="subscriptions")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    is_granted = models.BooleanField(_("wants it"))
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "topic", "channel"], name="outreach_subscription_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["topic", "channel", "is_granted", "recipient"],
                name="outreach_subscribed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.topic_id}/{self.channel}: {self.is_granted}"


class Objection(Part):
    """A refusal that binds an address whoever is reached there (a shared mailbox, a re-import)."""

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="objections")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("refusal of an address")
        verbose_name_plural = _("refusals of addresses")
        constraints = [
            models.UniqueConstraint(fields=["address", "topic"], name="outreach_objection_once")
        ]

    def __str__(self) -> str:
        return f"{self.address_id}: {self.topic_id}"


class Pause(Part):
    """A break that a person takes from all messages but routine ones."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="pauses")
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"))
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="outreach_pause_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["recipient", "ends_at"], name="outreach_pause_live")]

    def __str__(self) -> str:
        return f"{self.recipient_id} – {self.ends_at:%Y-%m-%d}"


class Suppression(Root):
    """Nothing is sent here, whatever was agreed before: binds a person, an address, or both.

    `live_key` is set while the row is in force and empty once lifted, so that one cause is held
    once without a partial index.
    """

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", _("the address does not exist")
        COMPLAINT = "complaint", _("marked a message as spam")
        UNSUBSCRIBED = "unsubscribed", _("asked us to stop all messages")
        MANUAL = "manual", _("entered by staff")
        ERASED = "erased", _("asked to be erased")

    channel = models.CharField(
        _("channel"),
        max_length=8,
        choices=Channel.choices,
        blank=True,
        help_text=_("Empty means all channels."),
    )
    recipient = models.ForeignKey(
        Recipient,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suppressions",
        verbose_name=_("person"),
    )
    address = models.ForeignKey(
        Address,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suppressions",
        verbose_name=_("address"),
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    note = models.TextField(_("note"), blank=True)
    since_at = models.DateTimeField(_("since"), default=timezone.now)
    actor_name = models.CharField(_("by"), max_length=200, blank=True)
    live_key = models.CharField(max_length=100, null=True, unique=True, editable=False)  # noqa: DJ001
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lift_reason = models.TextField(_("why it was lifted"), blank=True)

    class Meta:
        ordering = ["-since_at", "-pk"]
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False) | models.Q(address__isnull=False),
                name="outreach_suppression_binds_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True) | ~models.Q(lift_reason=""),
                name="outreach_suppression_lifted_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, live_key__isnull=False)
                | models.Q(lifted_at__isnull=False, live_key__isnull=True),
                name="outreach_suppression_live_or_lifted",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
