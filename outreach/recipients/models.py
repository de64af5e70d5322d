from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outreach.history.append_only import AppendOnly
from outreach.tenancy import new_key
from outreach.tenant_rows import Part, Root


class Channel(models.TextChoices):
    EMAIL = "email", pgettext_lazy("channel", "e-mail")
    SMS = "sms", pgettext_lazy("channel", "SMS")
    POST = "post", pgettext_lazy("channel", "post")
    PHONE = "phone", pgettext_lazy("channel", "phone")


class Stage(models.TextChoices):
    """How well we know each other (A4)."""

    STRANGER = "stranger", pgettext_lazy("how well we know a person", "stranger")
    INTRODUCED = "introduced", pgettext_lazy("how well we know a person", "introduced")
    ACQUAINTED = "acquainted", pgettext_lazy("how well we know a person", "acquainted")
    CUSTOMER = "customer", pgettext_lazy("how well we know a person", "customer")
    LAPSED = "lapsed", pgettext_lazy("how well we know a person", "lapsed")


class Recipient(Root):
    """One person in one tenant; consent, groups and messages hang here, not on the CRM's rows.

    Never deleted: an opt-out must survive what the CRM does. Erasing empties it. What the person
    chose on their page (`chosen_language`) is theirs: no sync touches it.
    """

    public_id = models.UUIDField(default=new_key, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=300, blank=True)
    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    chosen_language = models.CharField(
        _("language they chose"), max_length=10, blank=True, editable=False
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    stage = models.CharField(
        _("stage"), max_length=12, choices=Stage.choices, default=Stage.STRANGER
    )
    stage_since_at = models.DateTimeField(default=timezone.now, editable=False)
    last_sign_at = models.DateTimeField(_("last sign of life"), null=True, editable=False)
    last_order_on = models.DateField(_("last order"), null=True, editable=False)
    addresses: "models.ManyToManyField[Address, RecipientAddress]" = models.ManyToManyField(
        "Address", through="RecipientAddress"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["tenant", "name", "pk"]  # one index for hosts with tenants and without
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("erase_recipient", _("Can erase people, for good")),
            ("move_stage", _("Can say how well we know people, with a reason")),
        ]
        indexes = [
            models.Index(fields=["tenant", "name"], name="outreach_recipient_name"),
            models.Index(fields=["stage", "last_sign_at"], name="outreach_recipient_silent"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("(erased)") if self.erased_at else _("(no name)"))


class Address(Root):
    """One address on one channel, kept once, however many people share it.

    `value_hash` is keyed with the pepper and outlives erasure; `normaliser` is the version of
    the rules that made it. `value` is empty where the hash is all that we may keep.
    """

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    value = models.CharField(_("address"), max_length=320, blank=True)
    value_hash = models.CharField(max_length=64, editable=False)
    normaliser = models.PositiveSmallIntegerField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["value_hash", "channel", "tenant"], name="outreach_address_once"
            )
        ]

    def __str__(self) -> str:
        return self.value or str(_("(address not kept)"))


FIRST = 0
"""The position of the address that a person is written to."""


class RecipientAddress(Part):
    """Who is reached at which address; on each channel one is FIRST, and written to."""

    recipient = models.ForeignKey(  # the constraints begin with it, and are indexes too
        Recipient, on_delete=models.PROTECT, related_name="held", db_index=False
    )
    address = models.ForeignKey(  # as the constraints with the person, so does the index with it
        Address, on_delete=models.PROTECT, related_name="held", db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "address"], name="outreach_recipient_address_once"
            ),
            models.UniqueConstraint(
                fields=["recipient", "channel", "position"], name="outreach_address_position_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["address", "position", "channel", "recipient"], name="outreach_held_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}@{self.address_id}"


class ContactLink(Root):
    """Where in the CRM a person comes from: a cache, kept in step by signals and sweeps."""

    source = models.CharField(_("source"), max_length=64)
    model_label = models.CharField(max_length=100)
    contact_key = models.CharField(max_length=255)
    recipient = models.ForeignKey(  # the index begins with it
        Recipient, on_delete=models.PROTECT, related_name="links", db_index=False
    )
    digest = models.CharField(max_length=64, editable=False)
    is_opted_out = models.BooleanField(_("asked the CRM not to be contacted"), default=False)
    synced_at = models.DateTimeField(_("last changed"), default=timezone.now)
    gone_at = models.DateTimeField(_("no longer in the CRM since"), null=True, blank=True)

    class Meta:
        verbose_name = _("CRM contact")
        verbose_name_plural = _("CRM contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "contact_key", "tenant"], name="outreach_contact_link_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient", "is_opted_out", "gone_at"], name="outreach_link_marked"
            ),
            # Few of many: a freeze asks for all of them in each range.
            models.Index(
                fields=["recipient"],
                condition=models.Q(is_opted_out=True),
                name="outreach_link_opted_out",
            ),
            models.Index(
                fields=["recipient"],
                condition=models.Q(gone_at__isnull=False),
                name="outreach_link_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_label} {self.contact_key}"


class Export(AppendOnly, Root):
    """That somebody took people's data out, for ever (B12).

    `public_id` marks each row of the file; `digest` is its SHA-256; the file is not kept.
    """

    public_id = models.UUIDField(_("mark"), default=new_key, unique=True, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_key = models.CharField(max_length=64, editable=False)
    actor_name = models.CharField(_("who"), max_length=200, editable=False)
    purpose = models.TextField(_("what for"), editable=False)
    what = models.CharField(_("which people"), max_length=250, editable=False)
    count = models.PositiveIntegerField(_("people"), editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        permissions = [("export_person", _("Can take people’s data out"))]
        verbose_name = _("export of personal data")
        verbose_name_plural = _("exports of personal data")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose="") & ~models.Q(actor_key=""),
                name="outreach_export_by_whom_what_for",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SourceSync(Root):
    """How far the sweep of a source is, so that people see it and a killed one goes on.

    `cursor` is the key of the last contact that was read, empty before the first. While a sweep
    runs it is `holder`'s until `held_until`; each batch renews that. `failed` counts contacts
    that could not be read or kept, `linked` those that we know now: all but these and the erased.
    """

    source = models.CharField(_("source"), max_length=64)
    cursor = models.CharField(max_length=255, blank=True)
    seen = models.PositiveBigIntegerField(_("read"), default=0)
    linked = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(_("could not be read"), default=0)
    total = models.PositiveBigIntegerField(_("contacts"), default=0)
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("last finished"), null=True)
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("reading of the CRM")
        verbose_name_plural = _("readings of the CRM")
        constraints = [
            models.UniqueConstraint(fields=["source", "tenant"], name="outreach_source_sync_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.seen}/{self.total}"
