"""What every host is put through, in its order."""

from typing import Any

from django.core.mail import send_mail

from outreach.ledger.models import Attempt, Delivery
from outreach.recipients.models import Recipient, RecipientAddress
from outreach.recipients.sync import sweep
from outreach.workplace.doctor import examine
from tests.builders import make_topic
from tests.hosts.campaign import group_by_city, prepare, send
from tests.hosts.crm import Crm
from tests.hosts.mail import HostMail, OurMail
from tests.hosts.opt_outs import WAYS, Cast, refuse_and_carry_on, want
from tests.hosts.pages import open_public_pages, open_staff_pages
from tests.hosts.verdict import Verdict


class Scenario:
    def __init__(self, crm: Crm, verdict: Verdict) -> None:
        self.crm, self.verdict = crm, verdict

    def play(self) -> None:
        self._enter()
        self._send_to_all()
        with self.verdict.step("the host's own mail is left alone"):
            self._host_writes()
        for cast in self.casts:
            refuse_and_carry_on(self.verdict, cast)
        self._merge_the_willing()
        self._send_again()
        with self.verdict.step("all that must be true is true"):
            broken = [f for f in examine() if f.violations and f.statement.number <= 13]
            assert not broken, broken

    def _enter(self) -> None:
        """The CRM has people before outreach comes; then each of them is interested."""
        crm = self.crm
        self.topic = make_topic()
        self.author, self.approver = crm.staff("anna"), crm.staff("piotr")
        self.casts = [Cast(way, crm, self.topic) for way in WAYS]
        with self.verdict.step("the first sync knows everybody"):
            for cast in self.casts:
                cast.enter()
            self.willing = crm.enter("willing@example.com", "Wanda Willing")
            self.twin = crm.enter_other("twin@example.com", "Wanda Twin")
            self.clicker = crm.enter("clicker@example.com", "Carlo Clicker")
            sweep()
            assert sweep() == 0
            self.people = len(self.casts) * 6 + 3
            assert Recipient.objects.count() == self.people
            assert RecipientAddress.objects.filter(position=0).count() == self.people
            for person in Recipient.objects.all():
                want(person, self.topic)

    def _send_to_all(self) -> None:
        with self.verdict.step("a segment field finds everybody"):
            by_city = group_by_city(self.crm.city_facts)
            one = self.crm.person(self.willing)
            run = prepare(self.topic, self.author, [one], by_city)
            assert run.included == self.people, run.included
        with self.verdict.step("a campaign reaches everybody, once"):
            reached = send(run, self.author, self.approver)
            assert len(reached) == len(set(reached)) == self.people
            assert Delivery.objects.filter(state="sent").count() == self.people
        if self.crm.admin_site:
            open_staff_pages(self.verdict, self.crm, self.author, one)
        attempt = Attempt.objects.get(delivery__recipient=self.crm.person(self.clicker))
        open_public_pages(self.verdict, attempt)

    def _host_writes(self) -> None:
        ours = len(OurMail.reached)
        assert not HostMail.sent
        send_mail("Your order", "It is on its way.", None, ["willing@example.com"])
        assert HostMail.sent == ["Your order"]
        assert len(OurMail.reached) == ours

    def _merge_the_willing(self) -> None:
        with self.verdict.step("a merge of two who are both willing bars nobody"):
            self.crm.merge(self.willing, self.twin)
            sweep()

    def _send_again(self) -> None:
        with self.verdict.step("a campaign reaches nobody who refused"):
            by_city = group_by_city(self.crm.city_facts)
            everybody: list[Any] = list(Recipient.objects.all())
            run = prepare(self.topic, self.author, everybody, by_city)
            reached = send(run, self.author, self.approver)
            twin = self.crm.person(self.twin)
            first = RecipientAddress.objects.get(recipient=twin, position=0).address.value
            assert reached == [first], reached
