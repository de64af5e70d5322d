"""D4: who said that they do not belong in a group, as the staff see it."""

import pytest

from outreach.exceptions import Conflict
from outreach.groups.bounded import Counted
from outreach.groups.count import count_members
from outreach.groups.exclude import exclude, take_back
from outreach.groups.explain import explain
from outreach.groups.members import members_of
from outreach.groups.models import GroupExclusion
from outreach.history.actor import CUSTOMER
from outreach.history.record import history_of
from outreach.recipients.models import Recipient
from tests.builders import make_group, make_recipient
from tests.groups.pages import CHANGE, VIEW, login, page, text_of, url
from tests.groups.people import in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db
MOVED = "I moved to Nice"


def test_d4_it_is_kept_once_with_its_history() -> None:
    maria, group = make_recipient(), make_group()
    assert exclude(group, maria, by=CUSTOMER, said=MOVED)
    assert not exclude(group, maria, by=CUSTOMER, said="again")
    assert GroupExclusion.objects.get().said == MOVED
    take_back(group, maria, by=CUSTOMER)
    with pytest.raises(Conflict):
        take_back(group, maria, by=CUSTOMER)
    verbs = list(history_of(maria).values_list("verb", flat=True))
    assert verbs == ["group.correction_ended", "group.corrected"]


def test_d4_counts_and_explanations_leave_them_out_too() -> None:
    maria, ivan = make_person(country="IT"), make_person(country="IT")
    by_rule, by_hand = make_rule_group(in_italy()), make_group(maria, ivan)
    for group in (by_rule, by_hand):
        exclude(group, maria, by=CUSTOMER, said=MOVED)
        explanation = explain(group, maria)
        assert not explanation.is_member
        assert explanation.exclusion is not None
        assert explain(group, ivan).exclusion is None
    assert count_members([by_rule, by_hand]) == {by_rule.pk: Counted(1), by_hand.pk: Counted(1)}


def test_nobody_who_was_erased_is_put_on_the_list() -> None:
    maria, group = make_recipient(), make_group()
    Recipient.objects.update(erased_at=maria.created_at)
    assert not exclude(group, maria, by=CUSTOMER)
    assert not GroupExclusion.objects.exists()


def test_d4_staff_read_it_where_the_members_are_and_where_they_ask_why() -> None:
    maria, group = make_recipient(name="Maria Rossi"), make_rule_group(in_italy())
    exclude(group, maria, by=CUSTOMER, said=MOVED)
    client = login(*VIEW)
    for shown in (page(group, "members"), url("why", group.pk, maria.pk)):
        text = text_of(client.get(shown))
        assert MOVED in text
        assert "They belong here after all" not in text
    assert "They belong here after all" in text_of(login(*CHANGE).get(page(group, "members")))


def test_staff_who_add_them_again_are_told() -> None:
    maria, group = make_recipient(name="Maria Rossi"), make_group()
    exclude(group, maria, by=CUSTOMER)
    after = login(*CHANGE).post(
        page(group, "add_people") + "?q=maria", {"people": [maria.pk], "reason": "met"}, follow=True
    )
    assert "Not added, since they told us that they do not belong here: Maria Rossi" in text_of(
        after
    )
    assert not members_of(group).exists()


def test_staff_let_them_in_again_only_after_a_question() -> None:
    maria, group = make_person("Maria Rossi", country="IT"), make_rule_group(in_italy())
    exclude(group, maria, by=CUSTOMER, said=MOVED)
    asked, client = url("belongs", group.pk, maria.pk), login(*CHANGE)
    text = text_of(client.get(asked))
    assert MOVED in text
    assert "Let them in again only if they have told you so." in text
    assert not members_of(group).exists()
    assert "may be in" in text_of(client.post(asked, follow=True))
    assert members_of(group).get() == maria
    assert client.get(asked).status_code == 404
    assert client.get(url("belongs", group.pk, 10**30)).status_code == 404
    assert login(*VIEW).get(asked).status_code == 403
