"""Somebody asks by a form. The same work for every address: what is known of it is asked later."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from outreach.conf import conf
from outreach.preferences.models import Purpose, Source, Topic
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Channel
from outreach.signups.keep import begin
from outreach.signups.keep_form import wording_of
from outreach.signups.limits import is_within
from outreach.signups.models import SignUp, SignUpForm, SignUpWording

PER_NETWORK = PER_FORM = timedelta(hours=1)
PER_ADDRESS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """A form as it stands open: what it says, and what one may ask for."""

    form: SignUpForm
    wording: SignUpWording
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody filled in; `email` is normalised."""

    email: str
    given_name: str
    family_name: str
    topics: Collection[Topic]
    language: str


def offer_at(slug: str) -> Offer | None:
    """The form at an address; None if there is none, or it is closed, or offers nothing."""
    form = SignUpForm.objects.select_related("sender").filter(slug=slug, is_active=True).first()
    if form is None:
        return None
    wording = wording_of(form)
    topics = tuple(form.topics.filter(is_active=True, purpose=Purpose.COMMERCIAL))
    return Offer(form, wording, topics) if wording and topics else None


def is_too_busy(offer: Offer, network: str) -> bool:
    """Whether more ask at once, from one network or by one form, than people do."""
    limits = conf()
    if network and not is_within(
        "network", network, most=limits.sign_ups_per_network, per=PER_NETWORK
    ):
        return True
    form = str(offer.form.pk)
    return not is_within("form", form, most=limits.sign_ups_per_form, per=PER_FORM)


def ask(offer: Offer, asked: Asked) -> SignUp:
    """Keep it. An address for which too much was asked today is not written to again."""
    hashed = address_hash(Channel.EMAIL, asked.email)
    who = f"{offer.form.tenant}:{hashed}"
    is_fine = is_within("address", who, most=conf().sign_ups_per_address, per=PER_ADDRESS)
    sign_up = SignUp(
        tenant=offer.form.tenant,
        form=offer.form,
        wording=offer.wording,
        sender=offer.form.sender,
        source=Source.FORM,
        address_value=asked.email,
        address_hash=hashed,
        given_name=asked.given_name,
        family_name=asked.family_name,
        language=asked.language,
        state=SignUp.State.PENDING if is_fine else SignUp.State.IGNORED,
        detail="" if is_fine else "asked too often in a day",
    )
    return begin(sign_up, asked.topics)
