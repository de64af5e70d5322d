"""A list of addresses to which nothing is sent, from a file: looked at first, then brought in.

Of an address that we do not know the hash alone is kept, and nobody is made. Nothing is ever
lifted by it: who is not on the list stays as they are.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from outreach.exceptions import Conflict
from outreach.history.actor import Actor
from outreach.preferences.models import Suppression
from outreach.preferences.resources import EmailAddress, RowReader, Words
from outreach.preferences.suppress import suppress_addresses
from outreach.preferences.table_file import Refusal, read_into
from outreach.recipients.hash_only import by_hash
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Channel
from outreach.recipients.table_file import Columns

COLUMNS = Columns(
    needed=("address",),
    optional=("why",),
    aliases={"email": "address", "e-mail": "address", "reason": "why", "note": "why"},
)
BATCH = 500


@dataclass(slots=True)
class StopRow:
    address: str = ""
    why: str = ""


class StopResource(RowReader):
    """Reads rows into `whys`, by address, and writes nothing."""

    address = Field("address", "address", widget=EmailAddress())
    why = Field("why", "why", widget=Words(gettext_lazy("is empty"), 250, may_be_empty=True))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.whys: dict[str, str] = {}

    def init_instance(self, row: Any = None) -> StopRow:
        return StopRow()

    def do_instance_save(self, instance: StopRow, is_create: bool) -> None:
        self.whys.setdefault(instance.address, instance.why)


@dataclass(frozen=True, slots=True)
class StopList:
    """What a file holds: `new` addresses would be, or are now, stopped; `already` were before.

    `digest` names the file, so that what is brought in is what somebody looked at.
    """

    new: int
    already: int
    refusals: tuple[Refusal, ...]
    digest: str


def look_at(name: str, data: bytes) -> StopList:
    """The dry run. Raises Refused with the mend for a file that cannot be read."""
    whys, refusals = _read(name, data)
    hashes = [address_hash(Channel.EMAIL, address) for address in whys]
    already = sum(
        _live().filter(address__value_hash__in=hashes[at : at + BATCH]).count()
        for at in range(0, len(hashes), BATCH)
    )
    return StopList(len(whys) - already, already, tuple(refusals), _digest(data))


def bring_in(name: str, data: bytes, *, by: Actor, seen: str) -> StopList:
    """Stop these addresses. Raises Conflict unless it is the file that was `seen`, Refused too."""
    if seen != _digest(data):
        raise Conflict(_("This is not the file that you looked at. Look at this one first."))
    whys, refusals = _read(name, data)
    new, left = 0, iter(whys.items())
    with transaction.atomic():
        while batch := dict(islice(left, BATCH)):
            rows = by_hash(Channel.EMAIL, batch)
            new += suppress_addresses(
                {rows[address]: why for address, why in batch.items()},
                reason=Suppression.Reason.IMPORTED,
                by=by,
            )
    return StopList(new, len(whys) - new, tuple(refusals), seen)


def _read(name: str, data: bytes) -> tuple[dict[str, str], list[Refusal]]:
    resource = StopResource()
    refusals = read_into(resource, COLUMNS, name, data)
    return resource.whys, refusals


def _live() -> Any:
    return Suppression.objects.filter(
        reason=Suppression.Reason.IMPORTED,
        lifted_at__isnull=True,
        recipient__isnull=True,
        channel="",
        address__channel=Channel.EMAIL,
        address__tenant="",
    )


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
