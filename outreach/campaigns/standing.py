"""How a campaign stands, in sentences at the top of its page: higher rooms register theirs."""

from collections.abc import Callable

from outreach.campaigns.models import Campaign

Note = Callable[[Campaign], str]

_notes: dict[str, Note] = {}


def register(key: str, note: Note) -> None:
    """Say something about every campaign; "" where there is nothing. A key again replaces it."""
    _notes[key] = note


def standing_of(campaign: Campaign) -> list[str]:
    return [said for note in _notes.values() if (said := note(campaign))]
