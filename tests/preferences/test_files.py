"""B1, B7, C3: consents come in from files with a proof in each row, and bring nobody back."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from outreach.exceptions import Conflict, Refused
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.consent_file import Brought, bring_consents
from outreach.preferences.declaration import accept, submit, version_of
from outreach.preferences.declaration_file import take_file
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declaration_outcomes import count_outcomes
from outreach.preferences.declare import sweep
from outreach.preferences.declared import Given, Outcome
from outreach.preferences.models import (
    Basis,
    ConsentRecord,
    Source,
    Subscription,
    Suppression,
    Topic,
)
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress
from tests.builders import address_of, make_recipient, make_topic, make_user
from tests.preferences.declaring import ANNA, PIOTR, is_the_fold, make_declaration

pytestmark = pytest.mark.django_db
HEADING = "email,topic,channel,source,date,wording\n"
PROOF = '"wine fair in Alba",2024-05-31,"Yes, invite me"\n'


@pytest.fixture
def tastings() -> Topic:
    return make_topic("Tastings", slug="tastings")


def like(**fields: object) -> InterestDeclaration:
    return InterestDeclaration(
        **{
            "basis": "They ticked the box on the card.",
            "given": Given.EVENT,
            "given_note": "wine fair in Alba",
            "evidence": "Cards in the blue box",
            "counts_as": Basis.CONSENT,
            **fields,
        }
    )


def bring(rows: str, heading: str = HEADING) -> Brought:
    return bring_consents(like(), "consents.csv", (heading + rows).encode(), by=ANNA)


def record_all(brought: Brought) -> None:
    for draft, _taken in brought.drafts:
        submit(draft, by=ANNA)
        accept(draft, by=PIOTR, seen=version_of(draft))
    sweep()


def test_b7_a_consent_comes_in_with_who_what_where_when_and_in_which_words(
    tastings: Topic,
) -> None:
    maria = make_recipient("maria@example.com")
    brought = bring(f"MARIA@example.com,Tastings,email,{PROOF}")
    assert not ConsentRecord.objects.exists(), "a second person has not read it yet"
    record_all(brought)
    act = ConsentRecord.objects.get()
    assert (act.recipient, act.topic, act.channel) == (maria, tastings, "email")
    assert (act.source, act.basis, act.given_on) == ("import", "consent", date(2024, 5, 31))
    assert act.in_which_words == "Yes, invite me"
    assert "wine fair in Alba" in act.evidence.note
    assert "May 31, 2024" in act.evidence.note
    assert act.address == address_of(maria)
    assert is_the_fold()


def test_a_file_makes_a_draft_for_each_topic_and_channel(tastings: Topic) -> None:
    make_topic("New vintages", slug="vintages")
    for name in ("maria", "piero"):
        make_recipient(f"{name}@example.com")
    brought = bring(
        f"maria@example.com,Tastings,email,{PROOF}"
        f"piero@example.com,tastings,E-Mail,{PROOF}"
        f"maria@example.com,VINTAGES,email,{PROOF}"
        f"maria@example.com,vintages,post,{PROOF}"
    )
    found = {(draft.topic.slug, draft.channel): taken.added for draft, taken in brought.drafts}
    assert found == {
        ("tastings", "email"): 2,
        ("vintages", "email"): 1,
        ("vintages", "post"): 1,
    }


def test_c3_a_consent_by_another_channel_counts_there_alone(tastings: Topic) -> None:
    maria = make_recipient("maria@example.com")
    phone = Address.objects.create(channel="sms", value="+39", value_hash="x", normaliser=1)
    RecipientAddress.objects.create(recipient=maria, address=phone, channel="sms")
    record_all(bring(f"maria@example.com,Tastings,sms,{PROOF}"))
    kept = Subscription.objects.get()
    assert (kept.channel, kept.is_granted, kept.record.address) == ("sms", True, phone)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"nonsense,Tastings,email,{PROOF}", "address is no e-mail address"),
        (f",Tastings,email,{PROOF}", "address is empty"),
        (f"maria@example.com,,email,{PROOF}", "topic is empty"),
        (f"maria@example.com,Wine,email,{PROOF}", "topic is no topic that is offered"),
        (f"maria@example.com,Tastings,fax,{PROOF}", "channel is none of email"),
        ("maria@example.com,Tastings,email,,2024-05-31,Yes\n", "source is empty"),
        ("maria@example.com,Tastings,email,fair,,Yes\n", "since is empty"),
        ("maria@example.com,Tastings,email,fair,31/05/2024,Yes\n", "since is no date"),
        ("maria@example.com,Tastings,email,fair,2999-01-01,Yes\n", "since is still to come"),
        ("maria@example.com,Tastings,email,fair,2024-05-31,\n", "wording is empty"),
        ("maria@example.com,Tastings,email,=1+1,2024-05-31,Yes\n", "source begins with"),
    ],
)
def test_b1_a_row_without_proof_is_refused_with_the_reason(
    tastings: Topic, row: str, why: str
) -> None:
    make_recipient("maria@example.com")
    brought = bring(row)
    (refusal,) = brought.refusals
    assert refusal.number == 2
    assert why in refusal.why
    assert brought.drafts == ()
    assert not InterestDeclaration.objects.exists()


def test_b1_the_dry_run_says_who_would_be_what_and_nobody_is_brought_back(
    tastings: Topic,
) -> None:
    people = {
        name: make_recipient(f"{name}@example.com")
        for name in ("new", "refused", "stopped", "complained", "erased", "listed")
    }
    withdraw(people["refused"], [tastings], channel="email", source=Source.PHONE, by=SYSTEM)
    for name, reason in {
        "stopped": "unsubscribed",
        "complained": "complaint",
        "erased": "erased",
        "listed": "imported",
    }.items():
        suppress(reason=reason, by=CUSTOMER, address=address_of(people[name]))
    brought = bring("".join(f"{name}@example.com,Tastings,email,{PROOF}" for name in people))
    ((draft, _taken),) = brought.drafts
    assert count_outcomes(draft) == {
        Outcome.RECORDED: 1,
        Outcome.REFUSED: 4,
        Outcome.ERASED: 1,
    }
    record_all(brought)
    assert [act.recipient for act in ConsentRecord.objects.filter(act="grant")] == [people["new"]]
    assert Suppression.objects.filter(lifted_at__isnull=True).count() == 4


def test_b1_a_consent_older_than_its_topic_allows_is_not_recorded() -> None:
    topic = make_topic("Short", slug="short", valid_for=30)
    maria = make_recipient("maria@example.com")
    brought = bring(f"maria@example.com,short,email,{PROOF}")
    ((draft, _taken),) = brought.drafts
    assert count_outcomes(draft) == {Outcome.LEFT: 1}
    with pytest.raises(Refused):
        submit(draft, by=ANNA)
    assert not Subscription.objects.filter(recipient=maria, topic=topic).exists()


def test_b7_strangers_are_listed_and_nobody_is_made_of_them(tastings: Topic) -> None:
    people = Recipient.objects.count()
    brought = bring(f"nobody@example.com,Tastings,email,{PROOF}")
    assert [row.address for row in brought.strangers] == ["nobody@example.com"]
    assert brought.drafts == ()
    assert Recipient.objects.count() == people
    assert not Address.objects.exists()


def test_routine_topics_and_those_that_are_not_offered_take_no_consents(tastings: Topic) -> None:
    make_topic("Orders", slug="orders", purpose="routine")
    make_topic("Old", slug="old", is_active=False)
    make_recipient("maria@example.com")
    brought = bring(f"maria@example.com,orders,email,{PROOF}maria@example.com,old,email,{PROOF}")
    assert [row.why for row in brought.refusals] == ["topic is no topic that is offered"] * 2


@pytest.mark.parametrize("heading", ["email,topic\n", "a,b,c\n", HEADING[:-1] + ",email\n"])
def test_a_heading_that_lacks_a_column_is_refused(heading: str) -> None:
    with pytest.raises(Refused, match="has to name the columns"):
        bring("maria@example.com,Tastings\n", heading=heading)


# One declaration, and people from a file


def test_people_of_a_file_come_into_a_draft_with_their_own_proof() -> None:
    make_recipient("maria@example.com")
    draft = make_declaration()
    data = (
        b"address,since,source,wording\n"
        b'maria@example.com,2024-05-31,"fair in Alba","Yes"\n'
        b"nobody@example.com,2024-05-31,fair,Yes\n"
        b"maria@example.com,,fair,Yes\n"
    )
    taken = take_file(draft, "people.csv", data, by=ANNA)
    assert (taken.added, taken.known) == (1, 1)
    assert [row.address for row in taken.strangers] == ["nobody@example.com"]
    assert [refusal.number for refusal in taken.refusals] == [4]
    kept = DeclaredPerson.objects.get()
    assert (kept.since_on, kept.source, kept.wording) == (date(2024, 5, 31), "fair in Alba", "Yes")
    assert take_file(draft, "people.csv", data, by=ANNA).added == 0
    submit(draft, by=ANNA)
    with pytest.raises(Conflict):
        take_file(draft, "people.csv", data, by=ANNA)


# The page


@pytest.fixture
def anna(client: Client) -> Client:
    client.force_login(
        make_user(
            "anna", "outreach.add_interestdeclaration", "outreach.change_interestdeclaration",
            "outreach.view_interestdeclaration", "outreach.view_recipient",
        )
    )  # fmt: skip
    return client


BRING = "admin:outreach_interestdeclaration_bring"
FORM = {
    "counts_as": "consent",
    "basis": "They ticked the box.",
    "given": "event",
    "given_note": "fair in Alba",
    "evidence": "blue box",
}


def upload(client: Client, rows: str, **form: str) -> str:
    file = SimpleUploadedFile("consents.csv", (HEADING + rows).encode())
    answer = client.post(reverse(BRING), FORM | form | {"file": file})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_is_brought_in_on_a_page_that_leads_to_the_drafts(
    anna: Client, tastings: Topic
) -> None:
    listed = anna.get(reverse("admin:outreach_interestdeclaration_changelist")).content.decode()
    assert reverse(BRING) in listed
    assert anna.get(reverse(BRING)).status_code == 200
    make_recipient("maria@example.com")
    page = upload(
        anna,
        f"maria@example.com,Tastings,email,{PROOF}<b>x</b>,Tastings,email,{PROOF}"
        f"who@example.com,Tastings,email,{PROOF}",
    )
    draft = InterestDeclaration.objects.get()
    assert (draft.made_by, draft.counts_as, draft.since_on) == (
        "Anna",
        "consent",
        date(2024, 5, 31),
    )
    assert reverse("admin:outreach_interestdeclaration_change", args=[draft.pk]) in page
    assert "a draft with 1 person" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "who@example.com" in page


def test_a_page_says_what_is_missing(anna: Client, tastings: Topic) -> None:
    assert "errornote" in upload(anna, f"maria@example.com,Tastings,email,{PROOF}", evidence="")
    assert "errornote" in upload(anna, "", counts_as="contract")
    assert "nobody below it" in upload(anna, "")
    assert "Nobody in the file is known" in upload(anna, f"a@example.com,Tastings,sms,{PROOF}")
    assert not InterestDeclaration.objects.exists()


def test_who_may_not_declare_brings_nothing(client: Client) -> None:
    client.force_login(make_user("bruno", "outreach.view_interestdeclaration"))
    assert client.get(reverse(BRING)).status_code == 403
    assert client.post(reverse(BRING), FORM).status_code == 403


def test_another_channel_has_no_address_of_the_file(tastings: Topic) -> None:
    make_recipient("maria@example.com")
    bring(f"maria@example.com,Tastings,{Channel.POST},{PROOF}")
    assert DeclaredPerson.objects.get().address is None
