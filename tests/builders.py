"""Small builders: each makes one thing that is valid by itself; say what matters in the test."""

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from outreach.approvals.decide import approve
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.approach import Approach
from outreach.campaigns.models import Campaign, CampaignGroup, Variant
from outreach.dispatch.start import start
from outreach.groups.models import ContactGroup, Membership
from outreach.history.actor import SYSTEM, Actor
from outreach.ledger.models import Run
from outreach.preferences.consent import grant
from outreach.preferences.models import Purpose, Source, Topic
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress, Stage
from outreach.recipients.normalise import VERSION, normalise_email
from outreach.senders.models import Sender

_numbers = count(1)


def make_user(name: str = "anna", *permissions: str, **fields: Any) -> Any:
    """A staff user with the permissions named "app.codename"; `is_superuser=True` for all."""
    user = get_user_model().objects.create(
        username=f"{name}{next(_numbers)}", first_name=name.title(), is_staff=True, **fields
    )
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


def make_actor(name: str = "anna") -> Actor:
    return Actor.of(make_user(name))


def make_address(value: str) -> Address:
    value = normalise_email(value)
    return Address.objects.get_or_create(
        channel=Channel.EMAIL,
        value_hash=address_hash(Channel.EMAIL, value),
        defaults={"value": value, "normaliser": VERSION},
    )[0]


def make_recipient(email: str | None = "", name: str = "Maria Rossi", **fields: Any) -> Recipient:
    """A customer with an address of their own; `email=None` for nobody to reach."""
    given, _space, family = name.partition(" ")
    recipient = Recipient.objects.create(
        **{
            "name": name,
            "given_name": given,
            "family_name": family,
            "language": "en",
            "country": "IT",
            "stage": Stage.CUSTOMER,
            **fields,
        }
    )
    if email is not None:
        address = make_address(email or f"person{next(_numbers)}@example.com")
        RecipientAddress.objects.create(recipient=recipient, address=address, channel=Channel.EMAIL)
    return recipient


def address_of(recipient: Recipient) -> Address:
    return Address.objects.get(held__recipient=recipient)


def make_topic(name: str = "Tastings and visits", **fields: Any) -> Topic:
    number = next(_numbers)
    return Topic.objects.create(
        **{
            "slug": f"topic-{number}",
            "name": name,
            "description": "Invitations to taste with us, about once a month",
            "purpose": Purpose.COMMERCIAL,
            **fields,
        }
    )


def make_sender(name: str = "Anna Bianchi", **fields: Any) -> Sender:
    return Sender.objects.create(
        **{"name": name, "email": "anna@example.com", "phone": "+39 0141 555 0100", **fields}
    )


def make_group(*recipients: Recipient, name: str = "") -> ContactGroup:
    group = ContactGroup.objects.create(name=name or f"Group {next(_numbers)}")
    Membership.objects.bulk_create(
        [Membership(group=group, recipient=recipient) for recipient in recipients]
    )
    return group


def subscribe(recipient: Recipient, *topics: Topic, channel: str = Channel.EMAIL) -> None:
    grant(recipient, topics, channel=channel, source=Source.STAFF, by=SYSTEM, note="at the fair")


def make_campaign(
    *groups: ContactGroup,
    author: Any = None,
    topic: Topic | None = None,
    sender: Sender | None = None,
    subject: str = "A tasting on Saturday",
    body: str = "Dear {{ given_name | friend }},\n\ncome and taste the new Barbera with us.",
    **fields: Any,
) -> Campaign:
    """A draft that passes every check: text, answers, reason, a person who signs."""
    campaign = Campaign.objects.create(
        **{
            "name": f"Tasting {next(_numbers)}",
            "topic": topic or make_topic(),
            "sender": sender or make_sender(),
            "author": author or make_user("author"),
            "approach": Approach.TASTING,
            "justification": "The tasting is near you and free.",
            "would_notice": "Yes, it names a date and a place.",
            "would_help": "Yes, it is a free tasting nearby.",
            "would_welcome": "Yes, they asked to be invited.",
            **fields,
        }
    )
    CampaignGroup.objects.bulk_create(
        [CampaignGroup(campaign=campaign, group=group) for group in groups]
    )
    Variant.objects.create(campaign=campaign, channel=Channel.EMAIL, subject=subject, body=body)
    return campaign


def approve_campaign(campaign: Campaign) -> Run:
    """Freeze, submit and approve, by the author and by somebody else."""
    author = Actor.of(campaign.author)
    freeze(campaign, by=author)
    request = submit(campaign, by=author)
    approve(request, by=make_actor("piotr"), seen=request.fingerprint)
    campaign.refresh_from_db()
    return request.run


def start_campaign(*recipients: Recipient, **fields: Any) -> Run:
    """A campaign being sent to people who all asked for its topic."""
    topic = fields.pop("topic", None) or make_topic()
    for recipient in recipients:
        subscribe(recipient, topic)
    campaign = make_campaign(make_group(*recipients), topic=topic, **fields)
    approve_campaign(campaign)
    return start(campaign, by=Actor.of(campaign.author))
