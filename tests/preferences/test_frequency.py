"""B11: how often, topic by topic."""

import pytest

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.preferences.carry_over import carry_over
from outreach.preferences.frequency import frequency_of, set_frequency, stricter
from outreach.preferences.wish_models import AtMost, TopicFrequency
from outreach.recipients.models import ContactLink, Recipient
from tests.builders import make_recipient, make_topic

pytestmark = pytest.mark.django_db


def test_b11_a_frequency_is_kept_with_its_history() -> None:
    maria, topic = make_recipient(), make_topic("Tastings")
    assert set_frequency(maria, {topic: "monthly"}, by=CUSTOMER)
    assert frequency_of(maria) == {topic.pk: AtMost.MONTHLY}
    (entry,) = history_of(maria).filter(verb="frequency.chosen")
    assert (entry.actor_name, entry.note) == ("the customer", "Tastings: monthly")


def test_the_same_again_writes_nothing() -> None:
    maria, topic = make_recipient(), make_topic()
    set_frequency(maria, {topic: "weekly"}, by=CUSTOMER)
    assert not set_frequency(maria, {topic: "weekly"}, by=CUSTOMER)
    assert history_of(maria).filter(verb="frequency.chosen").count() == 1


def test_as_it_comes_leaves_no_row() -> None:
    maria, topic = make_recipient(), make_topic()
    set_frequency(maria, {topic: "weekly"}, by=CUSTOMER)
    assert set_frequency(maria, {topic: ""}, by=CUSTOMER)
    assert not TopicFrequency.objects.exists()
    assert not set_frequency(maria, {topic: ""}, by=CUSTOMER)


def test_a_frequency_we_do_not_know_is_refused() -> None:
    maria, topic = make_recipient(), make_topic()
    with pytest.raises(ValueError, match="hourly"):
        set_frequency(maria, {topic: "hourly"}, by=CUSTOMER)
    assert not TopicFrequency.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("", "", ""),
        ("weekly", "", "weekly"),
        ("", "monthly", "monthly"),
        ("monthly", "weekly", "monthly"),
    ],
)
def test_the_stricter_of_two_means_fewer_messages(one: str, other: str, both: str) -> None:
    assert stricter(one, other) == both


def merged(gone: Recipient, into: Recipient) -> None:
    link = ContactLink.objects.create(
        source="crm.contact", model_label="crm.contact", contact_key=str(gone.pk), recipient=gone
    )
    carry_over(link, into, by=SYSTEM)


def test_after_a_merge_the_stricter_of_two_wins() -> None:
    gone, into = make_recipient(), make_recipient()
    loose, strict = make_topic("Loose"), make_topic("Strict")
    set_frequency(gone, {loose: "monthly", strict: "weekly"}, by=CUSTOMER)
    set_frequency(into, {loose: "weekly", strict: "monthly"}, by=CUSTOMER)
    merged(gone, into)
    assert frequency_of(into) == {loose.pk: AtMost.MONTHLY, strict.pk: AtMost.MONTHLY}
