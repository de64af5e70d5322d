"""A campaign in a host, from groups to the last message."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from outreach.approvals.decide import approve
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign
from outreach.dispatch.send import send_run
from outreach.dispatch.start import start
from outreach.groups.models import ContactGroup
from outreach.groups.rule import as_json
from outreach.history.actor import Actor
from outreach.ledger.models import Run
from outreach.preferences.models import Topic
from outreach.recipients.models import Recipient
from tests.builders import make_campaign, make_group
from tests.hosts.mail import OurMail

_numbers = count(1)


def group_by_city(facts: Sequence[str]) -> ContactGroup:
    """Everybody in Asti, by the segment field of each source."""
    conditions = [{"fact": fact, "is": "equals", "value": "Asti"} for fact in facts]
    return ContactGroup.objects.create(
        name=f"In Asti {next(_numbers)}",
        kind=ContactGroup.Kind.RULE,
        rule=as_json("any", conditions),
    )


def prepare(topic: Topic, author: Any, people: Sequence[Recipient], by_city: ContactGroup) -> Run:
    """A campaign for people picked by hand and for those in Asti, with its audience frozen."""
    campaign = make_campaign(make_group(*people), by_city, author=author, topic=topic)
    return freeze(campaign, by=Actor.of(author))


def send(run: Run, author: Any, approver: Any) -> list[str]:
    """Submit, approve by the other, send; returns the addresses that were written to."""
    campaign = Campaign.objects.get(pk=run.campaign_id)
    request = submit(campaign, by=Actor.of(author))
    approve(request, by=Actor.of(approver), seen=request.fingerprint)
    campaign.refresh_from_db()
    before = len(OurMail.reached)
    send_run(start(campaign, by=Actor.of(author)))
    return OurMail.reached[before:]
