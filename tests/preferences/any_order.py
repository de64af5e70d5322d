"""A few people to whom anything may happen in any order, and a simple mind that keeps count.

`World` does each deed to the software, and tells `Memory` what was done. `Memory` is naive on
purpose: plain sets and dictionaries, no ledger, no fold. What it forbids the software has to
forbid; the software may be stricter.
"""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from outreach.api import contacts_merged
from outreach.exceptions import Refused
from outreach.history.actor import CUSTOMER, SYSTEM, Actor
from outreach.preferences import lapse
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import Source, Suppression
from outreach.preferences.suppress import lift, suppress
from outreach.preferences.told import write_down
from outreach.recipients.models import Address, Channel, ContactLink, Recipient
from outreach.recipients.sources import sources
from outreach.recipients.sync import sync_keys, sync_source
from project.crm.models import Contact
from tests.builders import make_topic
from tests.preferences.declaring import declare

CRM = "crm.contact"
HOMES = ("casa@example.com", "casa@example.com", "luca@example.com", "olga@example.com")
TOPICS = 2
EMAIL = Channel.EMAIL
ANNA = Actor(key="1001", name="Anna")
Reason = Suppression.Reason


def erase(person: Recipient, address: Address) -> None:
    """What an erasure does to consent, as far as it matters here."""
    suppress(reason=Reason.ERASED, by=CUSTOMER, recipient=person, address=address)
    Recipient.objects.filter(pk=person.pk).update(erased_at=timezone.now())


Cause = tuple[str, int]
"""Why somebody gets nothing: "flag", "stop" or "erased", and whose that is."""


@dataclass
class Memory:
    """Who said what; people, topics and homes by number or name.

    `silenced` is what somebody took over from a contact that was merged into theirs. It lasts
    until whose it is takes it back: a mark in the CRM that is taken away binds nobody any more,
    and least of all whoever took it over from those who only shared an address with it.
    """

    home: dict[int, str] = field(default_factory=lambda: dict(enumerate(HOMES)))
    yes_until: dict[tuple[int, int], datetime | None] = field(default_factory=dict)
    no: set[tuple[int, int]] = field(default_factory=set)
    no_at: dict[tuple[str, int], int] = field(default_factory=dict)
    taken_over: set[tuple[int, int]] = field(default_factory=set)
    stops: set[tuple[int, str]] = field(default_factory=set)
    ever_stopped: set[int] = field(default_factory=set)
    silenced: dict[int, set[Cause]] = field(default_factory=dict)
    erased: set[tuple[int, str]] = field(default_factory=set)
    flagged: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    is_plain: bool = True
    """Whether nobody has refused, moved or vanished so far."""

    def says_yes(self, who: int, topic: int, until: datetime | None) -> None:
        self.yes_until[who, topic] = until
        self.no.discard((who, topic))

    def says_no(self, who: int, topic: int) -> None:
        self.yes_until.pop((who, topic), None)
        self.no.add((who, topic))
        self.no_at[self.home[who], topic] = who

    def neighbours(self, who: int) -> set[int]:
        return {other for other, home in self.home.items() if home == self.home[who]}

    def is_refused(self, who: int, topic: int) -> bool:
        """Whether nobody but they themselves may sign them up."""
        return (
            (who, topic) in self.no
            or (who, topic) in self.taken_over
            or (self.home[who], topic) in self.no_at
            or self.is_silent(who)
            or bool(self.ever_stopped & self.neighbours(who))
        )

    def is_silent(self, who: int) -> bool:
        return bool(self.why_silent(who))

    def why_silent(self, who: int) -> set[Cause]:
        near, here = self.neighbours(who), self.home[who]
        stopped = {("stop", each) for each, home in self.stops if each in near or home == here}
        erased = {("erased", each) for each, home in self.erased if each in near or home == here}
        flagged = {("flag", each) for each in self.flagged & near}
        return self.silenced.get(who, set()) | stopped | erased | flagged

    def takes_back(self, cause: Cause) -> None:
        for causes in self.silenced.values():
            causes.discard(cause)

    def may_write(self, who: int, topic: int, now: datetime) -> bool:
        if (who, topic) not in self.yes_until or who in self.gone:
            return False
        until = self.yes_until[who, topic]
        return (until is None or until > now) and not (
            (self.home[who], topic) in self.no_at
            or (who, topic) in self.taken_over
            or self.is_silent(who)
        )


