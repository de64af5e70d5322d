from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.senders.photo import check_photo, photo_path
from outreach.tenant_rows import Root


class Sender(Root):
    """A named person who signs messages and answers the phone (B6)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff member"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Whose account this is. Answers to this person's messages come to them."),
    )
    name = models.CharField(
        _("name"), max_length=120, help_text=_("As customers know this person: Anna Bianchi.")
    )
    role = models.CharField(
        _("role"), max_length=120, blank=True, help_text=_("For example: visits and tastings.")
    )
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(
        _("phone number"),
        max_length=40,
        help_text=_("Shown under every message: people may call instead of write."),
    )
    photo = models.FileField(
        _("photo"),
        upload_to=photo_path,
        max_length=120,
        blank=True,
        validators=[check_photo],
        help_text=_("A face, as JPEG, PNG or WebP; at most 20 kB. Shown on the preference page."),
    )
    is_active = models.BooleanField(_("may sign messages"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(phone=""),
                name="outreach_sender_has_name_and_phone",
            )
        ]

    def __str__(self) -> str:
        return self.name
