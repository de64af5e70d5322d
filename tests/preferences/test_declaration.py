from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from outreach.audiences.freeze import freeze
from outreach.eligibility.decide import may_contact
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import CUSTOMER, SYSTEM, Actor
from outreach.history.record import history_of
from outreach.preferences import declare as recording
from outreach.preferences import lapse
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.consent_of_many import grant_each
from outreach.preferences.declaration import (
    accept,
    empty,
    fill,
    refuse,
    save_declaration,
    stop,
    submit,
    take_back,
    version_of,
)
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declaration_outcomes import count_outcomes
from outreach.preferences.declare import record_batch, sweep
from outreach.preferences.declared import Outcome, State
from outreach.preferences.models import (
    Basis,
    ConsentRecord,
    Objection,
    Source,
    Subscription,
)
from outreach.recipients.models import Channel, Recipient
from tests.builders import (
    address_of,
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)
from tests.preferences.declaring import (
    ANNA,
    PIOTR,
    WORDING,
    accepted,
    declare,
    is_the_fold,
    make_declaration,
)

pytestmark = pytest.mark.django_db


def outcomes(declaration: InterestDeclaration) -> dict[str, str]:
    rows = DeclaredPerson.objects.filter(declaration=declaration)
    return dict(rows.values_list("recipient__name", "outcome"))


def is_reachable(person: Recipient, declaration: InterestDeclaration) -> bool:
    return may_contact(person, declaration.topic, Channel.EMAIL).is_allowed


def test_b1_documented_interest_makes_an_existing_base_reachable() -> None:
    maria, ivan = make_recipient(), make_recipient()
    topic = make_topic()
    assert not may_contact(maria, topic, Channel.EMAIL).is_allowed
    declaration = declare(maria, ivan, topic=topic)
    assert is_reachable(maria, declaration)
    assert is_reachable(ivan, declaration)
    run = freeze(make_campaign(make_group(maria, ivan), topic=topic), by=make_actor())
    assert run.included == 2


def test_a6_it_counts_for_its_topic_alone() -> None:
    maria, other = make_recipient(), make_topic("New vintages")
    declare(maria)
    assert not may_contact(maria, other, Channel.EMAIL).is_allowed


def test_b7_each_record_has_its_source_words_and_who_vouches() -> None:
    maria = make_recipient()
    declaration = declare(maria)
    record = ConsentRecord.objects.select_related("evidence").get()
    assert (record.act, record.source, record.channel) == ("grant", Source.STAFF, "email")
    assert (record.actor_key, record.address) == (PIOTR.key, address_of(maria))
    assert (record.in_which_words, record.evidence.wording) == (WORDING, "")
    assert (record.basis, record.given_on) == (Basis.INTEREST, declaration.since_on)
    for part in ("wine fair in Alba", "May 3, 2024", "blue box", "Declared by Anna", "Piotr"):
        assert part in record.evidence.note
    entry = history_of(maria).get()
    assert (entry.verb, entry.actor_name) == ("consent.grant", "Piotr")
    row = DeclaredPerson.objects.get(declaration=declaration)
    assert (row.outcome, row.record) == (Outcome.RECORDED, record)


def test_nothing_counts_before_a_second_person_has_accepted() -> None:
    maria = make_recipient()
    declaration = make_declaration(maria)
    sweep()
    assert not ConsentRecord.objects.exists()
    submit(declaration, by=ANNA)
    sweep()
    assert not ConsentRecord.objects.exists()


