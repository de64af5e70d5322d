"""What we hold of a person, room by room: shown to them, given along, erased for them (B12).

Each room says what is in its own tables, so that a new table cannot be forgotten, and a test asks
for every table that leads to a person.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db.models import Model
from django.utils.functional import Promise

from outreach.history.actor import Actor
from outreach.recipients.models import Address, Recipient

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Coded:
    """One of a list: `code` for machines, `words` for people."""

    code: str
    words: Text


Value = str | bool | date | datetime | Coded | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is what the file calls it, and stays; `label` is what people read."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows as long as `columns`, each something we hold; `empty` is said where there is none."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    empty: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Who is erased, by whom, when. `own` are the addresses of nobody else: their values go."""

    recipient: Recipient
    own: tuple[Address, ...]
    by: Actor
    at: datetime

    @property
    def values(self) -> tuple[str, ...]:
        """The addresses that go, as they were written."""
        return tuple(address.value for address in self.own)


class Holding(ABC):
    """What one room holds of people. `tables` are those it shows and erases.

    `position` orders the page, and the erasure, by tens: rooms in the order of the house.
    """

    position: ClassVar[int]
    tables: ClassVar[tuple[type[Model], ...]]

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        """What the person reads, in the active language; nothing about anybody else."""
        return ()

    def lock(self, recipient: Recipient) -> None:
        """Lock the rows that others lock before they lock a person; called first of all."""
        return

    @abstractmethod
    def erase(self, erasure: Erasure) -> None:
        """Take all words and addresses of the person out of the tables, under their lock."""


_holdings: dict[type[Holding], Holding] = {}


def register(*holdings: Holding) -> None:
    """Say what a room holds; once for each class."""
    _holdings.update({type(holding): holding for holding in holdings})


def all_holdings() -> list[Holding]:
    """In the order of the house."""
    return sorted(_holdings.values(), key=lambda holding: holding.position)


def sections_of(recipient: Recipient) -> list[Section]:
    """Everything we hold of a person that is for them to see."""
    return [each for holding in all_holdings() for each in holding.sections(recipient)]
