"""What happened to a campaign, told in sentences."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign
from outreach.history.record import history_of

WORDS: dict[str, str | Promise] = {
    "campaign.begun": _("began it"),
    "campaign.edited": _("changed it"),
    "campaign.submitted": _("submitted it for approval"),
    "campaign.approved": _("approved it"),
    "campaign.changes_asked": _("asked for changes"),
    "campaign.refused": _("refused it"),
    "campaign.approval_voided": _("took back the approval, since it was changed"),
    "campaign.sending": _("began to send it"),
    "campaign.sent": _("finished sending it"),
    "campaign.stopped": _("stopped it"),
    "audience.begun": _("worked out who gets it"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """`who` and `words` make a sentence; `note` is what they said or touched."""

    at: datetime
    who: str
    words: str | Promise
    note: str


def story_of(
    campaign: Campaign, *, since: datetime | None = None, most: int = 50
) -> list[Happening]:
    """The latest first, at most `most` of them, and only what is later than `since`."""
    entries = history_of(campaign)
    if since is not None:
        entries = entries.filter(at__gt=since)
    return [
        Happening(entry.at, entry.actor_name, WORDS.get(entry.verb, _plain(entry.verb)), entry.note)
        for entry in entries[:most]
    ]


def _plain(verb: str) -> str:
    return verb.replace(".", " ").replace("_", " ")
