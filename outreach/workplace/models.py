from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign


class Today(Campaign):
    """The staff's front page as an entry of its own in the admin's list; it has no table."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("today")
        verbose_name_plural = _("today")


class Heartbeat(models.Model):
    """When a part of the periodic work last ran. It tells people; no work looks at it.

    `finished_at` is when it last ended well, `error` the type of what ended it since, if any.
    """

    name = models.CharField(max_length=40, unique=True)
    expected_since = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("periodic work")
        verbose_name_plural = _("periodic work")

    def __str__(self) -> str:
        return self.name
