"""The story: one campaign from a draft to an answered reply, and what came of each step."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

import project.celery  # noqa: F401  (so that a started run wakes the worker)
from outreach.approvals.decide import approve
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.audiences.waterfall import Waterfall, waterfall
from outreach.campaigns.approach import Approach
from outreach.campaigns.edit import note_begun, note_edit
from outreach.campaigns.models import Campaign, CampaignGroup, Variant
from outreach.conversations.answer import answer
from outreach.conversations.models import Conversation, Message
from outreach.dispatch.start import start
from outreach.exceptions import Refused
from outreach.groups.models import ContactGroup
from outreach.history.actor import Actor
from outreach.ledger.models import Delivery, Run
from outreach.preferences.models import Act, ConsentRecord, Source, Suppression, Topic
from outreach.senders.models import Sender
from outreach.sla.models import Clock
from outreach.tracking.models import ProviderEvent
from outreach.workplace.doctor import Finding, examine
from project.demo import customer
from project.demo.provider import Mail, Provider
from project.demo.waiting import wait_for
from project.demo.words import ABOUT_BARBERA, ABOUT_FIRST_LOOK, BARBERA, FIRST_LOOK, Words


@dataclass(slots=True)
class Told:
    """What the summary shows and checks."""

    run: Run | None = None
    figures: Waterfall | None = None
    approved_by: str = ""
    author_was_refused: bool = False
    edit_voided: bool = False
    messages_at_provider: int = 0
    bounced: int = 0
    complained: int = 0
    opted_out: int = 0
    unsubscribed: int = 0
    get_changed_nothing: bool = False
    replied: int = 0
    automatic: int = 0
    answered_in_time: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)


def tell() -> Told:
    """Play every step in order; a step that does not come out raises."""
    told, provider = Told(), Provider()
    anna, piotr, elena = (
        Actor.of(User.objects.get(username=name)) for name in ("anna", "piotr", "elena")
    )
    with _step("An earlier campaign takes its people for this week"):
        _reserve_for_friends(anna)
    with _step("Anna writes a campaign and works out who gets it"):
        campaign = _write(anna)
        told.run = freeze(campaign, by=anna)
    with _step("Anna submits it; she cannot approve it herself, and an edit takes it back"):
        _submit(told, campaign, anna, piotr)
    with _step("Piotr approves it, Anna sends it, the worker hands it over"):
        _send(told, campaign, anna, piotr, provider)
    mails = [mail for mail in provider.mails() if _is_of(mail, campaign)]
    told.messages_at_provider = len(mails)
    with _step("Some mark it as spam, most get it, some addresses do not exist"):
        _come_back(told, mails, provider)
    with _step("One drops the topic on the preference page, one presses Unsubscribe"):
        _opt_out(told, mails[5], mails[6])
    with _step("One answers and one is out of office; Elena answers in time"):
        _reply(told, mails[8], mails[9], elena, provider)
    with _step("Another has just written and waits"):
        _write_and_wait(told, mails[10], provider)
    told.findings = examine()
    return told


@contextmanager
def _step(title: str) -> Iterator[None]:
    print(f"  {timezone.localtime():%H:%M:%S}  {title}", flush=True)
    yield


def _reserve_for_friends(anna: Actor) -> None:
    campaign = _new_campaign(
        anna,
        name="A first look at the Nebbiolo",
        topic="vintages",
        group="Friends of the estate",
        approach=Approach.NEWS,
        subject="The Nebbiolo is in the bottle",
        body=FIRST_LOOK,
        words=ABOUT_FIRST_LOOK,
    )
    freeze(campaign, by=anna)
    submit(campaign, by=anna)


def _write(anna: Actor) -> Campaign:
    return _new_campaign(
        anna,
        name=f"Barbera: open cellar on {_saturday()}",
        topic="tastings",
        group="Met at the fair in Alba",
        also="Customers in Italy who like tastings",
        approach=Approach.TASTING,
        subject="{{ given_name | Friend }}, the first Barbera of the year is open on Saturday",
        body=BARBERA.replace("{saturday}", _saturday()),
        words=ABOUT_BARBERA,
    )


def _saturday() -> str:
    """A Saturday in two or three weeks, as "Saturday 12 December"."""
    day = timezone.localdate() + timedelta(days=14)
    day += timedelta(days=(5 - day.weekday()) % 7)
    return f"Saturday {day:%-d %B}"


def _new_campaign(
    anna: Actor,
    *,
    name: str,
    topic: str,
    group: str,
    approach: Approach,
    subject: str,
    body: str,
    words: Words,
    also: str = "",
) -> Campaign:
    campaign = Campaign.objects.create(
        name=name,
        topic=Topic.objects.get(slug=topic),
        approach=approach,
        sender=Sender.objects.get(name="Anna Bianchi"),
        author_id=anna.key,
        justification=words.justification,
        would_notice=words.would_notice,
        would_help=words.would_help,
        would_welcome=words.would_welcome,
    )
    for aimed_at in filter(None, (group, also)):
        CampaignGroup.objects.create(
            campaign=campaign, group=ContactGroup.objects.get(name=aimed_at)
        )
    Variant.objects.create(campaign=campaign, subject=subject, preheader=words.preheader, body=body)
    note_begun(campaign, by=anna)
    return campaign


def _submit(told: Told, campaign: Campaign, anna: Actor, piotr: Actor) -> None:
    request = submit(campaign, by=anna)
    try:
        approve(request, by=anna, seen=request.fingerprint)
    except Refused:
        told.author_was_refused = True
    approve(request, by=piotr, seen=request.fingerprint)
    campaign.variants.update(preheader="Eight wines, bread and cheese, and time")
    note_edit(campaign, by=anna)
    try:
        start(campaign, by=anna)
    except Refused:
        told.edit_voided = True


def _send(told: Told, campaign: Campaign, anna: Actor, piotr: Actor, provider: Provider) -> None:
    campaign.refresh_from_db()
    request = submit(campaign, by=anna)
    decision = approve(request, by=piotr, seen=request.fingerprint, comment="A good one.")
    told.approved_by = decision.by
    run = told.run = start(campaign, by=anna)

    def is_done() -> bool:
        run.refresh_from_db()
        return run.state == Run.State.DONE

    wait_for("the worker sends the campaign", is_done)
    told.figures = waterfall(run)


def _is_of(mail: Mail, campaign: Campaign) -> bool:
    return campaign.topic.slug in customer.header(mail, "List-Id")


def _come_back(told: Told, mails: list[Mail], provider: Provider) -> None:
    for mail in mails[:2]:
        provider.happen(mail, "delivered")
        provider.happen(mail, "complain")
    provider.deliver_rest()
    wait_for(
        "the reports of the provider are taken in",
        lambda: not ProviderEvent.objects.filter(state=ProviderEvent.State.NEW).exists(),
    )
    rows = Delivery.objects.filter(run=told.run)
    told.bounced = rows.filter(state=Delivery.State.BOUNCED).count()
    told.complained = rows.filter(complained_at__isnull=False).count()


def _opt_out(told: Told, one: Mail, other: Mail) -> None:
    before = _choices()
    for mail in (one, other):
        customer.open_page(customer.preferences_url(mail))
        customer.open_page(customer.one_click_url(mail))
    told.get_changed_nothing = _choices() == before
    customer.untick_all_topics(one)
    customer.press_unsubscribe(other)
    refused = ConsentRecord.objects.filter(act=Act.WITHDRAW, address__isnull=False)
    told.opted_out = refused.filter(source=Source.PREFERENCE_PAGE).values("recipient").count()
    told.unsubscribed = refused.filter(source=Source.ONE_CLICK).values("recipient").count()


def _choices() -> tuple[int, int]:
    return ConsentRecord.objects.count(), Suppression.objects.count()


def _reply(told: Told, asks: Mail, is_away: Mail, elena: Actor, provider: Provider) -> None:
    provider.happen(asks, "reply", text="We are two. Is there a train from Torino?")
    provider.happen(is_away, "out-of-office")
    wait_for("the answers become conversations", lambda: Message.objects.count() == 2)
    wait_for("the clock of the answer starts", Clock.objects.exists)
    told.automatic = Message.objects.filter(is_automatic=True).count()
    conversation = Conversation.objects.get(clocks__isnull=False)
    answer(
        conversation,
        "Gladly: the 10:05 from Porta Nuova is in Asti at 10:45, and we fetch you there.",
        by=elena,
    )
    wait_for("the clock stops", Clock.objects.filter(stopped_at__isnull=False).exists)
    told.answered_in_time = Clock.objects.filter(
        stopped_at__isnull=False, breached_at__isnull=True
    ).count()


def _write_and_wait(told: Told, mail: Mail, provider: Provider) -> None:
    provider.happen(mail, "reply", text="A pity, I am away that day. May I come in January?")
    wait_for("the second clock starts", lambda: Clock.objects.count() == 2)
    told.waiting = Clock.objects.filter(stopped_at__isnull=True).count()
    told.replied = Message.objects.filter(
        direction=Message.Direction.IN, is_automatic=False
    ).count()
