"""A message that went to somebody, and the paths of its links."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone

from outreach.campaigns.models import Campaign
from outreach.centre.models import DataRequest
from outreach.ledger.models import Attempt, Delivery, Run
from outreach.links.paths import path_to
from outreach.links.short_lived import make_short_lived
from outreach.links.tokens import Scope, make
from outreach.recipients.models import Recipient
from tests.builders import address_of, make_campaign, make_recipient


def make_message(
    recipient: Recipient | None = None, campaign: Campaign | None = None, **fields: Any
) -> Attempt:
    """A message that was handed over to the provider and accepted; `fields` of its campaign."""
    recipient = recipient or make_recipient()
    campaign = campaign or make_campaign(**fields)
    now = timezone.now()
    run, _made = Run.objects.get_or_create(
        campaign=campaign,
        current_slot=campaign,
        defaults={"channel": "email", "state": Run.State.DONE, "frozen_at": now},
    )
    address = address_of(recipient)
    delivery = Delivery.objects.create(
        run=run,
        recipient=recipient,
        address=address,
        channel="email",
        state=Delivery.State.SENT,
        recipient_slot=recipient.pk,
        address_slot=address.pk,
    )
    return Attempt.objects.create(
        delivery=delivery,
        number=1,
        outcome=Attempt.Outcome.ACCEPTED,
        handed_over_at=now,
        settled_at=now,
    )


def preferences_path(attempt: Attempt) -> str:
    return path_to("preferences", make(Scope.PREFERENCES, attempt.key.hex))


def unsubscribe_path(attempt: Attempt) -> str:
    return path_to("unsubscribe", make(Scope.UNSUBSCRIBE, attempt.key.hex))


def reasons_path(attempt: Attempt) -> str:
    return path_to("reasons", make(Scope.PREFERENCES, attempt.key.hex))


def ask_data_path(attempt: Attempt) -> str:
    return path_to("ask_data", make(Scope.PREFERENCES, attempt.key.hex))


def data_token(attempt: Attempt) -> str:
    """The token of the link that somebody gets who asks for their data."""
    delivery = attempt.delivery
    assert delivery.address is not None
    request = DataRequest.objects.create(
        recipient=delivery.recipient,
        address=delivery.address,
        asked_from=attempt,
        sender=delivery.run.campaign.sender,
    )
    return make_short_lived(Scope.MY_DATA, request.key.hex, at=timezone.now())


def my_data_path(attempt: Attempt) -> str:
    return path_to("my_data", data_token(attempt))


def erase_path(attempt: Attempt) -> str:
    return path_to("erase", data_token(attempt))


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in every table, to be compared before and after."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in sorted(tables)}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    rows: Iterable[tuple[Any, ...]] = cursor.fetchall()
    return sorted(rows, key=repr)
