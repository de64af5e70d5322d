import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Repeatable chance.

    Built on random() alone, the one method whose sequence Python keeps from version to version.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random  # noqa: S311  # for a story, not for a secret

    def chance(self, probability: float) -> bool:
        return self._random() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[self.between(0, len(items) - 1)]

    def weigh(self, weights: Mapping[T, float]) -> T:
        """One of the keys, the more often the greater its weight."""
        left = self._random() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return item

    def shuffled(self, items: Sequence[T]) -> list[T]:
        rest = list(items)
        return [rest.pop(self.between(0, len(rest) - 1)) for _ in items]

    def day(self, first: date, last: date) -> date:
        """A day from first to last, both possible."""
        return first + timedelta(days=self.between(0, (last - first).days))

    def fill(self, pattern: str) -> str:
        """The pattern with a digit for each # and a capital letter for each ?."""
        fillings = {"#": "0123456789", "?": "ABDEFGHJLNPQRSTUWXYZ"}
        return "".join(self.pick(fillings[c]) if c in fillings else c for c in pattern)
