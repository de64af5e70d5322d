"""A file of consents with their proofs, on several topics: a draft of a declaration for each.

The drafts are the dry run: each shows who would be what. Nothing is recorded before a second
person has accepted it, and whoever refused stays as they are (`declaration_outcomes`).
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from django.db import transaction

from outreach.history.actor import Actor
from outreach.preferences.declaration import save_declaration
from outreach.preferences.declaration_file import Taken, is_anybody_known, put_in
from outreach.preferences.declaration_models import InterestDeclaration
from outreach.preferences.resources import ConsentResource, ConsentRow
from outreach.preferences.table_file import Refusal, read_into
from outreach.recipients.table_file import Columns

COLUMNS = Columns(
    needed=("address", "topic", "channel", "since", "source", "wording"),
    aliases={"email": "address", "e-mail": "address", "date": "since"},
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: drafts with what each took, rows that are no proof, and strangers."""

    drafts: tuple[tuple[InterestDeclaration, Taken], ...]
    refusals: tuple[Refusal, ...]
    strangers: tuple[ConsentRow, ...]


def bring_consents(like: InterestDeclaration, name: str, data: bytes, *, by: Actor) -> Brought:
    """Begin a draft for each topic and channel in the file. Raises Refused with the mend.

    `like` is an unsaved declaration that says what all have in common: where the proof is kept,
    and why it counts. Of a topic on which nobody is known there is no draft.
    """
    resource = ConsentResource(tenant=like.tenant)
    refusals = read_into(resource, COLUMNS, name, data)
    by_topic: dict[tuple[int, str], list[ConsentRow]] = {}
    for row in resource.consents:
        by_topic.setdefault((row.topic.pk, row.channel), []).append(row)
    drafts: list[tuple[InterestDeclaration, Taken]] = []
    strangers: list[ConsentRow] = []
    with transaction.atomic():
        for rows in by_topic.values():
            if not is_anybody_known(like.tenant, rows):
                strangers += rows
                continue
            draft = _begin(like, rows, by)
            taken = put_in(draft, rows, (), by=by, name=name)
            strangers += [row for row in rows if row in taken.strangers]
            drafts.append((draft, taken))
    return Brought(tuple(drafts), tuple(refusals), tuple(strangers))


def _begin(like: InterestDeclaration, rows: Sequence[ConsentRow], by: Actor) -> InterestDeclaration:
    draft = copy(like)
    draft.topic, draft.channel, draft.wording = rows[0].topic, rows[0].channel, rows[0].wording
    draft.since_on = max(row.since for row in rows if row.since)
    save_declaration(draft, by=by)
    return draft
