"""From a sign-up to a person who wants to hear from us, and back again (B7, C3)."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.exceptions import Conflict
from outreach.history.actor import CUSTOMER, Actor
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import Source, Subscription, Topic, Wording
from outreach.preferences.our_words import our_words
from outreach.preferences.suppress import lift
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Address, Channel, Recipient
from outreach.recipients.without_crm import address_kept, people_at, person_without_crm
from outreach.signups.contact import try_contact
from outreach.signups.keep import close, lock_asked_for
from outreach.signups.models import SignUp
from outreach.signups.standing import refused_by_others, stops_of_own_hand

LIFTED = "Signed up again, and said so from this mailbox."
CONFIRMED = "confirmed from the mailbox"


def confirm(sign_up: SignUp, *, by: Actor = CUSTOMER, is_proved: bool = True) -> SignUp:
    """Make the wish count: the words and their version are kept as its proof.

    The person is the one who is reached at the address; a new one where nobody is, or several
    are and none by that name. Whoever was erased is nobody: they come as somebody new.

    `is_proved` is that the mailbox said so itself. Then it is the person's own hand: what they
    refused there, that they wanted nothing, that mail came back or that they were erased is taken
    back; not what somebody marked as spam, what staff stopped, or what others refused who are
    reached there as well. Raises Conflict where it is confirmed or over already.
    """
    with transaction.atomic():
        row = lock_asked_for(sign_up)
        if row.state != SignUp.State.PENDING or row.expires_at <= timezone.now():
            raise Conflict(_("This was confirmed already, or it is too late for it."))
        address = address_kept(row.address_value, tenant=row.tenant)
        person, is_new = _person(row, address)
        lock_with_addresses(person.pk, [address.pk])
        if is_proved:
            _lift(person, address)
        if not close(row, person, address, is_new=is_new, by=by):
            raise Conflict(_("This was confirmed already, or it is too late for it."))
        _grant(row, person, address, by=by, is_proved=is_proved)
        if is_new:
            transaction.on_commit(partial(try_contact, row.pk))
    row.refresh_from_db()
    return row


def take_back(sign_up: SignUp, *, source: str = Source.PREFERENCE_PAGE) -> None:
    """No more of what was asked for, to this person and at this address. Repeats write nothing."""
    if sign_up.recipient is None:
        return
    for channel in sign_up.channels.split(","):
        refused = Subscription.objects.filter(
            recipient=sign_up.recipient, channel=channel, is_granted=False
        )
        topics = list(sign_up.topics.exclude(pk__in=refused.values("topic")))
        place = sign_up.address if channel == Channel.EMAIL else None
        if topics:
            withdraw(
                sign_up.recipient,
                topics,
                channel=channel,
                source=source,
                by=CUSTOMER,
                address=place,
            )


def words_of(sign_up: SignUp, topic: Topic) -> str:
    """What somebody says yes to: the words of the form, and the topic as they read it."""
    text = sign_up.wording.text if sign_up.wording else ""
    return f"{text}\n{topic.name}: {topic.description}".strip()


def _person(sign_up: SignUp, address: Address) -> tuple[Recipient, bool]:
    there = list(people_at(address))
    if len(there) > 1:
        there = [person for person in there if _is_called(person, sign_up)]
    if there:
        return there[0], False
    made = person_without_crm(
        address,
        given_name=sign_up.given_name,
        family_name=sign_up.family_name,
        language=sign_up.language,
    )
    return made, True


def _is_called(person: Recipient, sign_up: SignUp) -> bool:
    name = f"{sign_up.given_name} {sign_up.family_name}".strip().casefold()
    return bool(name) and person.name.strip().casefold() == name


def _lift(person: Recipient, address: Address) -> None:
    for stop in stops_of_own_hand(person, address):
        lift(stop, by=CUSTOMER, why=LIFTED)


def _grant(
    sign_up: SignUp, person: Recipient, address: Address, *, by: Actor, is_proved: bool
) -> None:
    """Once for each topic, since each has words of its own."""
    held_off = refused_by_others(person, address)
    note = _how(sign_up, is_proved=is_proved)
    for channel in sign_up.channels.split(","):
        for topic in sign_up.topics.all():
            is_bound = channel == Channel.EMAIL and topic.pk not in held_off
            grant(
                person,
                [topic],
                channel=channel,
                source=sign_up.source,
                by=by,
                address=address if is_bound else None,
                wording=_ours(sign_up, topic),
                note=note,
            )


def _ours(sign_up: SignUp, topic: Topic) -> Wording:
    """Kept for ever: whatever is erased later, it can be shown what they said yes to."""
    form, words = sign_up.form, sign_up.wording
    version = f"{words.version} of {form.slug}" if form and words else ""
    return our_words(words_of(sign_up, topic), language=sign_up.language, version=version)


def _how(sign_up: SignUp, *, is_proved: bool) -> str:
    """Where it was said, and in which version of the words."""
    form = f"{sign_up.form}, {sign_up.wording}" if sign_up.form else ""
    return "; ".join(filter(None, [sign_up.note, form, CONFIRMED if is_proved else ""]))
