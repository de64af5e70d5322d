from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user of the host by key and name, the customer, or the software itself.

    Kept as text in what must never change, so that a host may delete its users.
    """

    key: str
    name: str

    @classmethod
    def of(cls, user: Any) -> Self:
        """The actor for a user of the host, whatever its key; not every user has a full name."""
        full_name = getattr(user, "get_full_name", str)()
        return cls(key=str(user.pk), name=(full_name or user.get_username())[:200])

    @property
    def is_person(self) -> bool:
        return bool(self.key)


SYSTEM = Actor(key="", name="outreach")
CUSTOMER = Actor(key="", name="the customer")
