"""A campaign on its way to approval, with the people that take part."""

from dataclasses import dataclass
from typing import Any

from outreach.approvals.models import ApprovalRequest
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign
from outreach.history.actor import Actor
from tests.builders import (
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    make_user,
    subscribe,
)

WRITES = (
    "outreach.view_campaign",
    "outreach.add_campaign",
    "outreach.change_campaign",
    "outreach.submit_campaign",
)
APPROVES = ("outreach.view_campaign", "outreach.approve_campaign")


@dataclass(frozen=True, slots=True)
class Asked:
    """A submitted campaign, its author, and somebody else who may approve."""

    campaign: Campaign
    request: ApprovalRequest
    author: Any
    approver: Any

    @property
    def by_author(self) -> Actor:
        return Actor.of(self.author)

    @property
    def by_approver(self) -> Actor:
        return Actor.of(self.approver)


def make_draft(**fields: Any) -> Campaign:
    """A complete draft for one person who asked for its topic; nobody is worked out yet."""
    topic = fields.pop("topic", None) or make_topic()
    person = make_recipient()
    subscribe(person, topic)
    return make_campaign(make_group(person), topic=topic, **fields)


def ask(**fields: Any) -> Asked:
    author = fields.pop("author", None) or make_user("anna", *WRITES, *APPROVES)
    campaign = make_draft(author=author, **fields)
    by = Actor.of(author)
    freeze(campaign, by=by)
    request = submit(campaign, by=by)
    return Asked(campaign, request, author, make_user("piotr", *APPROVES))