class World:
    def __init__(self) -> None:
        self.memory = Memory()
        self.topics = [make_topic(f"Topic {number}") for number in range(TOPICS)]
        self.contacts = [
            Contact.objects.create(last_name=f"Person {number}", email=home)
            for number, home in enumerate(HOMES)
        ]
        self.keys = [contact.pk for contact in self.contacts]
        sync_source(sources()[CRM])
        links = {link.contact_key: link for link in ContactLink.objects.select_related("recipient")}
        self.people = [links[str(key)].recipient for key in self.keys]

    def address(self, who: int) -> Address:
        return Address.objects.get(value=self.memory.home[who])

    def own_yes(self, who: int, topic: int, days: int = 0) -> None:
        until = timezone.now() + timedelta(days=days) if days else None
        grant(
            self.people[who], [self.topics[topic]], channel=EMAIL, by=CUSTOMER,
            source=Source.PREFERENCE_PAGE, address=self.address(who), valid_until=until,
        )  # fmt: skip
        self.memory.says_yes(who, topic, until)
        self.memory.no_at.pop((self.memory.home[who], topic), None)
        self.memory.taken_over.discard((who, topic))

    def told_yes(self, who: int, topic: int) -> None:
        write_down(
            self.people[who], [self.topics[topic]], is_wanted=True, channels=[EMAIL],
            source=Source.PHONE, by=ANNA, note="by phone",
        )  # fmt: skip
        self.memory.says_yes(who, topic, None)
        if self.memory.no_at.get((self.memory.home[who], topic)) == who:
            del self.memory.no_at[self.memory.home[who], topic]

    def own_no(self, who: int, topic: int) -> None:
        withdraw(
            self.people[who], [self.topics[topic]], channel=EMAIL, by=CUSTOMER,
            source=Source.ONE_CLICK, address=self.address(who),
        )  # fmt: skip
        self._refuse(who, topic)

    def told_no(self, who: int, topic: int) -> None:
        write_down(
            self.people[who], [self.topics[topic]], is_wanted=False, channels=[EMAIL],
            source=Source.PHONE, by=ANNA,
        )  # fmt: skip
        self._refuse(who, topic)

    def _refuse(self, who: int, topic: int) -> None:
        self.memory.says_no(who, topic)
        self.memory.is_plain = False

    def imported(self, who: int, topic: int) -> None:
        grant(
            self.people[who], [self.topics[topic]], channel=EMAIL, source=Source.IMPORT, by=SYSTEM
        )
        if not self.memory.is_refused(who, topic):
            self.memory.says_yes(who, topic, None)

    def declared(self, who: int, topic: int) -> None:
        stands = self.memory.may_write(who, topic, timezone.now())
        with contextlib.suppress(Refused):  # nobody would be recorded
            declare(self.people[who], topic=self.topics[topic])
        if not stands and not self.memory.is_refused(who, topic):
            self.memory.says_yes(who, topic, None)

    def flag(self, who: int, is_on: bool) -> None:
        if who in self.memory.gone:
            return
        Contact.objects.filter(pk=self.keys[who]).update(do_not_contact=is_on)
        sync_keys(sources()[CRM], [str(self.keys[who])])
        (self.memory.flagged.add if is_on else self.memory.flagged.discard)(who)
        if not is_on:
            self.memory.takes_back(("flag", who))
        self.memory.is_plain = False

    def stop(self, who: int) -> None:
        address = self.address(who)
        suppress(
            reason=Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=self.people[who], address=address
        )
        self.memory.stops.add((who, self.memory.home[who]))
        self.memory.ever_stopped.add(who)
        self.memory.is_plain = False

    def come_back(self, who: int) -> None:
        own = Suppression.objects.filter(
            recipient=self.people[who], reason=Reason.UNSUBSCRIBED, lifted_at__isnull=True
        )
        for stop in own:
            lift(stop, by=CUSTOMER, why="They asked for messages again")
        self.memory.stops = {each for each in self.memory.stops if each[0] != who}
        self.memory.silenced.pop(who, None)
        self.memory.takes_back(("stop", who))

    def erase(self, who: int) -> None:
        erase(self.people[who], self.address(who))
        self.memory.erased.add((who, self.memory.home[who]))
        self.memory.is_plain = False

    def merge(self, gone: int, into: int) -> None:
        """The CRM merges two contacts and says so."""
        if gone == into or {gone, into} & self.memory.gone:
            return
        Contact.objects.filter(pk=self.keys[gone]).delete()
        contacts_merged(CRM, gone=self.keys[gone], into=self.keys[into])
        for topic in range(TOPICS):
            if (gone, topic) in self.memory.no:
                self.memory.says_no(into, topic)
        if gone in self.memory.flagged or any(who == gone for who, _home in self.memory.stops):
            self.memory.stops.add((into, ""))
            self.memory.ever_stopped.add(into)
        self._vanish(gone)

    def merge_silently(self, gone: int, into: int) -> None:
        """The CRM gives one contact the address of another, and deletes that without a word."""
        if gone == into or {gone, into} & self.memory.gone:
            return
        memory, home = self.memory, self.memory.home[gone]
        refused = {topic for topic in range(TOPICS) if (gone, topic) in memory.no}
        refused |= {topic for topic in range(TOPICS) if (home, topic) in memory.no_at}
        memory.silenced[into] = memory.silenced.get(into, set()) | memory.why_silent(gone)
        Contact.objects.filter(pk=self.keys[gone]).delete()
        Contact.objects.filter(pk=self.keys[into]).update(email=home)
        sync_keys(sources()[CRM], [str(self.keys[gone]), str(self.keys[into])])
        memory.taken_over |= {(into, topic) for topic in refused}
        memory.home[into] = home
        self._vanish(gone)

    def _vanish(self, who: int) -> None:
        self.memory.gone.add(who)
        self.memory.is_plain = False

    def sweep(self) -> None:
        lapse.sweep()
