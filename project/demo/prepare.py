"""A fresh database with the CRM's people, the staff, and what had happened before the story."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from outreach.calendars.models import BusinessCalendar
from outreach.groups.members import add_members
from outreach.groups.models import ContactGroup
from outreach.history.actor import CUSTOMER, Actor
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import Purpose, Source, Suppression, Topic
from outreach.preferences.pause import pause
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address, Channel, Recipient
from outreach.recipients.sync import sweep
from outreach.senders.models import Sender
from outreach.signups.keep_form import save_form
from outreach.signups.models import SignUpForm
from outreach.sla.models import ReplyPolicy
from outreach.workplace.roles import make_roles

OWN_FILES = ("demo.sqlite3", "mailbox.sqlite3")
STAFF = {
    "anna": ("Anna", "Bianchi", "Author"),
    "piotr": ("Piotr", "Nowak", "Approver"),
    "elena": ("Elena", "Conti", "Agent"),
    "admin": ("Ada", "Ferri", ""),
}
GUESTS = 4  # of each language
WORDING = "Yes, invite me to tastings at the estate."


def fresh_data() -> None:
    """Begin anew: only files that an earlier demo made are removed."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    for name in OWN_FILES:
        for file in settings.DATA_DIR.glob(f"{name}*"):
            file.unlink()
    shutil.rmtree(settings.DATA_DIR / "wake-up", ignore_errors=True)
    for folder in ("wake-up", "control"):
        (settings.DATA_DIR / folder).mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)


def fill_database() -> None:
    """The CRM from its fixture, and a house that has been in order for a while."""
    call_command("loaddata", settings.BASE_DIR / "fixtures" / "crm.json", verbosity=0)
    sweep()
    anna = Actor.of(_make_staff()["anna"])
    _make_house()
    topics = _make_topics()
    _make_sign_up_form(topics, by=anna)
    _record_interest(topics, by=anna)
    _make_groups(by=anna)


def _make_staff() -> dict[str, User]:
    users = {}
    make_roles()
    for username, (first, last, role) in STAFF.items():
        user = User(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@example.com",
            is_staff=True,
            is_superuser=not role,
        )
        user.set_password("demo")
        user.save()
        if role:
            user.groups.add(_role(role))
        users[username] = user
    return users


def _role(name: str) -> Group:
    """The role that outreach brings, and a look at the CRM's own pages."""
    group = Group.objects.get(name=name)
    crm = Permission.objects.filter(content_type__app_label="crm", codename__startswith="view_")
    group.permissions.add(*crm)
    return group


def _make_house() -> None:
    calendar = BusinessCalendar.objects.create(
        name="Cantina Rossi", time_zone="Europe/Rome", country="IT", is_open_saturday=True
    )
    ReplyPolicy.objects.create(calendar=calendar)
    Sender.objects.create(
        user=User.objects.get(username="anna"),
        name="Anna Bianchi",
        role="Visits and tastings",
        email="anna.bianchi@cantina-rossi.example",
        phone="+39 0141 555 0100",
    )
    Sender.objects.create(
        user=User.objects.get(username="elena"),
        name="Elena Conti",
        role="Answers your questions",
        email="elena.conti@cantina-rossi.example",
        phone="+39 0141 555 0101",
    )


def _make_topics() -> dict[str, Topic]:
    texts = (
        ("tastings", "Tastings and visits", "Invitations to taste with us", "about once a month"),
        ("vintages", "New vintages", "What is new from the cellar", "about twice a year"),
        ("orders", "Your orders", "Dispatch and delivery; these belong to the order", ""),
    )
    return {
        slug: Topic.objects.create(
            slug=slug,
            name=name,
            description=description,
            pace=pace,
            position=position,
            purpose=Purpose.ROUTINE if slug == "orders" else Purpose.COMMERCIAL,
        )
        for position, (slug, name, description, pace) in enumerate(texts)
    }


