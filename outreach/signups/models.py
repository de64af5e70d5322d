from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.preferences.models import Source, Topic
from outreach.recipients.models import Address, Channel, Recipient
from outreach.senders.models import Sender
from outreach.tenancy import has_tenants, new_key
from outreach.tenant_rows import Part, Root


class SignUpForm(Root):
    """A form by which people ask to hear from us (B7); its wording is kept by version."""

    key = models.UUIDField(default=new_key, unique=True, editable=False)
    slug = models.SlugField(_("short name"), max_length=60, help_text=_("The end of its address."))
    name = models.CharField(
        _("name"), max_length=120, help_text=_("For us: where it stands, as in “fair in Alba”.")
    )
    title = models.CharField(_("heading"), max_length=120)
    intro = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_(
            "What is in it for them, in a sentence or two. An empty line parts two of them."
        ),
    )
    topics: "models.ManyToManyField[Topic, models.Model]" = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="+"
    )
    asks_name = models.BooleanField(_("asks for a name"), default=True)
    sender = models.ForeignKey(
        Sender,
        verbose_name=_("who answers"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Signs the message in which people confirm; questions come to this person."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        help_text=_("Of the page and the message; empty for that of the visitor's browser."),
    )
    allowed_origins = models.TextField(
        _("sites it stands on"),
        blank=True,
        help_text=_("One a line, as in https://www.example.com. No other site may frame it."),
    )
    return_url = models.CharField(
        _("where to go after confirming"),
        max_length=500,
        validators=[URLValidator(["http", "https"])],
        blank=True,
        help_text=_("A page of one of these sites. Without one, ours says that it is done."),
    )
    is_active = models.BooleanField(_("open"), default=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("sign-up form")
        verbose_name_plural = _("sign-up forms")
        constraints = [
            models.UniqueConstraint(fields=["slug", "tenant"], name="outreach_sign_up_form_slug")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def page(self) -> str:
        """What its address ends with; where there are tenants, with the key that tells whose."""
        return f"{self.slug}.{self.key.hex}" if has_tenants() else self.slug


class SignUpWording(Part):
    """What people say yes to. A change makes another version; none is changed or deleted."""

    form = models.ForeignKey(SignUpForm, on_delete=models.PROTECT, related_name="wordings")
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("words agreed to"))
    made_at = models.DateTimeField(_("since"), default=timezone.now)
    made_by = models.CharField(_("by"), max_length=200)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["form", "version"], name="outreach_sign_up_wording_once"
            )
        ]

    def __str__(self) -> str:
        return str(_("version %(number)d")) % {"number": self.version}


class SignUp(Root):
    """Somebody asked, by a form or by word of mouth; no person of ours before they confirm.

    What they typed is emptied once they confirmed, or did not in time; the row is kept to count.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("not confirmed yet")
        CONFIRMED = "confirmed", _("confirmed")
        EXPIRED = "expired", _("not confirmed in time")
        IGNORED = "ignored", _("not written to")

    key = models.UUIDField(default=new_key, unique=True, editable=False)
    form = models.ForeignKey(
        SignUpForm,
        null=True,
        on_delete=models.PROTECT,
        related_name="sign_ups",
        verbose_name=_("form"),
    )
    wording = models.ForeignKey(
        SignUpWording,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("wording"),
    )
    sender = models.ForeignKey(
        Sender, on_delete=models.PROTECT, related_name="+", verbose_name=_("who answers")
    )
    topics: "models.ManyToManyField[Topic, models.Model]" = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="+"
    )
    channels = models.CharField(max_length=40, default=Channel.EMAIL)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    note = models.TextField(_("where and when"), blank=True)
    captured_by_key = models.CharField(max_length=64, blank=True)
    captured_by = models.CharField(_("entered by"), max_length=200, blank=True)
    address_value = models.CharField(_("address"), max_length=320, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, editable=False)
    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    claimed_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(_("written to"), null=True)
    detail = models.CharField(_("what became of our message"), max_length=250, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    recipient = models.ForeignKey(
        Recipient, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    address = models.ForeignKey(Address, null=True, on_delete=models.PROTECT, related_name="+")
    is_contact_due = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="confirmed",
                    confirmed_at__isnull=False,
                    recipient__isnull=False,
                    address__isnull=False,
                )
                | (
                    ~Q(state="confirmed")
                    & Q(
                        confirmed_at__isnull=True,
                        recipient__isnull=True,
                        address__isnull=True,
                    )
                ),
                name="outreach_sign_up_person_once_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "ignored"])
                | Q(address_value="", address_hash="", given_name="", family_name=""),
                name="outreach_sign_up_emptied_once_over",
            ),
            models.CheckConstraint(
                condition=Q(form__isnull=False, wording__isnull=False) | ~Q(captured_by=""),
                name="outreach_sign_up_has_words_or_witness",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("asked_at")),
                name="outreach_sign_up_expires_after",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "claimed_at", "asked_at"], name="outreach_sign_up_due"),
            models.Index(fields=["state", "expires_at"], name="outreach_sign_up_over"),
            models.Index(fields=["address_hash"], name="outreach_sign_up_address"),
            models.Index(fields=["form", "asked_at"], name="outreach_sign_up_counted"),
        ]

    def __str__(self) -> str:
        return str(self.recipient or self.address_value or _("(forgotten)"))


class Knock(models.Model):
    """How often something was tried in a while, under a keyed hash of who or what; soon deleted."""

    bucket = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("count of attempts")
        verbose_name_plural = _("counts of attempts")

    def __str__(self) -> str:
        return f"{self.count} – {self.ends_at:%Y-%m-%d %H:%M}"
