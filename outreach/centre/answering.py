"""Who answers the telephone: the person who signed, or whoever does it for them now (B6)."""

from dataclasses import dataclass

from outreach.campaigns.render import phone_link
from outreach.senders.models import Sender


@dataclass(frozen=True, slots=True)
class Answering:
    """`instead_of` is the name of who signed, where somebody else answers by now."""

    name: str
    role: str
    phone: str
    phone_link: str
    photo_url: str
    instead_of: str = ""


def who_answers(signed: Sender) -> Answering | None:
    """None where nobody of ours signs messages any more: then an answer by mail is read."""
    if signed.is_active:
        return _of(signed)
    others = Sender.objects.filter(tenant=signed.tenant, is_active=True).order_by("name", "pk")
    instead = others.first()
    return _of(instead, instead_of=signed.name) if instead else None


def _of(sender: Sender, *, instead_of: str = "") -> Answering:
    return Answering(
        name=sender.name,
        role=sender.role,
        phone=sender.phone,
        phone_link=phone_link(sender),
        photo_url=sender.photo.url if sender.photo else "",
        instead_of=instead_of,
    )
