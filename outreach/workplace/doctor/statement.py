from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that always holds. `violations` gives the keys of the rows where it does not.

    `number` is that of the statement in docs/invariants.md; 0 is in none.
    """

    number: int
    sentence: str
    violations: Callable[[], QuerySet[Any, Any] | Sequence[str]]
