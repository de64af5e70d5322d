"""Whether keys and pepper in force are those with which links and hashes were made."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from outreach.conf import conf
from outreach.conversations.models import InboundMail
from outreach.links.keys import is_usable
from outreach.links.reply import read_reply_address
from outreach.links.tokens import BadToken, Scope, make, read
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address
from outreach.tenancy import tenancy

LOOKED_AT = 500
"""How many of the latest rows are asked for what they were made with."""
_REPLY_ADDRESS = re.compile(r"r\+[cd][0-9a-f]{32}[a-z2-7]{26}@[\w.-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    text: str
    is_good: bool


def examine_keys(links: Sequence[str] = ()) -> list[Finding]:
    """What is found of the ring, of answers to our messages, of the pepper, and of `links`."""
    return [*_ring(), *_of_tenants(), *(_opened(link) for link in links)]


def _of_tenants() -> Iterator[Finding]:
    for tenant in list(tenancy().all()):
        with tenancy().activate(tenant):
            yield from (*_answers(), *_pepper())


def _ring() -> Iterator[Finding]:
    keys = conf().keys
    for key_id, secret in keys.items():
        if not is_usable(key_id, secret):
            yield Finding(f"The key {key_id!r} has no usable id or secret", False)
    try:
        is_read = read(Scope.PREFERENCES, make(Scope.PREFERENCES, "x")) == "x"
    except (ImproperlyConfigured, BadToken):
        is_read = False
    if is_read:
        text = f"{next(reversed(keys))!r} signs, {len(keys)} verify"
    else:
        text = "The last key cannot sign, so no message can be sent"
    yield Finding(text, is_read)


def _answers() -> Iterator[Finding]:
    """Customers answer to addresses that we signed, so their mail proves which keys we used."""
    raws = InboundMail.objects.order_by("-pk").values_list("raw", flat=True)[:LOOKED_AT]
    met = {address.lower() for raw in raws for address in _REPLY_ADDRESS.findall(raw)}
    unknown = sum(read_reply_address(address) is None for address in met)
    if not met:
        yield Finding("No answer to a signed address has come in yet", True)
    elif unknown:
        text = (
            f"{unknown} of {len(met)} signed addresses that were answered fit no key: one is lost"
        )
        yield Finding(text, False)
    else:
        yield Finding(f"All {len(met)} signed addresses that were answered fit a key", True)


def _pepper() -> Iterator[Finding]:
    rows = Address.objects.exclude(value="").order_by("-pk")
    latest = rows.values_list("channel", "value", "value_hash")[:LOOKED_AT]
    other = sum(address_hash(channel, value) != known for channel, value, known in latest)
    if other:
        text = f"{other} of {len(latest)} addresses were kept under another pepper"
        yield Finding(text, False)
    else:
        yield Finding(f"The pepper fits all {len(latest)} addresses looked at", True)


def _opened(link: str) -> Finding:
    """A link is `…/p/<token>` or `…/u/<token>`; the page says what it was signed for."""
    page, _slash, token = urlsplit(link).path.rpartition("/")
    scope = {"p": Scope.PREFERENCES, "u": Scope.UNSUBSCRIBE}.get(page.rpartition("/")[2])
    shown = f"{link[:60]}…" if len(link) > 60 else link
    if scope is None:
        return Finding(f"{shown} is no link to a public page of ours", False)
    key_id = token.partition(".")[0]
    if key_id not in conf().keys:
        return Finding(f"{shown} is signed with {key_id!r}, which is not in the ring", False)
    try:
        read(scope, token)
    except BadToken:
        return Finding(
            f"{shown} is not as {key_id!r} signs it: it is cut, or the secret is another", False
        )
    return Finding(f"{shown} is signed with {key_id!r} and opens", True)
