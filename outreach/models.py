"""Index of all tables, for Django's discovery. No logic."""

from outreach.approvals.models import ApprovalRequest, Decision
from outreach.calendars.models import BusinessCalendar, Closure
from outreach.campaigns.models import (
    Campaign,
    CampaignExclusion,
    CampaignGroup,
    Contributor,
    Coordination,
    Variant,
)
from outreach.centre.models import DataRequest
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.groups.models import ContactGroup, GroupExclusion, MemberImport, Membership
from outreach.history.models import HistoryEntry
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run, TenantLock
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.models import (
    ConsentEvidence,
    ConsentRecord,
    Objection,
    Pause,
    RenewalRequest,
    Subscription,
    Suppression,
    Topic,
    Wording,
)
from outreach.preferences.wish_models import Statement, StatementTopic, TopicFrequency
from outreach.recipients.models import (
    Address,
    ContactLink,
    Export,
    Recipient,
    RecipientAddress,
    SourceSync,
)
from outreach.senders.models import Sender
from outreach.signups.models import Knock, SignUp, SignUpForm, SignUpWording
from outreach.sla.models import Clock, ReplyPolicy
from outreach.tracking.models import ProviderEvent
from outreach.workplace.models import Heartbeat, Today

__all__ = [
    "Address",
    "ApprovalRequest",
    "Attempt",
    "BusinessCalendar",
    "Campaign",
    "CampaignExclusion",
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
    "DataRequest",
    "Decision",
    "DeclaredPerson",
    "Delivery",
    "DeliveryEvent",
    "Export",
    "GroupExclusion",
    "Heartbeat",
    "HistoryEntry",
    "InboundMail",
    "InterestDeclaration",
    "Knock",
    "MemberImport",
    "Membership",
    "Message",
    "Objection",
    "Pause",
    "ProviderEvent",
    "Recipient",
    "RecipientAddress",
    "RenewalRequest",
    "ReplyPolicy",
    "Run",
    "Sender",
    "SignUp",
    "SignUpForm",
    "SignUpWording",
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
    "Wording",
]
