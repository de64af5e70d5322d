"""Index of all tables, for Django's discovery. No logic."""

from outreach.approvals.models import ApprovalRequest, Decision
from outreach.calendars.models import BusinessCalendar, Closure
from outreach.campaigns.models import Campaign, CampaignGroup, Contributor, Coordination, Variant
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.groups.models import ContactGroup, Membership
from outreach.history.models import HistoryEntry
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run, TenantLock
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.models import (
    ConsentEvidence,
    ConsentRecord,
    Objection,
    Pause,
    Subscription,
    Suppression,
    Topic,
)
from outreach.preferences.wish_models import Statement, StatementTopic, TopicFrequency
from outreach.recipients.models import (
    Address,
    ContactLink,
    Recipient,
    RecipientAddress,
    SourceSync,
)
from outreach.senders.models import Sender
from outreach.sla.models import Clock, ReplyPolicy
from outreach.tracking.models import ProviderEvent
from outreach.workplace.models import Heartbeat, Today

__all__ = [
    "Address",
    "ApprovalRequest",
    "Attempt",
    "BusinessCalendar",
    "Campaign",
    "CampaignGroup",
    "Clock",
    "Closure",
    "ConsentEvidence",
    "ConsentRecord",
    "ContactGroup",
    "ContactLink",
    "Contributor",
    "Conversation",
    "Coordination",
    "Decision",
    "DeclaredPerson",
    "Delivery",
    "DeliveryEvent",
    "Heartbeat",
    "HistoryEntry",
    "InboundMail",
    "InterestDeclaration",
    "Membership",
    "Message",
    "Objection",
    "Pause",
    "ProviderEvent",
    "Recipient",
    "RecipientAddress",
    "ReplyPolicy",
    "Run",
    "Sender",
    "SourceSync",
    "Statement",
    "StatementTopic",
    "Subscription",
    "Suppression",
    "TenantLock",
    "Today",
    "Topic",
    "TopicFrequency",
    "Variant",
]
