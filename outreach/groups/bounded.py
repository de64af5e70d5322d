"""Counts that go no further than a limit: nobody waits for the exact figure of a large group."""

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """So many rows, or, where `has_more`, more than so many."""

    count: int
    has_more: bool = False

    @classmethod
    def of(cls, found: int) -> "Counted":
        """Of a figure that was counted one further than the limit."""
        return cls(min(found, MOST), found > MOST)

    def __str__(self) -> str:
        figure = number_format(self.count, force_grouping=True)
        return _("more than %(most)s") % {"most": figure} if self.has_more else figure


NOBODY = Counted(0)


def counted(rows: QuerySet[Any]) -> Counted:
    return Counted.of(rows.order_by()[: MOST + 1].count())


class UpToMost(Subquery):
    """The same within a query, for `Counted.of`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) outreach_counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: MOST + 1])
