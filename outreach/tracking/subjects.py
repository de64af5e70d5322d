"""What a provider can report on. The rooms that send register what takes their reports in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.tracking.classify import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What befell one message: named by the key that we put into its metadata, else by the
    provider's own id. `detail` holds no address.
    """

    effect: Effect
    key: UUID | None
    message_id: str
    at: datetime
    detail: str


Taker = Callable[[Report], bool]
"""Applies a report and says whether the message is one of its own. May see a report twice."""

_takers: dict[str, Taker] = {}


def register(metadata_name: str, taker: Taker) -> None:
    """Send reports on messages whose metadata has `metadata_name` (at most 20 long) to `taker`."""
    _takers[metadata_name] = taker


def named_in(metadata: Any) -> tuple[str, str]:
    """Which kind of message the metadata names, and its key; twice empty for a foreign one."""
    if isinstance(metadata, Mapping):
        for name in _takers:
            if value := metadata.get(name):
                return name, str(value)
    return "", ""


def hand_out(kind: str, report: Report) -> bool:
    """Give a report to whom it concerns; False if nobody knows the message."""
    if kind:
        return kind in _takers and _takers[kind](report)
    return any(taker(report) for taker in _takers.values())
