from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.recipients.models import Recipient
from outreach.tenant_rows import Part, Root


class ContactGroup(Root):
    """People who belong together: picked by hand, or found by a rule (A1, B3)."""

    class Kind(models.TextChoices):
        HAND = "hand", _("picked by hand")
        RULE = "rule", _("found by a rule")

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(
        _("who they are"),
        max_length=250,
        blank=True,
        help_text=_("One line, in words that these people could read: they may."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.HAND)
    source = models.CharField(_("taken from"), max_length=64, blank=True, editable=False)
    rule = models.JSONField(_("rule"), default=dict, blank=True, editable=False)
    members = models.ManyToManyField(Recipient, through="Membership", related_name="groups")
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.CharField(_("made by"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="outreach_group_name")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """No rule reaches the database unchecked. Raises ValidationError."""
        changed = kwargs.get("update_fields")
        if self.kind == self.Kind.RULE and (changed is None or "rule" in changed):
            # Here, since rules know facts, and facts know groups.
            from outreach.groups.rule import validate

            validate(self.rule, tenant=self.tenant)
        super().save(*args, **kwargs)


class Membership(Part):
    """A hand-picked member, with who added them, when and why."""

    group = models.ForeignKey(ContactGroup, on_delete=models.CASCADE, related_name="memberships")
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.CharField(_("added by"), max_length=200, blank=True)
    reason = models.CharField(_("why"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["group", "recipient"], name="outreach_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} in {self.group_id}"
