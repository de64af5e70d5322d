"""Tell rooms to the right when the CRM gives a person another address, or takes one away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A person came to an address (`is_left` false), or left it."""

    recipient_id: int
    address_id: int
    channel: str
    is_left: bool


Follower = Callable[[Sequence[Move]], None]

_followers: list[Follower] = []


def follow_moves(follower: Follower) -> None:
    """Have `follower` called with the moves of people known before, in the same transaction."""
    if follower not in _followers:
        _followers.append(follower)


def tell(moves: Sequence[Move]) -> None:
    """Say what moved, if anything did."""
    if moves:
        for follower in _followers:
            follower(moves)