def test_the_dry_run_says_what_will_become_of_whom() -> None:
    topic = make_topic()
    wants, refused, free = (make_recipient(name=name) for name in ("Wants", "Refused", "Free"))
    nowhere, erased = make_recipient(None, "Nowhere"), make_recipient(name="Erased")
    subscribe(wants, topic)
    withdraw(refused, [topic], channel=Channel.EMAIL, source=Source.PHONE, by=SYSTEM)
    declaration = make_declaration(wants, refused, free, nowhere, erased, topic=topic)
    Recipient.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    expected = {
        Outcome.RECORDED: 1,
        Outcome.ALREADY: 1,
        Outcome.REFUSED: 1,
        Outcome.NO_ADDRESS: 1,
        Outcome.ERASED: 1,
    }
    assert count_outcomes(declaration) == expected
    accepted(declaration)
    sweep()
    assert count_outcomes(declaration) == expected
    assert outcomes(declaration) == {
        "Free": "recorded",
        "Wants": "already",
        "Refused": "refused",
        "Nowhere": "no_address",
        "Erased": "erased",
    }
    assert ConsentRecord.objects.filter(recipient=free).count() == 1
    assert ConsentRecord.objects.filter(act="grant").count() == 2


def test_who_refuses_after_the_dry_run_is_not_recorded() -> None:
    maria, ivan = make_recipient(), make_recipient()
    declaration = accepted(make_declaration(maria, ivan))
    withdraw(maria, [declaration.topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    sweep()
    assert not Subscription.objects.get(recipient=maria).is_granted
    assert Objection.objects.filter(address=address_of(maria)).exists()
    assert is_reachable(ivan, declaration)


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_four_eyes_whoever_made_it_does_not_decide(act: str) -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    decide = accept if act == "accept" else refuse
    with pytest.raises(Refused, match="You made this declaration"):
        decide(declaration, by=ANNA, seen=version_of(declaration), comment="I say so")
    declaration.refresh_from_db()
    assert declaration.state == State.SUBMITTED


def test_four_eyes_are_held_by_the_database() -> None:
    declaration = make_declaration(make_recipient())
    decided = {"state": State.ACCEPTED, "decided_by_key": ANNA.key, "decided_at": timezone.now()}
    rows = InterestDeclaration.objects.filter(pk=declaration.pk)
    with pytest.raises(IntegrityError, match="by_two"), transaction.atomic():
        rows.update(**decided)
    with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
        rows.update(state=State.ACCEPTED)


def test_nobody_but_a_person_decides() -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    with pytest.raises(Refused, match="A person has to decide"):
        accept(declaration, by=SYSTEM, seen=version_of(declaration))


def test_a_draft_is_changed_by_who_made_it_alone() -> None:
    declaration = make_declaration()
    everybody = Recipient.objects.all()
    for change in (
        lambda: save_declaration(declaration, by=PIOTR),
        lambda: fill(declaration, everybody, by=PIOTR, note="x"),
        lambda: empty(declaration, by=PIOTR),
        lambda: submit(declaration, by=PIOTR),
    ):
        with pytest.raises(Refused, match="Anna made this declaration"):
            change()


def test_what_is_submitted_is_not_changed() -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    for change in (
        lambda: save_declaration(declaration, by=ANNA),
        lambda: fill(declaration, Recipient.objects.all(), by=ANNA, note="x"),
        lambda: empty(declaration, by=ANNA),
        lambda: submit(declaration, by=ANNA),
    ):
        with pytest.raises(Conflict):
            change()


def test_only_what_was_read_is_accepted() -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    seen = version_of(declaration)
    take_back(declaration, by=ANNA)
    fill(declaration, Recipient.objects.filter(pk=make_recipient().pk), by=ANNA, note="x")
    submit(declaration, by=ANNA)
    for old in (seen, "", "nonsense"):
        with pytest.raises(Conflict, match="changed since you looked"):
            accept(declaration, by=PIOTR, seen=old)


def test_a_decision_is_made_once() -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    seen = version_of(declaration)
    refuse(declaration, by=PIOTR, seen=seen, comment="No cards there")
    with pytest.raises(Conflict):
        accept(declaration, by=PIOTR, seen=seen)
    with pytest.raises(Conflict):
        take_back(declaration, by=ANNA)
    sweep()
    assert not ConsentRecord.objects.exists()
    verbs = list(history_of(declaration).values_list("verb", flat=True))
    assert verbs == [
        "declaration.refused",
        "declaration.submitted",
        "declaration.filled",
        "declaration.begun",
    ]


def test_to_refuse_takes_a_reason() -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    with pytest.raises(Refused, match="Say in the comment why"):
        refuse(declaration, by=PIOTR, seen=version_of(declaration), comment=" ")


def test_a_declaration_for_nobody_is_not_submitted() -> None:
    wants, topic = make_recipient(), make_topic()
    subscribe(wants, topic)
    for declaration in (make_declaration(), make_declaration(wants, topic=topic)):
        with pytest.raises(Refused, match="Nobody would be recorded"):
            submit(declaration, by=ANNA)


def test_people_are_in_it_once_and_those_of_other_tenants_never() -> None:
    maria, stranger = make_recipient(), make_recipient(tenant="other")
    declaration = make_declaration(maria)
    both = Recipient.objects.filter(pk__in=[maria.pk, stranger.pk])
    assert fill(declaration, both, by=ANNA, note="again") == 0
    assert fill(declaration, Recipient.objects.none(), by=ANNA, note="nobody") == 0
    assert empty(declaration, by=ANNA) == 1


def test_recording_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "BATCH", 2)
    people = [make_recipient() for _number in range(5)]
    declaration = accepted(make_declaration(*people))
    assert record_batch(declaration) == 2
    monkeypatch.setattr(recording, "grant_each", _fails)
    with pytest.raises(RuntimeError):
        record_batch(declaration)
    assert ConsentRecord.objects.count() == 2
    monkeypatch.setattr(recording, "grant_each", grant_each)
    assert sweep() == 3
    assert sweep() == 0
    assert ConsentRecord.objects.count() == 5
    declaration.refresh_from_db()
    assert declaration.recorded_at is not None


def _fails(*args: object, **kwargs: object) -> None:
    raise RuntimeError


def test_recording_can_be_stopped_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "BATCH", 2)
    declaration = accepted(make_declaration(*(make_recipient() for _number in range(5))))
    record_batch(declaration)
    stop(declaration, by=PIOTR)
    assert sweep() == 0
    assert count_outcomes(declaration) == {Outcome.RECORDED: 2, Outcome.LEFT: 3}
    with pytest.raises(Conflict):
        stop(declaration, by=PIOTR)


