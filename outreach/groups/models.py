from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.groups.rule_field import RuleField
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
    rule = RuleField(_("rule"), default=dict, blank=True, editable=False)
    members = models.ManyToManyField(Recipient, through="Membership", related_name="groups")
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.CharField(_("made by"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint(fields=["name", "tenant"], name="outreach_group_name")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """No rule reaches the database unchecked, and each in one form. Raises ValidationError."""
        changed = kwargs.get("update_fields")
        if self.kind == self.Kind.RULE and (changed is None or "rule" in changed):
            # Here, since rules know facts, and facts know groups.
            from outreach.groups.rule import to_json, validate

            self.rule = to_json(validate(self.rule, tenant=self.tenant))
        super().save(*args, **kwargs)


class MemberImport(Part):
    """A file whose people were proposed for a group, then put into it, then perhaps taken out.

    `proposed` holds [recipient, why] until somebody agrees; what is done is told by memberships.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("looked at")
        DONE = "done", _("done")
        UNDONE = "undone", _("undone")

    group = models.ForeignKey(ContactGroup, on_delete=models.CASCADE, related_name="imports")
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.PROPOSED
    )
    file_name = models.CharField(_("file"), max_length=100)
    reason = models.CharField(_("why"), max_length=250)
    proposed = models.JSONField(default=list, editable=False)
    added = models.PositiveIntegerField(_("added"), default=0)
    removed = models.PositiveIntegerField(_("taken out again"), default=0)
    made_at = models.DateTimeField(_("looked at"), default=timezone.now)
    made_by = models.CharField(_("by"), max_length=200)
    done_at = models.DateTimeField(_("done"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.CharField(_("undone by"), max_length=200, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("import of members")
        verbose_name_plural = _("imports of members")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="proposed", done_at__isnull=True)
                | ~models.Q(state="proposed") & models.Q(done_at__isnull=False),
                name="outreach_member_import_done_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="undone", undone_at__isnull=False)
                | ~models.Q(state="undone") & models.Q(undone_at__isnull=True),
                name="outreach_member_import_undone_when",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Membership(Part):
    """A hand-picked member, with who added them, when, why and from where.

    `brought_by` is the import that an undo would take it out with; it is empty once somebody
    also picked the person by hand.
    """

    group = models.ForeignKey(ContactGroup, on_delete=models.CASCADE, related_name="memberships")
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.CharField(_("added by"), max_length=200, blank=True)
    reason = models.CharField(_("why"), max_length=250, blank=True)
    source = models.CharField(_("from where"), max_length=150, blank=True)
    brought_by = models.ForeignKey(
        MemberImport, null=True, on_delete=models.SET_NULL, related_name="memberships"
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["group", "recipient"], name="outreach_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} in {self.group_id}"


class GroupExclusion(Part):
    """Somebody who said that they do not belong in a group: binds its next audience (D4).

    It outlives a rule that is changed, and whoever adds them by hand again.
    """

    group = models.ForeignKey(ContactGroup, on_delete=models.CASCADE, related_name="exclusions")
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="exclusions", verbose_name=_("person")
    )
    since_at = models.DateTimeField(_("since"), default=timezone.now)
    said = models.TextField(_("in their words"), blank=True)

    class Meta:
        verbose_name = _("person who does not belong")
        verbose_name_plural = _("people who do not belong")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "recipient"], name="outreach_group_exclusion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} not in {self.group_id}"
