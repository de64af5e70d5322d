"""Words of one person, planted in every table of ours that can hold some, to be found again."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone

from outreach.centre.models import DataRequest
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.groups.exclude import exclude
from outreach.groups.members import add_members
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import record
from outreach.ledger.models import Attempt
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.declaration_models import DeclaredPerson
from outreach.preferences.models import Source, Suppression
from outreach.preferences.pause import pause
from outreach.preferences.suppress import lift, suppress
from outreach.recipients.models import Address, ContactLink, Recipient
from outreach.sla.models import Clock
from outreach.tracking.models import ProviderEvent
from tests.builders import make_actor, make_campaign, make_group, make_recipient, make_topic
from tests.centre.messages import make_message
from tests.preferences.declaring import make_declaration

MARK = "qzx"
"""In every planted word, and in nothing else that we write."""
EMAIL = f"{MARK}.mail@{MARK}.example"


def plant() -> Recipient:
    """Somebody who left words everywhere."""
    person = make_recipient(
        EMAIL,
        f"{MARK}name {MARK}family",
        company=f"{MARK}company",
        time_zone=f"Europe/{MARK}",
        language="it",
    )
    ContactLink.objects.create(
        source="crm.contact", model_label="crm.Contact", contact_key=f"{MARK}key", recipient=person
    )
    attempt = _choices_and_messages(person)
    _letters(person)
    _reports(attempt)
    record(person, "noted", by=CUSTOMER, note=f"{MARK}note")
    return person


def _choices_and_messages(person: Recipient) -> Attempt:
    topic = make_topic()
    words: dict[str, Any] = {"wording": f"{MARK}wording", "note": f"{MARK}where"}
    grant(person, [topic], channel="email", source=Source.FORM, by=CUSTOMER, **words)
    withdraw(person, [topic], channel="email", source=Source.PHONE, by=CUSTOMER, **words)
    pause(person, until=timezone.now() + timedelta(days=9), source=Source.PHONE, by=CUSTOMER)
    address = Address.objects.get(held__recipient=person)
    for bound in ({"recipient": person}, {"address": address}):
        stop = suppress(reason=Suppression.Reason.MANUAL, by=SYSTEM, note=f"{MARK}stop", **bound)
        assert stop is not None
        lift(stop, by=make_actor(), why=f"{MARK}lift")
    DeclaredPerson.objects.filter(declaration=make_declaration(person)).update(
        source=f"{MARK}source", wording=f"{MARK}wording", since_on=date(2024, 1, 1)
    )
    group, other = make_group(), make_group()
    add_members(group, [person.pk], by=SYSTEM, reason="met")
    group.memberships.update(reason=f"{MARK}why")
    exclude(other, person, by=CUSTOMER, said=f"{MARK}said")
    attempt = make_message(person, make_campaign(group, topic=topic))
    sender = attempt.delivery.run.campaign.sender
    DataRequest.objects.create(recipient=person, address=address, asked_from=attempt, sender=sender)
    return attempt


def _letters(person: Recipient) -> None:
    mail = InboundMail.objects.create(
        provider="test",
        raw=json.dumps({"mime": f"From: {EMAIL}\n\n{MARK}"}),
        dedupe_key="1",
        state=InboundMail.State.TAKEN,
        error=f"{MARK}error",
    )
    for number, state in enumerate(("quarantined", "new")):
        InboundMail.objects.create(
            provider="test",
            raw=json.dumps({"payload": {"From": EMAIL.upper(), "Text": f"{MARK}text"}}),
            dedupe_key=f"unread {number}",
            state=state,
        )
    for known in (person, None):
        conversation = Conversation.objects.create(
            recipient=known, subject=f"{MARK}subject", state=Conversation.State.OPEN
        )
        letter = Message.objects.create(
            conversation=conversation,
            mail=mail if known else None,
            direction="in",
            state="received",
            from_address=EMAIL.title(),
            answer_to=EMAIL,
            text=f"{MARK}text",
            message_id=f"<{MARK}@example.com>",
            at=timezone.now() - timedelta(hours=1),
        )
        Message.objects.create(
            conversation=conversation,
            direction="out",
            state="refused",
            to_address=EMAIL,
            text=f"{MARK}answer",
            detail=f"{MARK}detail",
        )
        Clock.objects.create(
            conversation=conversation,
            running_slot=conversation,
            started_by=letter,
            started_at=letter.at,
            due_at=letter.at + timedelta(hours=24),
        )
        record(conversation, "received", by=CUSTOMER, note=f"{MARK}note")


def _reports(attempt: Attempt) -> None:
    for number, key in enumerate((attempt.key.hex, "")):
        ProviderEvent.objects.create(
            provider="test",
            event_type="bounced",
            subject_key=key,
            happened_at=timezone.now(),
            description=f"{MARK}description" if key else "",
            smtp_reply=f"550 <{EMAIL}>",
            error=f"ValueError: {EMAIL}",
            dedupe_key=f"event {number}",
            state=ProviderEvent.State.APPLIED,
        )


def found(mark: str = MARK) -> set[str]:
    """Every column of every table of ours in which the mark stands, whatever its type."""
    return {
        f"{table}.{column}"
        for table, columns, rows in _tables()
        for row in rows
        for column, value in zip(columns, row, strict=True)
        if mark.lower() in str(value).lower()
    }


def _tables() -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
    models = apps.get_app_config("outreach").get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in models}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [each[0] for each in cursor.description]
            yield table, columns, cursor.fetchall()
