"""B2, B12: a list of stops is looked at, brought in, binds by hash, and never lifts anything."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from outreach.eligibility.decide import may_contact
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import CUSTOMER, SYSTEM, Actor
from outreach.history.record import history_of
from outreach.preferences.consent import grant
from outreach.preferences.models import Source, Suppression
from outreach.preferences.suppress import lift, suppress
from outreach.preferences.suppression_file import StopList, bring_in, look_at
from outreach.recipients.find import address_row
from outreach.recipients.models import Address, Channel, ContactLink, Recipient
from outreach.recipients.sync import sweep
from project.crm.models import Contact
from tests.builders import make_actor, make_recipient, make_topic, make_user, subscribe

pytestmark = pytest.mark.django_db
Reason = Suppression.Reason
ANNA = Actor(key="1001", name="Anna")
LIST = "address,why\nMaria@Example.com,unsubscribed before\nnobody@example.com,\nnonsense,\n"


def bring(text: str = LIST, by: Actor = ANNA) -> StopList:
    data = text.encode()
    return bring_in("list.csv", data, by=by, seen=look_at("list.csv", data).digest)


def test_a_list_is_looked_at_and_nothing_happens() -> None:
    make_recipient("maria@example.com")
    found = look_at("list.csv", LIST.encode())
    assert (found.new, found.already, len(found.refusals)) == (2, 0, 1)
    assert found.refusals[0].why == "address is no e-mail address"
    assert found.refusals[0].number == 4
    assert not Suppression.objects.exists()
    assert Address.objects.count() == 1


def test_b12_of_an_address_that_we_do_not_know_the_hash_alone_is_kept() -> None:
    people = Recipient.objects.count()
    assert bring().new == 2
    address = address_row(Channel.EMAIL, "nobody@example.com")
    assert address is not None
    assert address.value == ""
    assert Recipient.objects.count() == people
    stop = Suppression.objects.get(address=address)
    assert (stop.reason, stop.actor_name, stop.recipient) == (Reason.IMPORTED, "Anna", None)
    assert history_of(stop).get().verb == "stop.imported"


def test_b1_a_person_whom_we_know_is_stopped_at_once() -> None:
    maria, topic = make_recipient("maria@example.com"), make_topic()
    subscribe(maria, topic)
    bring()
    assert [rule.code for rule in may_contact(maria, topic, "email").refused_by] == ["suppressed"]
    assert Suppression.objects.get(address__held__recipient=maria).note == "unsubscribed before"


def test_b2_twice_does_no_more_than_once() -> None:
    bring()
    again = bring()
    assert (again.new, again.already) == (0, 2)
    assert Suppression.objects.count() == 2


def test_the_same_address_twice_in_a_list_is_one_stop() -> None:
    assert bring("email\nmaria@example.com\nMARIA@example.com\n").new == 1


def test_b1_a_list_never_lifts_nor_touches_another_stop() -> None:
    maria = make_recipient("maria@example.com")
    suppress(reason=Reason.COMPLAINT, by=CUSTOMER, recipient=maria)
    before = list(Suppression.objects.values())
    bring()
    assert list(Suppression.objects.filter(reason=Reason.COMPLAINT).values()) == before
    assert not Suppression.objects.filter(lifted_at__isnull=False).exists()
    with pytest.raises(Refused, match="Only a person"):
        lift(Suppression.objects.all()[0], by=SYSTEM, why="the list says so")


def test_b12_an_address_kept_as_a_hash_binds_whom_the_crm_brings_later() -> None:
    bring()
    contact = Contact.objects.create(last_name="Nobody", email="Nobody@example.com")
    sweep()
    person = ContactLink.objects.get(contact_key=str(contact.pk)).recipient
    topic = make_topic()
    subscribe(person, topic)
    assert [rule.code for rule in may_contact(person, topic, "email").refused_by] == ["suppressed"]
    lift(Suppression.objects.get(address__held__recipient=person), by=make_actor(), why="He asked")
    assert may_contact(person, topic, "email").is_allowed
    assert str(person.addresses.get()) == "nobody@example.com"


def test_b12_an_erased_address_is_not_written_out_again_by_the_crm() -> None:
    maria = make_recipient("maria@example.com")
    suppress(reason=Reason.ERASED, by=CUSTOMER, recipient=maria, address=maria.addresses.get())
    Address.objects.update(value="")
    Contact.objects.create(last_name="Maria", email="maria@example.com")
    sweep()
    assert Address.objects.get().value == ""


def test_only_the_list_that_was_looked_at_is_brought_in() -> None:
    seen = look_at("list.csv", LIST.encode()).digest
    with pytest.raises(Conflict, match="not the file"):
        bring_in("list.csv", LIST.encode() + b"more@example.com,\n", by=ANNA, seen=seen)
    assert not Suppression.objects.exists()


def test_a_list_takes_a_bounded_number_of_queries(
    django_assert_max_num_queries: object,
) -> None:
    rows = "".join(f"person{number}@example.com\n" for number in range(450))
    data = f"address\n{rows}".encode()
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        assert bring_in("l.csv", data, by=ANNA, seen=look_at("l.csv", data).digest).new == 450


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (b"", "heading|columns"),
        (b"name\nMaria\n", "address"),
        (b"address,address\na@example.com,b@example.com\n", "address"),
        (b"address\n", "nobody below"),
        (b"\xff\xfe", "UTF-8"),
        (b"a\0b", "UTF-8"),
        (b"PK\x03\x04nonsense", "CSV UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_mend(data: bytes, mend: str) -> None:
    with pytest.raises(Refused, match=mend):
        look_at("list.csv", data)


@pytest.mark.parametrize("cell", ["=1+1", "+x", "@x", "-x", "x" * 251, "a\x07b"])
def test_a_reason_that_is_a_formula_or_no_text_is_refused(cell: str) -> None:
    found = look_at("list.csv", f'address,why\nmaria@example.com,"{cell}"\n'.encode())
    assert (found.new, len(found.refusals)) == (0, 1)


# The pages


@pytest.fixture
def anna(client: Client) -> Client:
    client.force_login(
        make_user(
            "anna", "outreach.view_suppression", "outreach.add_suppression",
            "outreach.import_suppression",
        )
    )  # fmt: skip
    return client


def upload(client: Client, seen: str = "", text: str = LIST) -> str:
    file = SimpleUploadedFile("list.csv", text.encode())
    answer = client.post(reverse("admin:outreach_suppression_list"), {"file": file, "seen": seen})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_is_looked_at_first_and_then_brought_in(anna: Client) -> None:
    listed = anna.get(reverse("admin:outreach_suppression_changelist")).content.decode()
    assert reverse("admin:outreach_suppression_list") in listed
    page = upload(anna)
    assert "2 addresses would be stopped." in page
    assert "is no e-mail address" in page
    assert not Suppression.objects.exists()
    seen = look_at("list.csv", LIST.encode()).digest
    assert seen in page
    assert "2 addresses are stopped now." in upload(anna, seen=seen)
    assert Suppression.objects.count() == 2


def test_another_file_at_the_second_step_changes_nothing(anna: Client) -> None:
    seen = look_at("list.csv", LIST.encode()).digest
    page = upload(anna, seen=seen, text="address\nother@example.com\n")
    assert "not the file that you looked at" in page
    assert seen not in page
    assert not Suppression.objects.exists()


def test_a_file_that_cannot_be_read_is_said_so(anna: Client) -> None:
    assert "has to name the columns" in upload(anna, text="<script>alert(1)</script>\n")


def test_staff_stop_an_address_that_nobody_has(anna: Client) -> None:
    address = reverse("admin:outreach_suppression_add")
    assert anna.get(address).status_code == 200
    form = {"address": " New@Example.com", "reason": "complaint", "note": "Wrote to us"}
    page = anna.post(address, form, follow=True).content.decode()
    assert "Nothing is sent to new@example.com any more." in page
    stop = Suppression.objects.get()
    assert (stop.reason, stop.note, stop.actor_name) == ("complaint", "Wrote to us", "Anna")
    assert stop.address is not None
    assert stop.address.value == ""
    assert "already" in anna.post(address, form, follow=True).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"address": "nonsense", "reason": "manual", "note": "x"},
        {"address": "a@example.com", "reason": "erased", "note": "x"},
        {"address": "a@example.com", "reason": "imported", "note": "x"},
        {"address": "a@example.com", "reason": "manual", "note": " "},
        {},
    ],
)
def test_a_stop_that_is_not_complete_is_not_made(anna: Client, form: dict[str, str]) -> None:
    assert anna.post(reverse("admin:outreach_suppression_add"), form).status_code == 200
    assert not Suppression.objects.exists()


def test_a_stop_is_found_by_the_address_of_which_only_the_hash_is_kept(anna: Client) -> None:
    bring()
    address = reverse("admin:outreach_suppression_changelist")
    for term, count in {"NOBODY@example.com": 1, "else@example.com": 0, "nobody": 0}.items():
        assert anna.get(address, {"q": term}).context["cl"].result_count == count


def test_a_stop_of_a_person_is_found_by_their_address(anna: Client) -> None:
    suppress(reason=Reason.COMPLAINT, by=SYSTEM, recipient=make_recipient("maria@example.com"))
    found = anna.get(reverse("admin:outreach_suppression_changelist"), {"q": "maria@example.com"})
    assert found.context["cl"].result_count == 1


def test_a_page_that_is_not_for_them_is_closed(client: Client) -> None:
    client.force_login(make_user("bruno", "outreach.view_suppression"))
    for name in ("add", "list"):
        address = reverse(f"admin:outreach_suppression_{name}")
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    listed = client.get(reverse("admin:outreach_suppression_changelist")).content.decode()
    assert "Bring in a list" not in listed


def test_what_was_erased_is_not_for_staff_to_lift() -> None:
    maria = make_recipient()
    stop = suppress(reason=Reason.ERASED, by=CUSTOMER, recipient=maria)
    assert stop is not None
    with pytest.raises(Refused, match="come to us again"):
        lift(stop, by=ANNA, why="They called")
    lift(stop, by=CUSTOMER, why="They signed up again")
    stop.refresh_from_db()
    assert (stop.lifted_by, bool(stop.lifted_at)) == ("the customer", True)


def test_b1_no_import_signs_up_whom_a_list_stops() -> None:
    maria, topic = make_recipient("maria@example.com"), make_topic()
    bring()
    assert grant(maria, [topic], channel="email", source=Source.IMPORT, by=ANNA) == []
