"""People with the address that we would write to."""

from django.db.models import F, FilteredRelation, Q, QuerySet

from outreach.eligibility.rule import ADDRESS, Within
from outreach.recipients.models import FIRST, Recipient

FIRST_HELD = "outreach_first"
"""What the address of first choice is called in a query."""


def with_address(
    people: QuerySet[Recipient], channel: str, *, within: Within | None = None
) -> QuerySet[Recipient]:
    """Annotate ADDRESS: the address of first choice on the channel.

    By a join, of which there is at most one row: a subquery here would be put into each rule that
    looks at the address, and worked out once more in each.
    """
    first = Q(held__channel=channel, held__position=FIRST)
    if within:
        first &= within.of("held__recipient")
    return people.alias(**{FIRST_HELD: FilteredRelation("held", condition=first)}).annotate(
        **{ADDRESS: F(f"{FIRST_HELD}__address")}
    )
