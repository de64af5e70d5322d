"""Declarations for the tests: written by Anna, read by Piotr."""

from datetime import date
from typing import Any

from outreach.history.actor import Actor
from outreach.preferences.declaration import (
    accept,
    fill,
    save_declaration,
    submit,
    version_of,
)
from outreach.preferences.declaration_models import InterestDeclaration
from outreach.preferences.declare import sweep
from outreach.preferences.declared import Given
from outreach.preferences.models import Topic
from outreach.recipients.models import Recipient
from outreach.workplace.doctor import examine
from tests.builders import make_topic

FOLD_OF_THE_LEDGER = 8
ANNA, PIOTR = Actor(key="1001", name="Anna"), Actor(key="1002", name="Piotr")
WORDING = "Yes, invite me to tastings"


def make_declaration(
    *people: Recipient, by: Actor = ANNA, topic: Topic | None = None, **fields: Any
) -> InterestDeclaration:
    """A draft with these people in it."""
    declaration = InterestDeclaration(
        **{
            "topic": topic or make_topic(),
            "basis": "They left their card in the box for invitations.",
            "given": Given.EVENT,
            "given_note": "wine fair in Alba",
            "since_on": date(2024, 5, 3),
            "wording": WORDING,
            "evidence": "Cards in the blue box, shelf 3",
            **fields,
        }
    )
    save_declaration(declaration, by=by)
    chosen = Recipient.objects.filter(pk__in=[person.pk for person in people])
    fill(declaration, chosen, by=by, note="the group “Alba”")
    return declaration


def is_the_fold() -> bool:
    """Whether the doctor finds what people chose to be the fold of the ledger (statement 8)."""
    return not any(
        found.violations for found in examine() if found.statement.number == FOLD_OF_THE_LEDGER
    )


def accepted(declaration: InterestDeclaration) -> InterestDeclaration:
    """Submitted by who made it, and accepted by Piotr; nothing is recorded yet."""
    submit(declaration, by=Actor(key=declaration.made_by_key, name=declaration.made_by))
    accept(declaration, by=PIOTR, seen=version_of(declaration))
    return declaration


def declare(*people: Recipient, **fields: Any) -> InterestDeclaration:
    """Everything, up to the record."""
    declaration = accepted(make_declaration(*people, **fields))
    sweep()
    declaration.refresh_from_db()
    return declaration