def _make_sign_up_form(topics: dict[str, Topic], *, by: Actor) -> None:
    form = SignUpForm(
        slug="tastings",
        name="Card on the counter",
        title="Hear from us when we taste",
        intro="We open the cellar a few times a year. Leave your address and we tell you when.",
        sender=Sender.objects.get(name="Anna Bianchi"),
    )
    words = "Yes, Cantina Rossi may write to me by e-mail about what I ticked. I can stop any time."
    save_form(form, wording=words, by=by)
    form.topics.set([topics["tastings"], topics["vintages"]])


def _record_interest(topics: dict[str, Topic], *, by: Actor) -> None:
    """Two of three customers in Italy asked for tastings at a fair; some thought again."""
    italians = Recipient.objects.filter(country="IT").order_by("pk")
    awkward = Address.objects.annotate(people=Count("held")).filter(
        Q(people__gt=1) | Q(value__startswith="bounce.")
    )
    people = list(italians.filter(addresses__in=awkward).distinct())
    for person in [*people, *_guests()]:
        _grant(person, [topics["tastings"]], by=by)
    people = list(italians.filter(stage="customer").exclude(addresses__in=awkward)[:300])
    asked = [person for number, person in enumerate(people) if number % 3]
    for number, person in enumerate(asked):
        wanted = [topics["tastings"]] + ([topics["vintages"]] if number % 5 == 0 else [])
        _grant(person, wanted, by=by)
    for person in _abroad():
        _grant(person, [topics["vintages"]], by=by)
    for person in asked[3:60:10]:
        withdraw(
            person,
            [topics["tastings"]],
            channel=Channel.EMAIL,
            source=Source.PREFERENCE_PAGE,
            by=CUSTOMER,
        )
    for person in asked[5:60:15]:
        until = timezone.now() + timedelta(days=60)
        pause(person, until=until, source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    for person in asked[7:60:20]:
        suppress(
            reason=Suppression.Reason.MANUAL, by=by, recipient=person, note="asked on the phone"
        )


def _guests() -> list[Recipient]:
    """A few from abroad who came to the stand, so that each language is there."""
    return [
        guest
        for language in ("en", "es", "ru")
        for guest in _customers_abroad().filter(language=language)[:GUESTS]
    ]


def _abroad() -> list[Recipient]:
    """Others who have had no message yet, for the first campaign of whoever tries the demo."""
    return [
        person
        for language in ("en", "es", "ru")
        for person in _customers_abroad().filter(language=language)[GUESTS : GUESTS + 30]
    ]


def _customers_abroad() -> QuerySet[Recipient]:
    people = Recipient.objects.filter(stage="customer", held__position=0).order_by("pk")
    return people.exclude(country="IT")


def _grant(person: Recipient, topics: list[Topic], *, by: Actor) -> None:
    grant(
        person,
        topics,
        channel=Channel.EMAIL,
        source=Source.STAFF,
        by=by,
        wording=WORDING,
        note="on the list at our stand, wine fair in Alba",
    )


def _make_groups(*, by: Actor) -> None:
    """One group by rule, one picked by hand, and a few friends of the estate."""
    ContactGroup.objects.create(
        name="Customers in Italy who like tastings",
        description="They buy from us, live in Italy and asked to be invited.",
        kind=ContactGroup.Kind.RULE,
        created_by=by.name,
        rule={
            "version": 1,
            "match": "all",
            "conditions": [
                {"fact": "contact.country", "is": "equals", "value": "IT"},
                {"fact": "interest", "is": "includes", "value": "tastings"},
            ],
        },
    )
    fair = ContactGroup.objects.create(
        name="Met at the fair in Alba",
        description="They left their card at our stand.",
        created_by=by.name,
    )
    at_the_fair = Recipient.objects.filter(country="IT").order_by("pk")[:180]
    at_our_stand = [*at_the_fair.values_list("pk", flat=True), *(g.pk for g in _guests())]
    add_members(fair, at_our_stand, by=by, reason="left a card at our stand")
    friends = ContactGroup.objects.create(
        name="Friends of the estate",
        description="They hear first of a new vintage.",
        created_by=by.name,
    )
    wanting = Recipient.objects.filter(
        country="IT", subscriptions__topic__slug="vintages", subscriptions__is_granted=True
    ).order_by("pk")[:12]
    add_members(
        friends, wanting.values_list("pk", flat=True), by=by, reason="bought each vintage so far"
    )
