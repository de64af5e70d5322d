from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign


class Today(Campaign):
    """The staff's front page as an entry of its own in the admin's list; it has no table."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("today")
        verbose_name_plural = _("today")
