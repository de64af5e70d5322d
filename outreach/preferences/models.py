from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.history.append_only import AppendOnly
from outreach.preferences.acts import Act as Act
from outreach.preferences.acts import Basis as Basis
from outreach.preferences.acts import Purpose as Purpose
from outreach.preferences.acts import Source as Source
from outreach.preferences.opt_in import AsksOnce
from outreach.preferences.stop import Stop
from outreach.recipients.models import Address, Channel, Recipient, Stage
from outreach.senders.models import Sender
from outreach.tenancy import new_key
from outreach.tenant_rows import Part, Root

STAGES_OF_A_TOPIC = (Stage.STRANGER, Stage.INTRODUCED, Stage.ACQUAINTED, Stage.CUSTOMER)


class Topic(AsksOnce, Root):
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
    valid_for = models.PositiveIntegerField(
        _("days that a wish counts"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text=_("Empty: until they say no. Before the end they are asked once to renew it."),
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["slug", "tenant"], name="outreach_topic_slug")
        ]

    def __str__(self) -> str:
        return self.name


class Wording(AppendOnly, Root):
    """Words of ours that people agree to: nobody's own, so they stay on record for ever.

    `digest` is SHA-256 over language and text; `version` is what its author calls it.
    """

    text = models.TextField(_("words"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    since_at = models.DateTimeField(_("first used"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-since_at", "-pk"]
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["digest", "tenant"], name="outreach_wording_once")
        ]

    def __str__(self) -> str:
        return self.text


class ConsentRecord(AppendOnly, Part):
    """One act of consent or refusal. Append-only: opaque ids here, words in ConsentEvidence.

    `given_on` is the day of a wish that was said before it was kept here. A wish counts up to,
    and not at, `valid_until`.
    """

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="consent")
    address = models.ForeignKey(Address, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    act = models.CharField(_("act"), max_length=8, choices=Act.choices)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    basis = models.CharField(_("why it counts"), max_length=8, choices=Basis.choices, blank=True)
    wording = models.ForeignKey(Wording, null=True, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("given on"), null=True)
    valid_until = models.DateTimeField(_("counts until"), null=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    actor_key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(models.Q(act=Act.GRANT), ~models.Q(basis=""))
                | models.Q(~models.Q(act=Act.GRANT), basis="", valid_until__isnull=True),
                name="outreach_consent_has_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("at")),
                name="outreach_consent_counts_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "topic", "channel"], name="outreach_consent_fold")
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.topic_id}/{self.channel}"

    @property
    def in_which_words(self) -> str:
        """Their own or ours; "" where none were kept, or theirs are erased."""
        own: str = getattr(getattr(self, "evidence", None), "wording", "")
        return own or (self.wording.text if self.wording else "")


class ConsentEvidence(Part):
    """What is personal about an act; apart from the ledger, since it can be erased.

    `ip` and `user_agent` are kept only where OUTREACH["KEEP_IP"] says so.
    """

    record = models.OneToOneField(
        ConsentRecord, on_delete=models.PROTECT, primary_key=True, related_name="evidence"
    )
    wording = models.TextField(_("their own words"), blank=True)
    note = models.TextField(_("where and how"), blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=250, blank=True)

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
    valid_until = models.DateTimeField(_("counts until"), null=True)

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
            ),
            models.Index(fields=["is_granted", "valid_until"], name="outreach_lapses"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.topic_id}/{self.channel}: {self.is_granted}"


class RenewalRequest(Part):
    """That a wish is about to lapse, and that its person was asked, once, whether it goes on.

    `key` names it in the links of the letter, which went to `address`, signed by `sender`; all
    three are empty of meaning where one of us asked by word of mouth.
    """

    class Letter(models.TextChoices):
        NONE = "", _("none")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        NOT_SENT = "not_sent", _("not sent")
        UNKNOWN = "unknown", _("not known whether it went out")
        CAME_BACK = "came_back", _("came back")
        OBJECTED = "objected", _("sent, and they wanted no such mail")

    key = models.UUIDField(default=new_key, unique=True, editable=False)
    record = models.OneToOneField(ConsentRecord, on_delete=models.PROTECT, related_name="renewal")
    due_at = models.DateTimeField(_("due"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("asked"), null=True, editable=False)
    asked_by = models.CharField(_("asked by"), max_length=200, blank=True, editable=False)
    letter = models.CharField(
        _("letter"), max_length=10, choices=Letter.choices, blank=True, editable=False
    )
    address = models.ForeignKey(
        Address, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    sender = models.ForeignKey(
        Sender, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    detail = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        ordering = ["record__valid_until", "pk"]
        verbose_name = _("question whether a wish goes on")
        verbose_name_plural = _("questions whether wishes go on")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(letter="")
                | models.Q(asked_at__isnull=False, address__isnull=False, sender__isnull=False),
                name="outreach_renewal_letter_to_whom",
            )
        ]
        indexes = [models.Index(fields=["letter", "asked_at"], name="outreach_renewal_work")]

    def __str__(self) -> str:
        return str(self.record)


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


class Suppression(Stop):
    """Nothing is sent here, whatever was agreed before: binds a person, an address, or both."""

    class Meta(Stop.Meta):
        permissions = [("import_suppression", _("Can bring in lists of stops"))]
