"""Two firms under one roof: whatever is done in one, nothing of it is seen or felt in the other."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin import site
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, reverse

from outreach.conversations.models import Conversation, InboundMail
from outreach.eligibility.decide import may_contact
from outreach.ledger.models import Attempt, DeliveryEvent
from outreach.links.tokens import Scope
from outreach.periodic import PERIODIC
from outreach.preferences.models import Suppression, Topic
from outreach.recipients.models import Address, ContactLink, Recipient
from outreach.recipients.sync import sweep
from outreach.tenancy import tenancy
from outreach.workplace.heartbeat import late_parts
from outreach.workplace.models import Heartbeat
from outreach.workplace.row_security import guarded
from tests.builders import make_topic
from tests.conversations.mails import mail, reply_to
from tests.hosts.campaign import group_by_city, prepare, send
from tests.hosts.crm import Crm
from tests.hosts.opt_outs import WAYS, Cast, want
from tests.hosts.pages import path_of
from tests.hosts.verdict import Verdict
from tests.tracking.reports import HARD, about, post

HOOKS = "/outreach/anymail/postmark"
EXTRA = ("willing", "twin", "clicker", "bouncer", "replier")
NAMED = {"mail": "inboundmail", "request": "approvalrequest", "key": "interestdeclaration"}
"""What a page's parameter is about, where it does not say the table's name."""


class Neighbours:
    """`theirs` is the firm next door to `ours`, in which the scenario is played."""

    def __init__(self, crm: Crm, verdict: Verdict, *, ours: str, theirs: str) -> None:
        self.crm, self.verdict, self.ours, self.theirs = crm, verdict, ours, theirs

    def move_in(self) -> None:
        """The neighbours have customers at the same addresses, who are all written to."""
        parts = [*Cast.refused, *Cast.others]
        names = [f"{way}-{part}" for way in WAYS for part in parts]
        self.addresses = [f"{name}@example.com" for name in (*names, *EXTRA)]
        with self.verdict.step("the neighbours move in"), tenancy().activate(self.theirs):
            for address in self.addresses:
                self.crm.enter(address, f"Zenith {address}")
            sweep()
            self.topic = make_topic("Zenith news")
            for person in Recipient.objects.all():
                want(person, self.topic)
            self.author, self.approver = self.crm.staff("zoe"), self.crm.staff("zeno")
            assert len(self._write()) == len(self.addresses)

    def look_around(self) -> None:
        step = self.verdict.step
        with step("no row belongs to both, or to neither"):
            self._compare_rows()
        with step("the periodic work runs for both, and finds everything as it was"):
            self._run_all()
        with step("what people refused in one firm does not bind the other"):
            self._all_are_willing()
        with step("staff see no name of the other firm"):
            self._read_lists()
        with step("pages of the other firm's rows are not there"):
            self._open_pages_of_others()
        with step("a link finds its firm by itself"):
            self._follow_links()
        with step("a report finds its firm by itself"):
            self._take_report()
        with step("an answer finds its firm by itself"):
            self._take_answers()
        with step("the neighbours still write to whoever is left"):
            with tenancy().activate(self.theirs):
                reached = self._write()
            assert len(reached) == len(self.addresses) - 2  # one clicked, one bounced

    def _write(self) -> list[str]:
        everybody = list(Recipient.objects.all())
        run = prepare(self.topic, self.author, everybody, group_by_city(self.crm.city_facts))
        return send(run, self.author, self.approver)

    def _compare_rows(self) -> None:
        for model in guarded():
            seen = {}
            for tenant in (self.ours, self.theirs, ""):
                with tenancy().activate(tenant):
                    seen[tenant] = set(model._default_manager.values_list("pk", flat=True))
            assert not seen[self.ours] & seen[self.theirs], model
            assert not seen[""], model

    def _run_all(self) -> None:
        done = {periodic.name: periodic.run() for periodic in PERIODIC}
        assert done["contacts"] == 0, done
        assert not late_parts()
        assert not Heartbeat.objects.exclude(error="").exists()
        with tenancy().activate(self.theirs):
            assert ContactLink.objects.count() == len(self.addresses)
            assert not ContactLink.objects.filter(gone_at__isnull=False).exists()

    def _all_are_willing(self) -> None:
        with tenancy().activate(self.theirs):
            assert Topic.objects.count() == 1
            assert not Suppression.objects.exists()
            for person in Recipient.objects.all():
                assert may_contact(person, self.topic, "email").is_allowed, person

    def _read_lists(self) -> None:
        client = self._client()
        for model in site._registry:
            if model._meta.app_label == "outreach":
                answer = client.get(reverse(f"admin:outreach_{model._meta.model_name}_changelist"))
                for name in ("Wanda", "Carlo", "Tastings and visits", "anna-"):
                    assert name not in answer.content.decode(), (model, name)

    def _open_pages_of_others(self) -> None:
        client = self._client()
        opened = 0
        for path in self._pages_of_ours():
            for answer in (client.get(path), client.post(path)):
                is_sent_away = answer.status_code == 302 and answer["Location"] == "/admin/"
                assert is_sent_away or answer.status_code in {403, 404, 405}, (path, answer)
                opened += 1
        assert opened > 80, opened

    def _pages_of_ours(self) -> Iterator[str]:
        """Every page of every table that is about one row, with a row of ours in its address."""
        tables = {m._meta.model_name: m for m in apps.get_app_config("outreach").get_models()}
        for pattern in _patterns(site.get_urls()):
            names = list(pattern.pattern.regex.groupindex) if pattern.name else []
            if len(names) != 1 or not str(pattern.name).startswith("outreach_"):
                continue
            about = names[0].removesuffix("_id")
            if about == "object":
                about = str(pattern.name).split("_")[1]
            row = self._row_of_ours(tables[NAMED.get(about, about)])
            if row is not None:
                yield reverse(f"admin:{pattern.name}", kwargs={names[0]: row.pk})

    def _row_of_ours(self, model: type[Model]) -> Model | None:
        with tenancy().activate(self.ours):
            return model._default_manager.order_by("pk").first()

    def _follow_links(self) -> None:
        """Nobody is under way: a customer has no tenant."""
        path = path_of(self._attempt("clicker@example.com"), Scope.PREFERENCES)
        answer = Client().get(path)
        assert answer.status_code == 200
        assert "Zenith news" in answer.content.decode()
        assert "Tastings and visits" not in answer.content.decode()
        path = path_of(self._attempt("clicker@example.com"), Scope.UNSUBSCRIBE)
        assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        self._assert_only_they_lost("clicker@example.com")

    def _take_report(self) -> None:
        attempt = self._attempt("bouncer@example.com")
        body = about(attempt, {**HARD, "Email": "bouncer@example.com"})
        assert post(Client(), body, hook=f"{HOOKS}/tracking/") == 200
        with tenancy().activate(self.theirs):
            kind = DeliveryEvent.Kind.HARD_BOUNCED
            assert DeliveryEvent.objects.filter(attempt=attempt, kind=kind).count() == 1
        self._assert_only_they_lost("bouncer@example.com")

    def _take_answers(self) -> None:
        attempt = self._attempt("replier@example.com")
        body = reply_to(attempt, From="replier@example.com")
        assert post(Client(), body, hook=f"{HOOKS}/inbound/") == 200
        stray = mail("hello@cantina-rossi.example")
        assert post(Client(), stray, hook=f"{HOOKS}/inbound/") == 200
        with tenancy().activate(self.theirs):
            assert Conversation.objects.get().recipient_id == attempt.delivery.recipient_id
        with tenancy().activate(self.ours):
            assert not Conversation.objects.exists()
        kept = InboundMail.objects.get()  # nobody knows whose that is
        assert kept.state == InboundMail.State.QUARANTINED

    def _assert_only_they_lost(self, address: str) -> None:
        with tenancy().activate(self.theirs):
            person = Recipient.objects.get(addresses__value=address)
            assert not may_contact(person, self.topic, "email").is_allowed
        with tenancy().activate(self.ours):
            for place in Address.objects.filter(value=address):
                assert not place.suppressions.exists()

    def _attempt(self, address: str) -> Attempt:
        with tenancy().activate(self.theirs):
            return Attempt.objects.select_related("delivery").get(delivery__address__value=address)

    def _client(self) -> Client:
        client = Client()
        client.force_login(self.author)
        return client


def _patterns(found: list[Any]) -> Iterator[URLPattern]:
    for pattern in found:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
