"""What a declaration of interest, and each person in it, can be and become."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Given(models.TextChoices):
    """Where people showed their interest."""

    FORM = "form", _("on a form, on paper or on a website")
    EVENT = "event", _("at a fair, a visit or another event")
    ORDER = "order", _("when they ordered or booked")
    TALK = "talk", _("in a talk, a call or a letter")
    SYSTEM = "system", _("in the system we used before")


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waits for a second person")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    STOPPED = "stopped", _("stopped on the way")


class Outcome(models.TextChoices):
    """What becomes of a person. Only who is left of all others is recorded."""

    RECORDED = "recorded", _("recorded")
    ERASED = "erased", _("asked us to erase their data")
    REFUSED = "refused", _("refused this, or stopped our messages, before")
    NO_ADDRESS = "no_address", _("cannot be reached there")
    ALREADY = "already", _("asked for it already")
    LEFT = "left", _("not recorded, since it was stopped or over before")


class ReadByTwo(models.Model):
    """Written by one person, and in force once another has accepted it."""

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    made_by_key = models.CharField(max_length=64, editable=False)
    made_by = models.CharField(_("made by"), max_length=200, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    decided_by_key = models.CharField(max_length=64, blank=True, editable=False)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    comment = models.TextField(_("comment"), blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(made_by_key="")
                & ~models.Q(decided_by_key=models.F("made_by_key")),
                name="outreach_%(class)s_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[State.DRAFT, State.SUBMITTED], decided_by_key="")
                | models.Q(
                    ~models.Q(decided_by_key=""),
                    state__in=[State.ACCEPTED, State.REFUSED, State.STOPPED],
                    decided_at__isnull=False,
                ),
                name="outreach_%(class)s_decided",
            ),
        ]
