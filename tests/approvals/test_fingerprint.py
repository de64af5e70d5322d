from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from outreach.approvals.fingerprint import fingerprint
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import (
    Campaign,
    CampaignExclusion,
    CampaignGroup,
    Coordination,
    Variant,
)
from outreach.ledger.models import Run
from outreach.preferences.models import Topic
from outreach.senders.models import Sender
from tests.approvals.asking import make_draft
from tests.builders import make_actor, make_campaign, make_group, make_sender, make_topic

pytestmark = pytest.mark.django_db

ROWS: dict[type[models.Model], Callable[[Campaign], models.Model]] = {
    Campaign: lambda campaign: campaign,
    Topic: lambda campaign: campaign.topic,
    Sender: lambda campaign: campaign.sender,
    CampaignGroup: lambda campaign: campaign.aims.get(),
    CampaignExclusion: lambda campaign: campaign.exclusions.get(),
    Variant: lambda campaign: campaign.variants.get(),
    Coordination: lambda campaign: Coordination.objects.get(campaigns=campaign),
    Run: lambda campaign: Run.objects.get(current_slot=campaign),
}
# Neither sent nor shown to an approver, each with its reason.
LEFT_OUT = {
    "Campaign.id": "never changes",
    "Campaign.tenant": "never changes",
    "Campaign.state": "moves when it is approved",
    "Campaign.author": "who may approve is asked apart",
    "Campaign.created_at": "says nothing to anybody",
    "Campaign.changed_at": "says nothing to anybody",
    "Topic.id": "the campaign's topic is in it",
    "Topic.tenant": "never changes",
    "Topic.description": "stands on the preference page only",
    "Topic.pace": "stands on the preference page only",
    "Topic.position": "stands on the preference page only",
    "Topic.is_active": "eligibility and checks ask for it",
    "Topic.opt_in": "says how people ask for it, before any campaign",
    "Topic.valid_for": "eligibility asks for it",
    "Topic.least_stage": "eligibility asks for it",
    "Topic.silent_after": "eligibility asks for it",
    "Sender.id": "the campaign's sender is in it",
    "Sender.tenant": "never changes",
    "Sender.user": "where answers go inside the house",
    "Sender.photo": "stands on the preference page only",
    "CampaignGroup.id": "says nothing to anybody",
    "CampaignGroup.campaign": "never changes",
    "CampaignExclusion.id": "says nothing to anybody",
    "CampaignExclusion.campaign": "never changes",
    "Variant.id": "says nothing to anybody",
    "Variant.campaign": "never changes",
    "Coordination.id": "the campaign's coordination is in it",
    "Coordination.tenant": "never changes",
    "Coordination.created_at": "says nothing to anybody",
    "Run.id": "another run is another fingerprint; see below",
    "Run.campaign": "never changes",
    "Run.current_slot": "asked apart by whoever approves or sends",
    "Run.state": "moves while it is sent",
    "Run.lower": "where the freezing begins",
    "Run.cursor": "how far the freezing came",
    "Run.upper": "how far the freezing goes",
    "Run.excluded": "follows from the groups and who is included",
    "Run.aims_digest": "asked apart: is the audience fresh",
    "Run.created_at": "says nothing to anybody",
    "Run.frozen_at": "says nothing to anybody",
    "Run.started_at": "moves while it is sent",
    "Run.finished_at": "moves while it is sent",
}
FIELDS = [(model, field) for model in ROWS for field in model._meta.concrete_fields]


def name_of(model: type[models.Model], field: Any) -> str:
    return f"{model.__name__}.{field.name}"


def other_value(field: Any, now: Any) -> Any:
    """Some other value that the field can hold."""
    if field.name == "topic":
        return make_topic().pk
    if field.name == "coordination":
        return Coordination.objects.create(name="Summer in Asti").pk
    if field.name == "sender":
        return make_sender().pk
    if field.name == "earlier":
        return make_campaign().pk
    if field.name == "group":
        return make_group().pk
    if field.choices:
        return next(value for value, _label in field.choices if value != now)
    if isinstance(field, models.BooleanField):
        return not now
    if isinstance(field, models.IntegerField):
        return now + 1
    return f"x{now}"[: field.max_length]


def frozen() -> tuple[Campaign, Run]:
    together = Coordination.objects.create(name="Spring in Asti")
    campaign = make_draft(impersonal_reason="none", coordination=together)
    CampaignExclusion.objects.create(campaign=campaign, earlier=make_campaign())
    return campaign, freeze(campaign, by=make_actor())


@pytest.mark.parametrize(
    ("model", "field"), FIELDS, ids=[name_of(model, field) for model, field in FIELDS]
)
def test_no_field_that_is_sent_or_shown_is_forgotten(
    model: type[models.Model], field: "models.Field[Any, Any]"
) -> None:
    if name_of(model, field) in LEFT_OUT:
        return
    campaign, run = frozen()
    before = fingerprint(campaign, run)
    row = ROWS[model](campaign)
    changed = other_value(field, getattr(row, field.attname))
    type(row)._default_manager.filter(pk=row.pk).update(**{field.attname: changed})
    assert fingerprint(campaign, run) != before


def test_the_list_of_what_is_left_out_names_fields_that_exist() -> None:
    assert LEFT_OUT.keys() <= {name_of(model, field) for model, field in FIELDS}


def test_it_depends_on_the_database_and_not_on_what_is_in_memory() -> None:
    campaign, run = frozen()
    before = fingerprint(campaign, run)
    campaign.justification = run.digest = "changed in memory only"
    assert fingerprint(campaign, run) == before
    assert len(before) == 64


def test_another_run_another_group_and_another_name_of_a_group_are_another_fingerprint() -> None:
    campaign, run = frozen()
    seen = [fingerprint(campaign, run)]
    seen.append(fingerprint(campaign, freeze(campaign, by=make_actor())))
    group = make_group()
    campaign.aims.create(group=group, is_left_out=True)
    seen.append(fingerprint(campaign, run))
    group.name = "Renamed"
    group.save()
    seen.append(fingerprint(campaign, run))
    campaign.variants.all().delete()
    seen.append(fingerprint(campaign, run))
    assert len(set(seen)) == len(seen)


def test_it_takes_the_same_few_queries_however_many_groups(
    django_assert_num_queries: Any,
) -> None:
    campaign, run = frozen()
    for _number in range(5):
        campaign.aims.create(group=make_group())
    with django_assert_num_queries(5):
        fingerprint(campaign, run)
