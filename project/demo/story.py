"""The story: one campaign from a draft to an answered reply, and what came of each step."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils import timezone

import project.celery  # noqa: F401  (so that a started run wakes the worker)
from outreach.approvals.decide import approve
from outreach.approvals.models import ApprovalRequest
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.audiences.waterfall import Waterfall, waterfall
from outreach.campaigns.edit import note_begun, note_edit
from outreach.campaigns.models import Approach, Campaign, CampaignGroup, Variant
from outreach.conversations.answer import answer
from outreach.conversations.models import Conversation, Message
from outreach.dispatch.start import start
from outreach.exceptions import Refused
from outreach.groups.models import ContactGroup
from outreach.history.actor import Actor
from outreach.ledger.models import Delivery, Run
from outreach.preferences.models import Suppression, Topic
from outreach.senders.models import Sender
from outreach.sla.models import Clock
from outreach.tracking.models import ProviderEvent
from outreach.workplace.doctor import Finding, examine

from project.demo import customer
from project.demo.waiting import wait_for

BODY = """\
Dear {{ given_name | friend of the estate }},

on Saturday 12 December we open the first Barbera of the year, and you asked us to tell you when \
we taste. Come between 11 and 17 h to Via Roma 1 in Asti: eight wines, bread and cheese, and the \
cellar at your own pace. It costs nothing, and nobody will sell you anything.

If you would like to come, answer this message with the number of people. If the day does not \
suit you, tell me which one does.
"""


@dataclass(slots=True)
class Told:
    """What the summary shows and checks."""

    run: Run | None = None
    figures: Waterfall | None = None
    approved_by: str = ""
    author_was_refused: bool = False
    edit_voided: bool = False
    messages_at_provider: int = 0
    bounced: int = 0
    complained: int = 0
    opted_out: int = 0
    unsubscribed: int = 0
    get_changed_nothing: bool = False
    replied: int = 0
    automatic: int = 0
    answered_in_time: int = 0
    findings: list[Finding] = field(default_factory=list)
