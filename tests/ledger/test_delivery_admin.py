import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.dispatch.claim import claim
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.ledger.settle import note
from outreach.recipients.long_lists import BoundedPaginator
from tests.builders import (
    make_recipient,
    make_topic,
    start_campaign,
)
from tests.recipients.staff_pages import browser, html_of, links_in, queries, read, superuser

pytestmark = pytest.mark.django_db

LIST = "outreach_delivery_changelist"
PAGE = "outreach_delivery_change"


@pytest.fixture
def anna() -> Client:
    return superuser()


def one_run() -> Run:
    """Maria gets it, Piero's came back, Ivan never asked for it."""
    topic = make_topic("Tastings", slug="tastings")
    maria = make_recipient("maria@example.com", "Maria Rossi")
    piero = make_recipient("piero@example.com", "Piero Verdi")
    ivan = make_recipient("ivan@example.com", "Ivan Ivanov")
    run = start_campaign(maria, piero, topic=topic, name="Asti in May")
    Delivery.objects.create(
        run=run, recipient=ivan, channel="email", state="excluded", reason="no_consent"
    )
    first, second = claim(run).attempts
    note(first, "delivered", at=timezone.now())
    note(first, "complained", at=timezone.now())
    note(second, "hard_bounced", at=timezone.now(), detail="HardBounce 5.1.1")
    return run


def of(name: str) -> Delivery:
    return Delivery.objects.get(recipient__name=name)


def test_the_list_says_what_became_of_each_and_why(anna: Client) -> None:
    one_run()
    page = read(anna, LIST)
    assert "Maria Rossi maria@example.com Asti in May delivered, marked as spam" in page
    assert "Piero Verdi piero@example.com Asti in May came back" in page
    assert "left out has not asked to hear about this" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"became": "delivered"}, ["Maria"]),
        ({"became": "written-to"}, ["Maria", "Piero"]),
        ({"became": "went-out"}, ["Maria", "Piero"]),
        ({"became": "came-back"}, ["Piero"]),
        ({"became": "spam"}, ["Maria"]),
        ({"became": "excluded"}, ["Ivan"]),
        ({"became": "nonsense"}, []),
        ({"reason": "no_consent"}, ["Ivan"]),
        ({"reason": "capped"}, []),
        ({"q": "piero@"}, ["Piero"]),
    ],
)
def test_the_list_is_narrowed(anna: Client, query: dict[str, str], found: list[str]) -> None:
    one_run()
    page = read(anna, LIST, **query)
    names = {"Maria": "Maria Rossi", "Piero": "Piero Verdi", "Ivan": "Ivan Ivanov"}
    assert [short for short, name in names.items() if name in page] == found


def test_the_list_of_one_run_or_one_person_says_so(anna: Client) -> None:
    run = one_run()
    assert "Deliveries of “Asti in May”" in read(anna, LIST, run=run.pk)
    maria = of("Maria Rossi").recipient
    page = read(anna, LIST, recipient=maria.pk)
    assert "Deliveries to Maria Rossi" in page
    assert "Piero Verdi" not in page
    assert "0 deliveries" in read(anna, LIST, run=run.pk + 1)


def test_the_page_tells_in_order_what_happened(anna: Client) -> None:
    one_run()
    text = read(anna, PAGE, of("Piero Verdi").pk)
    assert text.index("taken up") < text.index("came back: no such address")
    assert "HardBounce 5.1.1" in text
    assert "accepted by the provider" in text


def test_an_event_speaks_of_topics_and_reasons_in_words(anna: Client) -> None:
    one_run()
    delivery = of("Maria Rossi")
    attempt = Attempt.objects.get(delivery=delivery)
    for detail in ("tastings", "everything", "no-longer-there"):
        note(attempt, "unsubscribed", at=timezone.now(), detail=detail, dedupe_key=detail)
    DeliveryEvent.objects.create(delivery=delivery, kind="excluded", detail="capped")
    DeliveryEvent.objects.create(delivery=delivery, kind="excluded", detail="of_old")
    text = read(anna, PAGE, delivery.pk)
    assert "asked to stop Tastings" in text
    assert "asked to stop all messages" in text
    assert "asked to stop no-longer-there" in text
    assert "This person has or had another message this week." in text
    assert "This person was left out for a reason that is no longer known." in text


def test_the_page_of_somebody_left_out_says_why(anna: Client) -> None:
    one_run()
    text = read(anna, PAGE, of("Ivan Ivanov").pk)
    assert "Why: has not asked to hear about this" in text
    assert "Nothing has been handed over to the provider." in text


def test_the_page_leads_to_the_person_and_the_run(anna: Client) -> None:
    run, maria = one_run(), of("Maria Rossi")
    person = reverse("admin:outreach_recipient_change", args=[maria.recipient_id])
    log = reverse("admin:outreach_run_change", args=[run.pk])
    assert {person, log} <= set(links_in(html_of(anna, PAGE, maria.pk)))
    links = set(links_in(html_of(browser("view_delivery"), PAGE, maria.pk)))
    assert not {person, log} & links


def test_no_key_of_ours_or_the_provider_is_shown(anna: Client) -> None:
    one_run()
    delivery = of("Maria Rossi")
    attempt = Attempt.objects.get(delivery=delivery)
    Attempt.objects.update(provider_message_id="pm-4711")
    html = html_of(anna, PAGE, delivery.pk)
    assert str(attempt.key) not in html
    assert attempt.key.hex not in html
    assert "pm-4711" not in html


def test_deliveries_are_only_read(anna: Client) -> None:
    one_run()
    delivery = of("Maria Rossi")
    chosen = {"action": "delete_selected", "_selected_action": [delivery.pk], "post": "yes"}
    anna.post(reverse(f"admin:{LIST}"), chosen)
    for page, args in (("add", []), ("change", [delivery.pk]), ("delete", [delivery.pk])):
        url = reverse(f"admin:outreach_delivery_{page}", args=args)
        assert anna.post(url, {"post": "yes", "state": "planned"}).status_code == 403
    assert of("Maria Rossi").state == "delivered"


def test_deliveries_are_seen_with_permission_only() -> None:
    one_run()
    client = browser("view_recipient", "view_run")
    for url in (
        reverse(f"admin:{LIST}"),
        reverse(f"admin:{PAGE}", args=[of("Maria Rossi").pk]),
    ):
        assert client.get(url).status_code == 403


def test_the_list_counts_no_further_than_it_must(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_run()
    monkeypatch.setattr(BoundedPaginator, "MOST", 2)
    assert "More than 2 deliveries; search or filter" in read(anna, LIST)


def test_pages_take_as_many_queries_for_many_as_for_few(anna: Client) -> None:
    run = one_run()
    maria = of("Maria Rossi")
    attempt = Attempt.objects.get(delivery=maria)

    def add(count: int) -> None:
        for number in range(count):
            Delivery.objects.create(
                run=run,
                recipient=make_recipient(),
                channel="email",
                state="excluded",
                reason="no_consent",
            )
            key = f"{count}-{number}"
            note(attempt, "unsubscribed", at=timezone.now(), detail="tastings", dedupe_key=key)

    add(3)
    few = queries(anna, LIST), queries(anna, PAGE, maria.pk)
    add(27)
    assert (queries(anna, LIST), queries(anna, PAGE, maria.pk)) == few
