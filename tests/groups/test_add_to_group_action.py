from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from outreach.groups.actions import add_to_group, offer_on_lists_of_contacts
from outreach.groups.members import members_of
from outreach.groups.models import Membership
from outreach.recipients.models import Recipient
from project.crm.models import Contact
from tests.builders import make_group, make_recipient, make_user
from tests.groups.pages import login, text_of
from tests.groups.people import in_italy, make_person, make_rule_group
from tests.groups.people_urls import PeopleAdmin, site

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.groups.people_urls")]

LIST = "/admin/outreach/recipient/"
MAY = ("outreach.view_recipient", "outreach.change_contactgroup")


def _posted(*people: Recipient, **fields: Any) -> dict[str, Any]:
    return {"action": "add_to_group", "_selected_action": [row.pk for row in people], **fields}


def test_a1_people_ticked_in_their_list_are_added_to_a_group() -> None:
    maria, ivan, group = make_recipient(), make_recipient(), make_group(name="Press")
    client = login(*MAY)

    asked = client.post(LIST, _posted(maria))
    assert "1 person is ticked." in text_of(asked)
    assert f'name="_selected_action" value="{maria.pk}"' in asked.content.decode()
    assert not Membership.objects.exists()

    done = client.post(LIST, _posted(maria, group=group.pk, reason="met in Alba"), follow=True)
    assert "1 person is now in “Press”." in text_of(done)
    assert list(members_of(group)) == [maria]
    assert ivan not in members_of(group)


def test_everybody_that_a_search_finds_is_added_over_all_pages() -> None:
    found = [make_recipient(name=f"Maria {number}") for number in range(5)]
    make_recipient(name="Ivan")
    client, group = login(*MAY), make_group()
    everybody = {"select_across": "1", "group": group.pk, "reason": "met in Alba"}

    client.post(f"{LIST}?q=maria", _posted(found[0], **everybody))

    assert set(members_of(group)) == set(found)


@pytest.mark.parametrize("reason", ["", " "])
def test_without_a_reason_it_asks_again(reason: str) -> None:
    group = make_group()

    asked = login(*MAY).post(LIST, _posted(make_recipient(), group=group.pk, reason=reason))

    assert "This field is required." in text_of(asked)
    assert not Membership.objects.exists()


def test_a_group_by_rule_is_not_offered() -> None:
    group = make_rule_group(in_italy(), name="By rule")

    asked = login(*MAY).post(LIST, _posted(make_recipient(), group=group.pk, reason="x"))

    assert "Select a valid choice" in text_of(asked)
    assert "By rule" not in asked.content.decode()


def test_who_may_not_change_groups_is_neither_offered_it_nor_let_through() -> None:
    maria, group = make_recipient(), make_group()
    client = login("outreach.view_recipient")

    assert "add_to_group" not in client.get(LIST).content.decode()
    client.post(LIST, _posted(maria, group=group.pk, reason="x"))
    assert not Membership.objects.exists()

    request = RequestFactory().post("/")
    request.user = make_user("anna")
    with pytest.raises(PermissionDenied):
        add_to_group(PeopleAdmin(Recipient, site), request, Recipient.objects.all())


CONTACTS = "/admin/crm/contact/"


@pytest.mark.urls("project.urls")
def test_a1_contacts_ticked_in_the_list_of_the_crm_are_added_to_a_group() -> None:
    maria, ivan = make_person("Maria"), make_person("Ivan")
    [stranger] = Contact.objects.bulk_create([Contact(first_name="Nobody yet")])
    group, client = make_group(name="Press"), login(*MAY, "crm.view_contact", "crm.change_contact")
    keys = [maria.links.get().contact_key, str(stranger.pk)]
    ticked = {"action": "add_contacts_to_group", "_selected_action": keys}

    asked = client.post(CONTACTS, ticked)
    assert "1 person is ticked." in text_of(asked)
    assert "1 contact is not known to outreach yet" in text_of(asked)
    client.post(CONTACTS, {**ticked, "group": group.pk, "reason": "met in Alba"})

    membership = Membership.objects.get()
    assert (membership.recipient, membership.reason) == (maria, "met in Alba")
    assert membership.source == "the CRM's list of contacts"
    assert ivan not in members_of(group)


@pytest.mark.urls("project.urls")
def test_the_list_of_the_crm_offers_it_to_who_may_change_groups() -> None:
    make_person("Maria")
    sees = login("crm.view_contact", "crm.change_contact")
    may = login("crm.view_contact", "crm.change_contact", "outreach.change_contactgroup")

    assert "add_contacts_to_group" not in sees.get(CONTACTS).content.decode()
    assert may.get(CONTACTS).content.decode().count('value="add_contacts_to_group"') == 1


def test_a_list_without_actions_gets_none() -> None:
    class NoActions(admin.ModelAdmin):  # type: ignore[type-arg]
        actions = None

    own = admin.AdminSite()
    own.register(Contact, NoActions)

    offer_on_lists_of_contacts(own)

    assert own.get_model_admin(Contact).actions is None
