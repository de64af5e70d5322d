from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.eligibility.decide import may_contact
from outreach.eligibility.panels import refusals_of
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.rule import as_json
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import Source, Suppression
from outreach.preferences.pause import pause
from outreach.preferences.suppress import suppress
from outreach.recipients.long_lists import BoundedPaginator
from outreach.recipients.models import Channel, ContactLink, Recipient, RecipientAddress
from outreach.recipients.sync import sweep
from project.crm.models import Contact
from tests.builders import (
    address_of,
    make_address,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)
from tests.recipients.staff_pages import browser, html_of, links_in, queries, read, superuser

pytestmark = pytest.mark.django_db

LIST = "outreach_recipient_changelist"
PAGE = "outreach_recipient_change"
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def anna() -> Client:
    return superuser()


def by_rule(name: str, country: str) -> ContactGroup:
    condition = {"fact": "person.country", "is": "equals", "value": country}
    return ContactGroup.objects.create(
        name=name,
        kind=ContactGroup.Kind.RULE,
        rule=as_json("all", [condition]),
    )


def sent_to(recipient: Recipient, state: str = "delivered", **fields: Any) -> Delivery:
    """A message of a run of its own, as if it had been sent."""
    now = timezone.now()
    run = Run.objects.create(
        campaign=make_campaign(**fields),
        state=Run.State.DONE,
        channel=Channel.EMAIL,
        frozen_at=now,
        started_at=now,
    )
    is_out = state == Delivery.State.EXCLUDED
    address = address_of(recipient)
    return Delivery.objects.create(
        run=run,
        recipient=recipient,
        address=address,
        channel=Channel.EMAIL,
        state=state,
        reason="no_consent" if is_out else "",
        recipient_slot=None if is_out else recipient.pk,
        address_slot=None if is_out else address.pk,
    )


def test_the_list_says_who_they_are_in_words(anna: Client) -> None:
    make_recipient("maria@example.com", "Maria Rossi", company="Bar Sport", language="it")
    make_recipient(None, "", country="", language="")
    page = read(anna, LIST)
    assert "Maria Rossi Bar Sport maria@example.com Italy Italian customer" in page
    assert "(no name)" in page


@pytest.mark.parametrize("words", ["Rossi", "Bar Sport", "maria@example.com", "mar rossi"])
def test_people_are_found_by_name_company_and_address(anna: Client, words: str) -> None:
    maria = make_recipient("maria@example.com", "Maria Rossi", company="Bar Sport")
    RecipientAddress.objects.create(
        recipient=maria, address=make_address("maria@example.org"), channel="email", position=1
    )
    make_recipient("piero@example.net", "Piero Verdi")
    page = read(anna, LIST, q=words)
    assert page.count("Maria Rossi") == 1
    assert "Piero Verdi" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"language": "it"}, "Maria"),
        ({"country": "GE"}, "Nino"),
        ({"country": "-"}, "Ivan"),
        ({"stage__exact": "lapsed"}, "Nino"),
        ({"wants": "tastings"}, "Maria"),
    ],
)
def test_the_list_is_narrowed_by_what_is_known(
    anna: Client, query: dict[str, str], found: str
) -> None:
    maria = make_recipient(name="Maria", language="it")
    make_recipient(name="Nino", language="ka", country="GE", stage="lapsed")
    make_recipient(name="Ivan", language="ru", country="")
    subscribe(maria, make_topic(slug="tastings"))
    page = html_of(anna, LIST, **query)
    assert [name for name in ("Maria", "Nino", "Ivan") if f">{name}</a>" in page] == [found]


def test_the_list_counts_no_further_than_it_must(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedPaginator, "MOST", 2)
    for name in ("Maria", "Piero"):
        make_recipient(name=name)
    assert "2 people" in read(anna, LIST)
    make_recipient(name="Ivan")
    assert "More than 2 people; search or filter to find the others." in read(anna, LIST)


def test_nobody_is_added_changed_or_deleted(anna: Client) -> None:
    maria = make_recipient(name="Maria")
    chosen = {"action": "delete_selected", "_selected_action": [maria.pk], "post": "yes"}
    anna.post(reverse(f"admin:{LIST}"), chosen)
    for page, args in (("add", []), ("change", [maria.pk]), ("delete", [maria.pk])):
        url = reverse(f"admin:outreach_recipient_{page}", args=args)
        assert anna.post(url, {"name": "Somebody else", "post": "yes"}).status_code == 403
    assert list(Recipient.objects.values_list("name", flat=True)) == ["Maria"]
    assert "delete_selected" not in html_of(anna, LIST)


