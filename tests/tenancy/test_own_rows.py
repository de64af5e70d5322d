"""Whoever is under way sees their own rows, and nobody else's."""

from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from outreach.approvals.four_eyes import approvers
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record
from outreach.ledger.models import Attempt, Run
from outreach.preferences.models import Subscription, Topic
from outreach.recipients.find import recipients_at
from outreach.recipients.models import Address, Recipient
from outreach.tenancy import current_tenant, tenancy
from tests.builders import make_campaign, make_group, make_topic, make_user, subscribe
from tests.tenancy.firms import make_person

pytestmark = pytest.mark.django_db


def test_a_new_row_belongs_to_the_tenant_under_way() -> None:
    with tenancy().activate("north"):
        assert make_topic().tenant == "north"
    assert current_tenant() == ""


def test_rows_of_another_tenant_are_not_there() -> None:
    with tenancy().activate("north"):
        topic = make_topic()
    for tenant in ("south", ""):
        with tenancy().activate(tenant):
            assert not Topic.objects.exists()
            assert not Topic.objects.filter(pk=topic.pk).update(name="Mine")
            with pytest.raises(Topic.DoesNotExist):
                Topic.objects.get(pk=topic.pk)


def test_parts_of_such_rows_are_not_there_either() -> None:
    with tenancy().activate("north"):
        subscribe(make_person("maria@example.com"), make_topic())
        assert Subscription.objects.count() == 1
    with tenancy().activate("south"):
        assert not Subscription.objects.exists()


def test_a_query_is_of_the_tenant_under_way_when_it_is_run() -> None:
    topics = Topic.objects.order_by("pk")
    for tenant in ("north", "south"):
        with tenancy().activate(tenant):
            make_topic(f"Of the {tenant}")
    for tenant in ("north", "south"):
        with tenancy().activate(tenant):
            assert [topic.name for topic in topics.all()] == [f"Of the {tenant}"]


def test_the_same_address_is_another_one_in_another_tenant() -> None:
    for tenant in ("north", "south"):
        with tenancy().activate(tenant):
            person = make_person("maria@example.com", tenant)
            assert list(recipients_at("email", "maria@example.com")) == [person]
    assert Address._base_manager.count() == 2


def test_the_same_name_may_be_there_in_each_tenant() -> None:
    for tenant in ("north", "south"):
        with tenancy().activate(tenant):
            make_topic(slug="tastings")
            make_group(name="Friends")


def test_what_befell_a_part_is_on_record_with_its_tenant() -> None:
    with tenancy().activate("north"):
        run = Run.objects.create(campaign=make_campaign(), channel="email")
        assert record(run, "run.held", by=SYSTEM).tenant == "north"


def test_a_change_of_a_part_looks_at_the_row_itself() -> None:
    """Joins would make Django look the rows up first, and two could win where one may."""
    with (
        tenancy().activate("north"),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        Attempt.objects.filter(key=UUID(int=1), outcome="in_flight").update(outcome="unknown")
    (query,) = queries.captured_queries
    assert query["sql"].startswith('UPDATE "outreach_attempt"')
    assert "JOIN" not in query["sql"]
    assert " IN (SELECT" not in query["sql"]


def test_only_staff_of_the_tenant_are_named_as_approvers() -> None:
    for tenant in ("north", "south"):
        make_user(tenant, "outreach.approve_campaign", last_name=tenant)
    with tenancy().activate("north"):
        person = make_person("maria@example.com")
        topic = make_topic()
        subscribe(person, topic)
        campaign = make_campaign(make_group(person), topic=topic)
        freeze(campaign, by=Actor.of(campaign.author))
        request = submit(campaign, by=Actor.of(campaign.author))
        assert approvers(request) == ["North north"]


def test_a_host_without_tenants_has_queries_without_them(settings: Settings) -> None:
    settings.OUTREACH = {**django_settings.OUTREACH, "TENANCY": ""}
    assert list(tenancy().all()) == [""]
    assert "WHERE" not in str(Recipient.objects.all().query)
    assert "WHERE" not in str(Attempt.objects.all().query)
    assert "WHERE" not in str(Campaign.objects.all().query)
