"""D2: staff write down what people say, and say what it is about."""

import pytest
from django.test import Client
from django.urls import reverse

from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Source
from outreach.preferences.statements import say, statements_of, take_back, tie
from outreach.preferences.wish_models import Statement, StatementTopic
from outreach.recipients.models import Recipient
from tests.builders import make_actor, make_recipient, make_topic, subscribe
from tests.recipients.staff_pages import browser, html_of, links_in, queries, read, superuser

pytestmark = pytest.mark.django_db

WORDS = "Not interested in minutes, only in internet."
LIST, ONE = "outreach_statement_changelist", "outreach_statement_change"


def says(recipient: Recipient, text: str = WORDS) -> Statement:
    return say(recipient, text, source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def post(client: Client, page: str, key: int, **fields: object) -> str:
    response = client.post(reverse(f"admin:{page}", args=[key]), fields, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_d2_words_said_on_the_telephone_are_written_down() -> None:
    maria, anna = make_recipient(), superuser()
    link = reverse("admin:outreach_recipient_say", args=[maria.pk])
    assert link in links_in(html_of(anna, "outreach_recipient_change", maria.pk))
    page = post(anna, "outreach_recipient_say", maria.pk, text=WORDS, source="phone")
    statement = Statement.objects.get()
    assert (statement.text, statement.source, statement.said_by) == (WORDS, "phone", "staff")
    assert statement.actor_name == "Anna"
    assert WORDS in page
    assert "not read yet" in page


@pytest.mark.parametrize(
    "fields", [{"text": "", "source": "phone"}, {"text": "x", "source": "import"}]
)
def test_what_is_missing_is_asked_for_and_nothing_is_kept(fields: dict[str, str]) -> None:
    page = post(superuser(), "outreach_recipient_say", make_recipient().pk, **fields)
    assert "errorlist" in page
    assert not Statement.objects.exists()


def test_d2_a_statement_is_tied_for_and_against() -> None:
    maria, minutes, internet = make_recipient(), make_topic("Minutes"), make_topic("Internet")
    subscribe(maria, minutes)
    statement, anna = says(maria), superuser()
    form = html_of(anna, "outreach_statement_tie", statement.pk)
    assert WORDS in form
    page = post(
        anna,
        "outreach_statement_tie",
        statement.pk,
        wanted=[internet.pk],
        unwanted=[minutes.pk],
        channels=["email"],
    )
    assert "for Internet; against Minutes" in page
    assert may_contact(maria, internet, "email").is_allowed
    assert not may_contact(maria, minutes, "email").is_allowed
    assert set(StatementTopic.objects.values_list("tied_by", flat=True)) == {"Anna"}


def test_read_again_the_form_shows_what_was_said_before() -> None:
    minutes = make_topic("Minutes")
    statement, anna = says(make_recipient()), superuser()
    tie(statement, unwanted=[minutes], by=make_actor())
    form = html_of(anna, "outreach_statement_tie", statement.pk)
    assert f'name="unwanted" value="{minutes.pk}"' in form
    assert form.count("checked") == 2  # and by e-mail


def test_about_nothing_it_is_read_all_the_same() -> None:
    statement, anna = says(make_recipient()), superuser()
    page = post(anna, "outreach_statement_tie", statement.pk)
    statement.refresh_from_db()
    assert statement.state == "read"
    assert "no topic" in page


def test_a_topic_on_both_sides_or_a_wish_by_no_way_is_refused() -> None:
    topic = make_topic("Minutes")
    statement, anna = says(make_recipient()), superuser()
    both = post(
        anna, "outreach_statement_tie", statement.pk, wanted=[topic.pk], unwanted=[topic.pk]
    )
    assert "Either for or against: Minutes." in both
    assert "Say by which way they would like to hear it." in both
    assert not StatementTopic.objects.exists()


def test_staff_are_told_where_a_later_refusal_stays() -> None:
    maria, topic = make_recipient(), make_topic("Internet")
    statement = says(maria)
    withdraw(maria, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    page = post(
        superuser(),
        "outreach_statement_tie",
        statement.pk,
        wanted=[topic.pk],
        channels=["email"],
    )
    assert "They have refused Internet since they said it, so that stays." in page
    assert ConsentRecord.objects.count() == 1


def test_staff_take_it_back_for_somebody_who_asks() -> None:
    maria, anna = make_recipient(), superuser()
    statement = says(maria)
    assert "Do it if they asked you." in read(anna, "outreach_statement_take_back", statement.pk)
    post(anna, "outreach_statement_take_back", statement.pk)
    assert not statements_of(maria).exists()
    for page in ("outreach_statement_tie", "outreach_statement_take_back"):
        assert anna.get(reverse(f"admin:{page}", args=[statement.pk])).status_code == 404


def test_what_is_new_is_on_the_list_and_on_the_front_page() -> None:
    maria, anna = make_recipient(), superuser()
    new, done = says(maria), says(maria, "Something else")
    take_back(done, by=CUSTOMER)
    text = read(anna, LIST, state="new", taken_back_at__isempty=1)
    assert WORDS in text
    assert "Something else" not in text
    assert WORDS in read(anna, "outreach_today_changelist")
    tie(new, by=make_actor())
    assert "All that people told us has been read." in read(anna, "outreach_today_changelist")


def test_a_statement_is_read_and_never_rewritten() -> None:
    statement, anna = says(make_recipient()), superuser()
    page = html_of(anna, ONE, statement.pk)
    assert WORDS in page
    assert 'name="text"' not in page
    assert reverse("admin:outreach_statement_tie", args=[statement.pk]) in links_in(page)


@pytest.mark.parametrize("permission", ["view_statement", "add_statement", "view_recipient"])
def test_only_who_may_says_what_it_is_about(permission: str) -> None:
    statement = says(make_recipient())
    client = browser(permission)
    for page in ("outreach_statement_tie", "outreach_statement_take_back"):
        assert client.post(reverse(f"admin:{page}", args=[statement.pk])).status_code == 403
    statement.refresh_from_db()
    assert (statement.state, statement.taken_back_at) == ("new", None)


def test_the_list_asks_as_much_for_many_as_for_few() -> None:
    anna, topic = superuser(), make_topic()

    def more(count: int) -> int:
        for _number in range(count):
            tie(says(make_recipient()), unwanted=[topic], by=make_actor())
        return queries(anna, LIST)

    assert more(1) == more(9)


def test_b11_the_pace_of_a_topic_is_entered_for_customers() -> None:
    topic, anna = make_topic(pace="twice a year"), superuser()
    assert 'name="pace" value="twice a year"' in html_of(anna, "outreach_topic_change", topic.pk)
