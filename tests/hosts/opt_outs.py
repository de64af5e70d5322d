"""The heart of it: somebody refused, the CRM does what it likes, and the refusal holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from outreach.eligibility.decide import may_contact
from outreach.history.actor import SYSTEM, Actor
from outreach.ledger.models import Attempt
from outreach.links.tokens import Scope
from outreach.preferences.consent import grant
from outreach.preferences.models import Source, Suppression, Topic
from outreach.preferences.suppress import suppress
from outreach.preferences.told import write_down
from outreach.recipients.models import Recipient
from outreach.recipients.sync import sweep
from tests.hosts.crm import Crm
from tests.hosts.pages import path_of
from tests.hosts.verdict import Verdict


def _of(recipient: Recipient) -> Attempt:
    return Attempt.objects.get(delivery__recipient=recipient)


def by_page(crm: Crm, key: Any, topic: Topic) -> None:
    box = f"{topic.slug}:email"
    path = path_of(_of(crm.person(key)), Scope.PREFERENCES)
    answer = Client().post(path, {"do": "save", "shown": [box], "ticked": []})
    assert answer.status_code == 303, answer.status_code


def by_stopping_everything(crm: Crm, key: Any, topic: Topic) -> None:
    path = path_of(_of(crm.person(key)), Scope.PREFERENCES)
    assert Client().post(path, {"do": "stop"}).status_code == 303


def by_one_click(crm: Crm, key: Any, topic: Topic) -> None:
    path = path_of(_of(crm.person(key)), Scope.UNSUBSCRIBE)
    assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200


def by_phone(crm: Crm, key: Any, topic: Topic) -> None:
    write_down(
        crm.person(key),
        [topic],
        is_wanted=False,
        channels=["email"],
        source=Source.PHONE,
        by=Actor(key="1", name="Anna"),
    )


def by_a_stop_of_staff(crm: Crm, key: Any, topic: Topic) -> None:
    anna = Actor(key="1", name="Anna")
    suppress(reason=Suppression.Reason.MANUAL, by=anna, recipient=crm.person(key))


def by_the_mark_in_the_crm(crm: Crm, key: Any, topic: Topic) -> None:
    crm.mark(key)


WAYS: dict[str, Callable[[Crm, Any, Topic], None]] = {
    "page": by_page,
    "everything": by_stopping_everything,
    "one-click": by_one_click,
    "phone": by_phone,
    "staff": by_a_stop_of_staff,
    "mark": by_the_mark_in_the_crm,
}


@dataclass(slots=True)
class Cast:
    """The people of one way to refuse, by their part; `refused` are those who did."""

    way: str
    crm: Crm
    topic: Topic
    keys: dict[str, Any] = field(default_factory=dict)

    refused = ("merged", "deleted", "moved", "moved-then-merged")
    others = ("survivor", "second-survivor")

    def address(self, part: str) -> str:
        return f"{self.way}-{part}@example.com"

    def enter(self) -> None:
        for part in self.refused:
            self.keys[part] = self.crm.enter(self.address(part), f"{self.way} {part}")
        for part in self.others:
            self.keys[part] = self.crm.enter_other(self.address(part), f"{self.way} {part}")

    def import_again(self, part: str) -> None:
        """The old address comes in again, with an interest that somebody documented for it."""
        again = f"{part} again"
        self.keys[again] = self.crm.enter(self.address(part), f"{self.way} {again}")
        sweep()
        want(self.crm.person(self.keys[again]), self.topic)

    def assert_out_of_reach(self, part: str) -> None:
        person = self.crm.person(self.keys[part])
        decision = may_contact(person, self.topic, "email")
        assert not decision.is_allowed, f"{part} would be written to"


def want(person: Recipient, topic: Topic) -> None:
    grant(person, [topic], channel="email", source=Source.IMPORT, by=SYSTEM, note="order of 2024")


def refuse_and_carry_on(verdict: Verdict, cast: Cast) -> None:
    """Refuse in one way; then the CRM merges, deletes, moves, and imports old addresses again."""
    with verdict.step(f"{cast.way}: is taken"):
        for part in cast.refused:
            WAYS[cast.way](cast.crm, cast.keys[part], cast.topic)
        sweep()
        for part in cast.refused:
            cast.assert_out_of_reach(part)
    _merge(verdict, cast, "merged", "survivor")
    with verdict.step(f"{cast.way}: holds when the contact is deleted and imported again"):
        cast.crm.delete(cast.keys["deleted"])
        sweep()
        cast.assert_out_of_reach("deleted")
        cast.import_again("deleted")
        cast.assert_out_of_reach("deleted again")
    for part in ("moved", "moved-then-merged"):
        with verdict.step(f"{cast.way}: holds when the address changes ({part})"):
            cast.crm.move(cast.keys[part], f"new-{cast.address(part)}")
            sweep()
            cast.assert_out_of_reach(part)
    with verdict.step(f"{cast.way}: holds when the old address is imported again"):
        cast.import_again("moved")
        cast.assert_out_of_reach("moved again")
    _merge(verdict, cast, "moved-then-merged", "second-survivor")


def _merge(verdict: Verdict, cast: Cast, gone: str, into: str) -> None:
    with verdict.step(f"{cast.way}: holds when the contact is merged ({gone})"):
        cast.crm.merge(cast.keys[gone], cast.keys[into])
        sweep()
        cast.assert_out_of_reach(into)
    with verdict.step(f"{cast.way}: holds when who was merged moves on ({gone})"):
        cast.crm.move(cast.keys[into], f"newest-{cast.address(into)}")
        sweep()
        cast.assert_out_of_reach(into)
        cast.import_again(gone)
        cast.assert_out_of_reach(f"{gone} again")