@pytest.mark.parametrize("permissions", [(), ("view_topic",), ("add_consentrecord",)])
def test_people_are_seen_with_permission_only(permissions: tuple[str, ...]) -> None:
    client, maria = browser(*permissions), make_recipient()
    for url in (reverse(f"admin:{LIST}"), reverse(f"admin:{PAGE}", args=[maria.pk])):
        assert client.get(url).status_code == 403


def test_d1_the_page_shows_the_whole_relationship(anna: Client) -> None:
    maria, topic = make_recipient("maria@example.com"), make_topic("Tastings")
    grant(
        maria,
        [topic],
        channel="email",
        source=Source.PHONE,
        by=CUSTOMER,
        wording="Yes, invite me",
        note="on Tuesday",
    )
    withdraw(maria, [make_topic("Offers")], channel="sms", source=Source.STAFF, by=CUSTOMER)
    pause(maria, until=timezone.now() + timedelta(days=3), source=Source.STAFF, by=CUSTOMER)
    suppress(reason="manual", by=SYSTEM, recipient=maria, note="rude to us")
    suppress(reason="hard_bounce", by=SYSTEM, address=address_of(maria))
    by_hand = make_group(maria, name="Friends of the cellar")
    Membership.objects.filter(group=by_hand).update(reason="met at the fair")
    by_rule("Italy", "IT")
    by_rule("Spain", "ES")
    sent_to(maria, name="Asti in May")
    sent_to(maria, "excluded", name="Alba in June")
    page = read(anna, PAGE, maria.pk)
    for words in (
        "e-mail maria@example.com yes",
        "Tastings e-mail asked for it",
        "on the phone on Tuesday Yes, invite me",
        "Offers SMS no longer wants it",
        "entered by staff",
        "rude to us Lift this stop",
        "the address does not exist",
        "under way",
        "Friends of the cellar picked by hand",
        "met at the fair",
        "Italy found by a rule Why?",
        "delivered",
        "left out has not asked to hear about this",
        "the customer wish to hear about Tastings",
        "the customer break until",
    ):
        assert words in page
    assert "Spain" not in page


def test_what_a_hostile_name_holds_is_only_shown(anna: Client) -> None:
    maria = make_recipient(name=HOSTILE, company=HOSTILE)
    topic = make_topic(HOSTILE)
    grant(
        maria, [topic], channel="email", source="form", by=CUSTOMER, wording=HOSTILE, note=HOSTILE
    )
    suppress(reason="manual", by=SYSTEM, recipient=maria, note=HOSTILE)
    make_group(maria, name=HOSTILE)
    delivery = sent_to(maria, name=HOSTILE)
    suppression = Suppression.objects.get()
    for page, *args in (
        (LIST,),
        (PAGE, maria.pk),
        ("outreach_recipient_told", maria.pk),
        ("outreach_recipient_stop", maria.pk),
        ("outreach_suppression_changelist",),
        ("outreach_suppression_change", suppression.pk),
        ("outreach_suppression_lift", suppression.pk),
        ("outreach_topic_changelist",),
        ("outreach_delivery_changelist",),
        ("outreach_delivery_change", delivery.pk),
        ("outreach_run_changelist",),
        ("outreach_run_change", delivery.run_id),
    ):
        html = html_of(anna, str(page), *args)
        assert HOSTILE not in html
        assert "&lt;script&gt;" in html


def test_the_page_leads_to_the_contact_in_the_crm() -> None:
    contact = Contact.objects.create(first_name="Maria", email="maria@example.com")
    sweep()
    maria, in_crm = Recipient.objects.get(), reverse("admin:crm_contact_change", args=[contact.pk])
    assert in_crm in links_in(html_of(superuser(), PAGE, maria.pk))
    without = html_of(browser("view_recipient"), PAGE, maria.pk)
    assert in_crm not in links_in(without)
    assert "Contact" in without


def test_a_contact_that_is_gone_is_named_and_not_linked(anna: Client) -> None:
    contact = Contact.objects.create(first_name="Maria", email="maria@example.com")
    sweep()
    maria, key = Recipient.objects.get(), contact.pk
    ContactLink.objects.update(gone_at=timezone.now(), is_opted_out=True)
    page = read(anna, PAGE, maria.pk)
    assert "Contact no longer there" in page
    assert "not to be contacted" in page
    in_crm = reverse("admin:crm_contact_change", args=[key])
    assert in_crm not in links_in(html_of(anna, PAGE, maria.pk))


