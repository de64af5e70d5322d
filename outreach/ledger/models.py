from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign
from outreach.recipients.models import Address, Channel, Recipient
from outreach.tenancy import current_tenant, new_key
from outreach.tenant_rows import Part, Root


class TenantLock(Root):
    """One row a tenant, locked while an audience is frozen or caps are reserved (statement 7)."""

    tenant = models.CharField(max_length=64, blank=True, default=current_tenant, unique=True)

    def __str__(self) -> str:
        return self.tenant


class Run(Part):
    """One occurrence of a campaign with its frozen audience.

    `current_slot` is the campaign's id while this is its run in force, empty once replaced.
    `digest` is over (recipient, address) of the included rows, stored when the freeze completes.
    """

    class State(models.TextChoices):
        FREEZING = "freezing", _("being worked out")
        FROZEN = "frozen", _("ready")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("held")
        DONE = "done", _("done")
        REPLACED = "replaced", _("replaced by a newer one")
        STOPPED = "stopped", _("stopped")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="runs")
    current_slot = models.OneToOneField(
        Campaign, null=True, on_delete=models.PROTECT, related_name="current_run"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.FREEZING
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    lower = models.BigIntegerField(default=0, editable=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    upper = models.BigIntegerField(default=0, editable=False)
    included = models.PositiveIntegerField(_("to be written to"), default=0)
    excluded = models.PositiveIntegerField(_("left out"), default=0)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    aims_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    frozen_at = models.DateTimeField(_("worked out"), null=True, blank=True)
    started_at = models.DateTimeField(_("sending began"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["freezing", "replaced", "stopped"])
                | models.Q(frozen_at__isnull=False),
                name="outreach_run_frozen_before_use",
            )
        ]

    def __str__(self) -> str:
        day = date_format(timezone.localtime(self.created_at), "SHORT_DATE_FORMAT")
        return f"{self.campaign} ({day})"


class Delivery(Part):
    """One person in one run: to get the message, or left out for a reason (statements 1 and 2).

    The slots carry the ids only while the row is included; as unique keys that may be empty they
    hold on every database. `cap_on` is the local date that counts against the weekly limit.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("to be sent")
        CLAIMED = "claimed", _("being handed over")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        SOFT_BOUNCED = "soft_bounced", _("came back, to be tried again")
        BOUNCED = "bounced", _("came back")
        REFUSED = "refused", _("refused by the provider")
        UNKNOWN = "unknown", _("not known whether it went out")
        EXCLUDED = "excluded", _("left out")
        WITHDRAWN = "withdrawn", _("withdrawn before sending")

    INCLUDED = (
        State.PLANNED,
        State.CLAIMED,
        State.SENT,
        State.DELIVERED,
        State.SOFT_BOUNCED,
        State.BOUNCED,
        State.REFUSED,
        State.UNKNOWN,
    )
    OPEN = (State.PLANNED, State.CLAIMED, State.SOFT_BOUNCED)

    run = models.ForeignKey(  # indexes below begin with each of these three
        Run, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    recipient = models.ForeignKey(
        Recipient,
        on_delete=models.PROTECT,
        related_name="deliveries",
        verbose_name=_("person"),
        db_index=False,
    )
    address = models.ForeignKey(
        Address,
        null=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("address"),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    recipient_slot = models.BigIntegerField(null=True, editable=False)
    address_slot = models.BigIntegerField(null=True, editable=False)
    coordination_key = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    cap_on = models.DateField(_("counts on"), null=True, editable=False)
    asks_to_go_on = models.BooleanField(_("asks whether to go on"), default=False, editable=False)
    retry_at = models.DateTimeField(_("tried again"), null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    claim_key = models.UUIDField(null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True, editable=False)
    complained_at = models.DateTimeField(_("marked as spam"), null=True, editable=False)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "recipient_slot"], name="outreach_delivery_person_once"
            ),
            models.UniqueConstraint(
                fields=["run", "address_slot"], name="outreach_delivery_address_once"
            ),
            models.UniqueConstraint(
                fields=["coordination_key", "recipient_slot"],
                name="outreach_delivery_coordinated_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["excluded", "withdrawn"], recipient_slot__isnull=True)
                | models.Q(
                    ~models.Q(state__in=["excluded", "withdrawn"]),
                    recipient_slot__isnull=False,
                    recipient_slot=models.F("recipient_id"),
                ),
                name="outreach_delivery_person_slot",
            ),
            models.CheckConstraint(
                condition=models.Q(recipient_slot__isnull=True, address_slot__isnull=True)
                | models.Q(address_slot__isnull=False, address_slot=models.F("address_id")),
                name="outreach_delivery_address_slot",
            ),
            models.CheckConstraint(
                condition=models.Q(state="excluded") & ~models.Q(reason="")
                | ~models.Q(state="excluded") & models.Q(reason=""),
                name="outreach_delivery_excluded_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "state", "id"], name="outreach_delivery_work"),
            models.Index(fields=["run", "reason"], name="outreach_delivery_reason"),
            models.Index(fields=["recipient", "cap_on"], name="outreach_delivery_cap"),
            models.Index(fields=["address", "cap_on"], name="outreach_delivery_address_cap"),
            models.Index(fields=["state", "lease_until"], name="outreach_delivery_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} in {self.run_id}: {self.state}"


class Attempt(Part):
    """One hand-over to a provider; `key` names it in links, metadata and webhooks (statement 3)."""

    class Outcome(models.TextChoices):
        IN_FLIGHT = "in_flight", _("being handed over")
        RELEASED = "released", _("given back before hand-over")
        ACCEPTED = "accepted", _("accepted by the provider")
        REFUSED = "refused", _("refused by the provider")
        SOFT_BOUNCED = "soft_bounced", _("came back for now")
        UNKNOWN = "unknown", _("not known")

    MAY_FOLLOW = (Outcome.RELEASED, Outcome.REFUSED, Outcome.SOFT_BOUNCED)

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(default=new_key, unique=True, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.IN_FLIGHT)
    claimed_at = models.DateTimeField(default=timezone.now)
    handed_over_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    provider_message_id = models.CharField(max_length=200, blank=True, db_index=True)
    detail = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["delivery", "number"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="outreach_attempt_number")
        ]

    def __str__(self) -> str:
        return str(self.key)


class DeliveryEvent(Part):
    """What befell a delivery: its history. `dedupe_key` makes a repeated webhook one event."""

    class Kind(models.TextChoices):
        CLAIMED = "claimed", _("taken up")
        RELEASED = "released", _("given back")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused by the provider")
        UNKNOWN = "unknown", _("not known whether it went out")
        EXCLUDED = "excluded", _("left out at the last check")
        DELIVERED = "delivered", _("delivered")
        SOFT_BOUNCED = "soft_bounced", _("came back for now")
        HARD_BOUNCED = "hard_bounced", _("came back: no such address")
        COMPLAINED = "complained", _("marked as spam")
        REPLIED = "replied", _("answered")
        UNSUBSCRIBED = "unsubscribed", _("asked to stop")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)
    detail = models.CharField(_("detail"), max_length=250, blank=True)
    dedupe_key = models.CharField(max_length=200, null=True, unique=True, editable=False)  # noqa: DJ001

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return self.kind
