"""What a decision about a range of people finds once, for all rules that ask about addresses.

To go from everybody who is marked, or stopped, to their addresses and on to who else has them
takes the longer the more people there are in all. Who shares an address is few, and in a range of
people a matter of that range alone. So is where their addresses lie: those of people who came
together were kept together.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When

from outreach.recipients.models import Channel, RecipientAddress

_NO_TABLES = Apps()
"""Neither migrations nor permissions are to know of these: they stand in a query's WITH."""


class SharedAddress(models.Model):
    """A row of RecipientAddress whose address somebody else has too; of people of the range."""

    recipient = models.BigIntegerField(db_column="holder", primary_key=True)
    address = models.BigIntegerField(db_column="place")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        apps = _NO_TABLES
        app_label = "outreach"
        db_table = "outreach_shared"

    def __str__(self) -> str:
        return f"{self.recipient}@{self.address}"


class AddressSpan(models.Model):
    """The one row with the least and the greatest key of all their addresses."""

    least = models.BigIntegerField(primary_key=True)
    greatest = models.BigIntegerField()

    class Meta:
        apps = _NO_TABLES
        app_label = "outreach"
        db_table = "outreach_address_span"

    def __str__(self) -> str:
        return f"{self.least}-{self.greatest}"


def found_once(people: Q) -> dict[str, QuerySet[RecipientAddress, Any]]:
    """The rows of both by the name of their table; `people` is a filter on RecipientAddress."""
    return {
        SharedAddress._meta.db_table: _shared_by(people),
        AddressSpan._meta.db_table: _span_of(people),
    }


def in_span(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` whose address may be one of theirs."""
    span: QuerySet[AddressSpan] = QuerySet(AddressSpan)
    return rows.filter(address__gte=span.values("least"), address__lte=span.values("greatest"))


def _shared_by(people: Q) -> QuerySet[RecipientAddress, Any]:
    """A CASE is a look at an index for each of their addresses, and true of few.

    Asked plainly, PostgreSQL would compare them with the whole table.
    """
    held = RecipientAddress.objects.order_by()
    others = held.filter(address=OuterRef("address")).exclude(recipient=OuterRef("recipient"))
    theirs = held.filter(people).alias(
        outreach_is_shared=Case(When(Exists(others), then=1), default=0)
    )
    addresses = theirs.filter(outreach_is_shared=1).values("address")
    rows = held.filter(address__in=addresses)
    return rows.values("channel", "position", holder=F("recipient"), place=F("address"))


def _span_of(people: Q) -> QuerySet[RecipientAddress, Any]:
    """The sum keeps PostgreSQL from going through all addresses until it meets one of theirs."""
    theirs = RecipientAddress.objects.filter(people).order_by()
    place = F("address") + Value(0)
    of_all = theirs.annotate(outreach_all=Value(1)).values("outreach_all")
    return of_all.annotate(least=Min(place), greatest=Max(place)).values("least", "greatest")
