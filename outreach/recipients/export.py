"""Take people's data out, and keep for ever who did, when and what for (B12).

The only writer of Export. The file carries the mark of its export in each row, so that what turns
up elsewhere can be traced; it is not kept here, only its digest.
"""

import csv
from collections.abc import Iterator
from hashlib import sha256
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.recipients.defused import defused
from outreach.recipients.export_columns import columns
from outreach.recipients.models import Export, Recipient

MARK = "export"
CHUNK = 1000
IN_MEMORY = 5 * 1024 * 1024


def export_people(
    people: QuerySet[Recipient], *, purpose: str, what: str, by: Actor
) -> tuple[Export, IO[bytes]]:
    """A CSV file (UTF-8 with its mark, each cell quoted) of these people, at its beginning.

    `what` says which people in words. Nobody who is erased is in it. Raises Refused without a
    purpose, and for whatever is no person.
    """
    if not by.is_person:
        raise Refused(_("Only a person can take people’s data out."))
    if not purpose.strip():
        raise Refused(_("Say what the data is for; it is kept with your name."))
    public_id = uuid4()
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    count = _write(file, people, str(public_id))
    export = Export.objects.create(
        public_id=public_id,
        actor_key=by.key,
        actor_name=by.name,
        purpose=purpose.strip(),
        what=what[:250],
        count=count,
        digest=_digest(file),
    )
    file.seek(0)
    return export, file


def _write(file: IO[bytes], people: QuerySet[Recipient], mark: str) -> int:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    shown = columns()
    writer.writerow([*(column.heading for column in shown), MARK])
    count = 0
    for some in _chunks(people):
        texts = [column.texts(some) for column in shown]
        for person in some:
            writer.writerow([*(defused(each.get(person.pk, "")) for each in texts), mark])
        count += len(some)
    text.detach()
    return count


def _chunks(people: QuerySet[Recipient]) -> Iterator[list[Recipient]]:
    """By ranges of keys, however the list was filtered: flat memory, and nobody twice."""
    found = people.order_by().values("pk")
    last = 0
    while some := list(
        Recipient.objects.filter(pk__in=found, pk__gt=last, erased_at__isnull=True).order_by("pk")[
            :CHUNK
        ]
    ):
        yield some
        last = some[-1].pk


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()
