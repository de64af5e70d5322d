"""The ready-made roles: each may do its work, and nothing that another pair of eyes is for."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from outreach.workplace.roles import ROLES, make_roles

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    said = StringIO()
    call_command("outreach_roles", stdout=said)
    return said.getvalue().splitlines()


def held(role: str) -> set[str]:
    group = Group.objects.get(name=role)
    return set(group.permissions.values_list("codename", flat=True))


def one_of(role: str, client: Client) -> User:
    user = User.objects.create(username=role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def test_one_command_makes_them_all_and_says_so() -> None:
    said = told()
    assert [line.partition(":")[0] for line in said] == list(ROLES)
    assert all("made, with" in line for line in said)
    for role, permissions in ROLES.items():
        assert held(role) == set(permissions)


def test_once_more_changes_nothing() -> None:
    told()
    assert told() == [f"{role}: as it should be" for role in ROLES]
    assert Group.objects.count() == len(ROLES)


def test_what_is_missing_is_given_and_what_a_host_gave_stays() -> None:
    told()
    agents = Group.objects.get(name="Agent")
    agents.permissions.remove(Permission.objects.get(codename="answer_conversation"))
    agents.permissions.add(Permission.objects.get(codename="delete_topic"))
    agents.permissions.add(Permission.objects.get(codename="view_user"))
    assert "Agent: added answer_conversation; left as you gave it: delete_topic" in told()
    assert {"answer_conversation", "delete_topic", "view_user"} <= held("Agent")


def test_before_the_first_migrate_it_says_what_to_do() -> None:
    Permission.objects.filter(codename="answer_conversation").delete()
    with pytest.raises(CommandError, match=r"Run `migrate` first.*answer_conversation"):
        told()
    assert not Group.objects.exists()


def test_nobody_approves_what_they_write() -> None:
    for role, permissions in ROLES.items():
        assert not {"approve_campaign", "change_campaign"} <= set(permissions), role
        declares = {"accept_interestdeclaration", "change_interestdeclaration"}
        assert not declares <= set(permissions), role


def test_nobody_may_change_or_delete_what_is_on_record() -> None:
    on_record = ("consentrecord", "delivery", "historyentry", "message", "recipient", "run")
    for role, permissions in ROLES.items():
        for table in on_record:
            assert not {f"change_{table}", f"delete_{table}"} & set(permissions), role


@pytest.mark.parametrize(
    ("role", "opens", "is_closed"),
    [
        ("Author", ["today", "campaign", "contactgroup", "recipient", "run"], ["sender_add"]),
        ("Approver", ["today", "campaign", "approvalrequest", "run"], ["campaign_add"]),
        ("Agent", ["today", "conversation", "recipient", "suppression"], ["contactgroup_add"]),
        ("Privacy officer", ["today", "recipient", "suppression"], ["campaign_add"]),
        (
            "Administrator",
            ["today", "topic_add", "sender_add", "businesscalendar_add", "inboundmail"],
            ["campaign_add"],
        ),
    ],
)
def test_a_role_opens_its_pages(
    role: str, opens: list[str], is_closed: list[str], client: Client
) -> None:
    make_roles()
    one_of(role, client)
    for page in [*opens, *is_closed]:
        name = page if page.endswith("_add") else f"{page}_changelist"
        status = client.get(reverse(f"admin:outreach_{name}")).status_code
        assert status == (403 if page in is_closed else 200), page