def test_interest_for_a_time_ends_and_may_be_declared_again() -> None:
    maria, ivan = make_recipient(), make_recipient()
    today = timezone.localdate()
    declaration = declare(maria, ivan, expires_on=today)
    grant(ivan, [declaration.topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert not is_reachable(maria, declaration), "at once, before the periodic work"
        assert (lapse.sweep(), lapse.sweep()) == (1, 0)
        assert not is_reachable(maria, declaration)
        assert is_reachable(ivan, declaration)
        assert not Objection.objects.exists()
        assert is_the_fold()
        renewed = declare(maria, topic=declaration.topic)
        assert is_reachable(maria, renewed)


def test_what_is_over_is_neither_submitted_nor_accepted_nor_recorded() -> None:
    today = timezone.localdate()
    draft, waits, goes = (make_declaration(make_recipient(), expires_on=today) for _n in range(3))
    submit(waits, by=ANNA)
    accepted(goes)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        with pytest.raises(Refused, match="is over"):
            submit(draft, by=ANNA)
        with pytest.raises(Refused, match="is over"):
            accept(waits, by=PIOTR, seen=version_of(waits))
        assert sweep() == 0
    assert not ConsentRecord.objects.exists()
    assert count_outcomes(goes) == {Outcome.LEFT: 1}


def test_statement_8_holds_after_a_declaration() -> None:
    people = [make_recipient() for _number in range(7)]
    topic = make_topic()
    subscribe(people[0], topic)
    withdraw(people[1], [topic], channel="email", source=Source.PHONE, by=SYSTEM)
    declare(*people, topic=topic)
    assert is_the_fold()


def test_somebody_who_has_the_name_of_the_maker_is_another_person() -> None:
    declaration = make_declaration(make_recipient())
    submit(declaration, by=ANNA)
    accept(declaration, by=Actor(key="1003", name="Anna"), seen=version_of(declaration))
    assert declaration.state == State.ACCEPTED
    assert declaration.since_on == date(2024, 5, 3)
