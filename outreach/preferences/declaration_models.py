from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.preferences.declared import Given, Outcome, ReadByTwo
from outreach.preferences.models import ConsentRecord, Topic
from outreach.recipients.models import Address, Channel, Recipient
from outreach.tenant_rows import Part, Root


class InterestDeclaration(ReadByTwo, Root):
    """Interest that people showed before it was kept here, for many at once (A6, B1, B7)."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, default=Channel.EMAIL, editable=False)
    basis = models.TextField(_("why it counts as interest"))
    given = models.CharField(_("where they gave it"), max_length=8, choices=Given.choices)
    given_note = models.CharField(_("where exactly"), max_length=250)
    since_on = models.DateField(_("on which day, at the latest"))
    wording = models.TextField(_("the words they agreed to, or what they did"))
    evidence = models.TextField(_("where the proof is kept"))
    expires_on = models.DateField(_("counts until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("all recorded"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    class Meta(ReadByTwo.Meta):
        ordering = ["-made_at", "-pk"]
        verbose_name = _("declaration of interest")
        verbose_name_plural = _("declarations of interest")
        permissions = [("accept_interestdeclaration", _("Can accept declarations of interest"))]

    def __str__(self) -> str:
        return f"{self.topic}, {self.given_note}"


class DeclaredPerson(Part):
    """A person in a declaration, with a proof of their own where a file brought one."""

    declaration = models.ForeignKey(
        InterestDeclaration, on_delete=models.CASCADE, related_name="people"
    )
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, null=True, on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField(null=True)
    source = models.CharField(max_length=250, blank=True)
    wording = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    record = models.ForeignKey(ConsentRecord, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("person in a declaration")
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "recipient"], name="outreach_declared_once"
            )
        ]
        indexes = [models.Index(fields=["declaration", "outcome", "id"], name="outreach_declared")]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.outcome or '…'}"
