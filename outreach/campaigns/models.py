from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.approach import Approach
from outreach.campaigns.merge import check_line, check_text
from outreach.groups.models import ContactGroup
from outreach.preferences.models import Purpose, Topic
from outreach.recipients.models import Channel
from outreach.senders.models import Sender
from outreach.tenant_rows import Part, Root

MOST_REASON = 500  # it stands under every message
MOST_ANSWER = 2000


class Coordination(Root):
    """Campaigns that run at the same time; each person is in one of them only (B10)."""

    name = models.CharField(
        _("name"), max_length=120, help_text=_("What they have in common: “Spring in Asti”.")
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("coordination of campaigns")
        verbose_name_plural = _("coordinations of campaigns")
        constraints = [
            models.UniqueConstraint(fields=["name", "tenant"], name="outreach_coordination_name")
        ]

    def __str__(self) -> str:
        return self.name


class Campaign(Root):
    """One thing we want to tell some people, and why they would want to hear it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        SUBMITTED = "submitted", _("waits for approval")
        APPROVED = "approved", _("approved")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused")
        STOPPED = "stopped", _("stopped")

    EDITABLE = (State.DRAFT, State.SUBMITTED, State.APPROVED)
    BEGUN = (State.SENDING, State.SENT, State.STOPPED)
    QUESTIONS = ("would_notice", "would_help", "would_welcome")

    name = models.CharField(
        _("name"), max_length=160, help_text=_("For your colleagues; customers do not see it.")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("topic"),
        help_text=_("Only people who asked to hear about this topic are written to."),
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=12,
        choices=Purpose.choices,
        default=Purpose.COMMERCIAL,
        help_text=_(
            "Routine is what follows from something the person did; everything else is news or an "
            "offer. Never both in one message."
        ),
    )
    approach = models.CharField(
        _("approach"),
        max_length=12,
        choices=Approach.choices,
        help_text=_("A free tasting is taken very differently from a sale."),
    )
    groups: "models.ManyToManyField[ContactGroup, CampaignGroup]" = models.ManyToManyField(
        ContactGroup, through="CampaignGroup", related_name="campaigns"
    )
    sender = models.ForeignKey(
        Sender,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("signed by"),
        help_text=_("A person with a phone number. Answers come to them."),
    )
    justification = models.TextField(
        _("why this is useful to them"),
        max_length=MOST_REASON,
        blank=True,
        help_text=_(
            "Finish the sentence “You get this because …” from the customer's side: “you asked us "
            "to tell you of tastings near Asti”. It stands under the message."
        ),
    )
    would_notice = models.TextField(
        _("If I received this, would it catch my attention?"),
        max_length=MOST_ANSWER,
        blank=True,
        help_text=_("Many messages came that day. What in the subject is for this person?"),
    )
    would_help = models.TextField(
        _("Would it be useful to me?"),
        max_length=MOST_ANSWER,
        blank=True,
        help_text=_("What can they do with it? If it is only useful to us, do not send it."),
    )
    would_welcome = models.TextField(
        _("Would I take it well, or would it annoy me?"),
        max_length=MOST_ANSWER,
        blank=True,
        help_text=_("Think also of somebody who never bought, and of somebody with a complaint."),
    )
    impersonal_reason = models.TextField(
        _("why it addresses nobody by name"),
        max_length=MOST_ANSWER,
        blank=True,
        help_text=_("Only needed where the text has no personal element."),
    )
    cap_reason = models.TextField(
        _("why it may pass the weekly limit"),
        max_length=MOST_ANSWER,
        blank=True,
        help_text=_(
            "Leave it empty: nobody gets more than one message a week. Only a really good occasion "
            "is a reason, and whoever approves reads it."
        ),
    )
    coordination = models.ForeignKey(
        Coordination,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("coordinated with"),
        help_text=_("Of campaigns that are coordinated each person gets one only."),
    )
    coordination_rank = models.PositiveSmallIntegerField(
        _("place in the coordination"),
        default=1,
        help_text=_("Whoever could get several gets the one with the lowest number."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("author"),
        editable=False,
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [
            ("submit_campaign", _("Can submit campaigns for approval")),
            ("approve_campaign", _("Can approve campaigns of others")),
            ("send_campaign", _("Can send approved campaigns")),
        ]

    def __str__(self) -> str:
        return self.name

    def answers(self) -> list[tuple[str, str]]:
        """The three questions of A2, each with what the author answered."""
        fields: list[Any] = [self._meta.get_field(name) for name in self.QUESTIONS]
        return [(str(field.verbose_name), getattr(self, field.name)) for field in fields]


class CampaignGroup(Part):
    """A group that a campaign is for, or that it leaves out."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="aims")
    group = models.ForeignKey(
        ContactGroup,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("group"),
        help_text=_(
            "People who surely care about this: fewer who do, rather than many who do not."
        ),
    )
    is_left_out = models.BooleanField(_("leave these people out"), default=False)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("who it is for")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "group"], name="outreach_campaign_group_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.group)


class CampaignExclusion(Part):
    """An earlier campaign, whose people this one leaves out (B10)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="exclusions")
    earlier = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", verbose_name=_("earlier campaign")
    )

    class Meta:
        verbose_name = _("earlier campaign")
        verbose_name_plural = _("leave out whom these campaigns reached")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "earlier"], name="outreach_campaign_exclusion_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(campaign=models.F("earlier")),
                name="outreach_campaign_exclusion_of_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.earlier)


class Variant(Part):
    """The text of a campaign for one channel."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="variants")
    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel.choices, default=Channel.EMAIL
    )
    subject = models.CharField(_("subject"), max_length=200)
    preheader = models.CharField(
        _("preview line"),
        max_length=150,
        blank=True,
        help_text=_("The line that mail programs show beside the subject."),
    )
    body = models.TextField(
        _("text"),
        max_length=20_000,
        help_text=_(
            "An empty line makes a paragraph. {{ given_name | friend }} gives the given name, or "
            "“friend” where we do not know it; there are also family_name, full_name and company. "
            "Signature, reason and ways out are added by themselves."
        ),
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "channel"], name="outreach_variant_once")
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self) -> None:
        """Refuse here what could not be filled or sent as meant; sending never fails on it."""
        problems: dict[str, ValidationError] = {}
        checks = (("subject", check_line), ("preheader", check_line), ("body", check_text))
        for name, check in checks:
            try:
                check(getattr(self, name) or "")
            except ValidationError as error:
                problems[name] = error
        if problems:
            raise ValidationError(problems)


class Contributor(Part):
    """Whoever wrote or edited a campaign, and so cannot approve it (statement 5)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="contributors")
    actor_key = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "actor_key"], name="outreach_contributor_once"
            )
        ]

    def __str__(self) -> str:
        return self.actor_name
