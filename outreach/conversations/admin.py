"""What was kept of incoming mail. Conversations are registered by the room that knows deadlines."""

from django.contrib.admin.sites import AdminSite

from outreach.conversations.mail_admin import InboundMailAdmin
from outreach.conversations.models import InboundMail
from outreach.conversations.panels import register_panels


def register(site: AdminSite) -> None:
    site.register(InboundMail, InboundMailAdmin)
    register_panels()