def test_a_model_that_the_host_took_away_does_not_break_the_page(anna: Client) -> None:
    maria = make_recipient()
    ContactLink.objects.create(
        recipient=maria, source="old", model_label="old.Lead", contact_key="1", digest="-"
    )
    assert "A part of the CRM that is no longer there" in read(anna, PAGE, maria.pk)


def test_who_shares_the_address_is_named(anna: Client) -> None:
    maria = make_recipient("casa@example.com", "Maria")
    for name in ("Piero", "Luca", "Anna", "Ivan", "Nino"):
        make_recipient("casa@example.com", name)
    assert "casa@example.com yes Piero, Luca, Anna and 2 others" in read(anna, PAGE, maria.pk)


def test_a_refusal_at_the_address_by_somebody_else_is_shown(anna: Client) -> None:
    maria, piero = make_recipient("casa@example.com"), make_recipient("casa@example.com")
    withdraw(
        piero,
        [make_topic("Tastings")],
        channel="email",
        source=Source.ONE_CLICK,
        by=CUSTOMER,
        address=address_of(piero),
    )
    assert "Tastings e-mail refused at casa@example.com" in read(anna, PAGE, maria.pk)


def test_parts_of_the_page_ask_for_their_own_permission() -> None:
    maria, topic = make_recipient(), make_topic("Tastings")
    subscribe(maria, topic)
    make_group(maria, name="Friends of the cellar")
    sent_to(maria, name="Asti in May")
    page = read(browser("view_recipient"), PAGE, maria.pk)
    for title in ("What they chose", "Stops in force", "Breaks", "Groups they are in", "Messages"):
        assert title not in page
    assert "Record what they told us" not in page
    assert "May we write to them?" in page
    some = ("view_recipient", "view_delivery", "view_contactgroup", "view_suppression")
    page = read(browser(*some), PAGE, maria.pk)
    for title in ("Stops in force", "Groups they are in", "Messages"):
        assert title in page
    assert "Stop all messages" not in page


def test_may_we_says_what_the_rules_say() -> None:
    maria = make_recipient()
    wanted, dropped, unknown = make_topic("A"), make_topic("B"), make_topic("C")
    routine = make_topic("D", purpose="routine")
    subscribe(maria, wanted)
    withdraw(maria, [dropped], channel="email", source=Source.STAFF, by=CUSTOMER)
    pause(maria, until=timezone.now() + timedelta(days=3), source=Source.STAFF, by=CUSTOMER)
    topics = [wanted, dropped, unknown, routine]
    assert refusals_of(maria, topics, Channel.EMAIL) == [
        (topic, may_contact(maria, topic, Channel.EMAIL).refused_by) for topic in topics
    ]


def test_may_we_names_every_reason_and_the_mend(anna: Client) -> None:
    maria = make_recipient(None)
    make_topic("Tastings")
    page = read(anna, PAGE, maria.pk)
    assert (
        "Tastings no: this person has no address that we can write to and has not asked to hear "
        "about this Add or correct the address in the CRM."
    ) in page


def test_an_erased_person_offers_nothing_to_do(anna: Client) -> None:
    maria = make_recipient(None, "", erased_at=timezone.now())
    page = read(anna, PAGE, maria.pk)
    assert "Erased:" in page
    assert "Record what they told us" not in page
    assert "Stop all messages" not in page


@pytest.mark.parametrize("key", ["9" * 30, "0", "not-a-key"])
def test_a_person_who_is_not_there_is_said_plainly(anna: Client, key: str) -> None:
    assert "Perhaps it was deleted?" in read(anna, PAGE, key)


def test_the_list_takes_as_many_queries_for_many_as_for_few(anna: Client) -> None:
    def add(count: int) -> None:
        for _number in range(count):
            subscribe(make_recipient(), make_topic())

    add(3)
    few = queries(anna, LIST)
    add(27)
    assert queries(anna, LIST) == few


def test_the_page_takes_as_many_queries_for_much_as_for_little(anna: Client) -> None:
    maria, topic = make_recipient(), make_topic()

    def add(count: int) -> None:
        for number in range(count):
            subscribe(maria, make_topic())
            make_group(maria)
            sent_to(maria, topic=topic)
            by_rule(f"Rule {count}.{number}", "IT")
            suppress(reason="manual", by=SYSTEM, recipient=maria, channel=f"x{count}{number}"[:8])
            pause(maria, until=timezone.now() + timedelta(days=1), source="staff", by=CUSTOMER)
            make_recipient(address_of(maria).value)

    add(3)
    few = queries(anna, PAGE, maria.pk)
    add(15)
    assert queries(anna, PAGE, maria.pk) == few
    assert few < 26
