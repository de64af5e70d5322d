"""What somebody had before them when they pressed a button: a page may be hours old."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from outreach.centre.link import Link
from outreach.preferences.models import Act, ConsentRecord, Pause, Source

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """The page as the form says it was: `at` when, with these boxes ticked, topics that often.

    `often` is by the topic's short name, absent where it came as it comes.
    """

    at: datetime
    ticked: frozenset[str]
    often: dict[str, str]


def seen(form: QueryDict) -> Seen:
    """A form that does not say when its page was made is taken for the oldest there is."""
    pairs: Iterable[tuple[str, str, str]] = (was.partition(":") for was in form.getlist("was"))
    return Seen(
        at=_moment(form.get("as_of", "")),
        ticked=frozenset(form.getlist("shown")),
        often={slug: often for slug, _colon, often in pairs},
    )


def refused_since(link: Link, at: datetime) -> set[tuple[int, str]]:
    """Topics by channel that were refused, elsewhere or here, after the page was made."""
    refusals = ConsentRecord.objects.filter(
        Q(recipient=link.recipient) | Q(address=link.address), act=Act.WITHDRAW, at__gt=at
    )
    return set(refusals.exclude(source=Source.EXPIRY).values_list("topic", "channel"))


def break_begun_since(link: Link, at: datetime) -> bool:
    begun = Pause.objects.filter(recipient=link.recipient, starts_at__gt=at)
    return begun.filter(ends_at__gt=timezone.now()).exists()


def _moment(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return NEVER
    return at if timezone.is_aware(at) else NEVER
