from django.contrib.admin.sites import AdminSite

from outreach.conversations.models import Conversation
from outreach.sla.due_admin import DueConversationAdmin
from outreach.sla.models import ReplyPolicy
from outreach.sla.policy_admin import ReplyPolicyAdmin


def register(site: AdminSite) -> None:
    site.register(ReplyPolicy, ReplyPolicyAdmin)
    site.register(Conversation, DueConversationAdmin)
