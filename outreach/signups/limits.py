"""How often something may be tried in a while: counted in the database, so any host can."""

from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from outreach.recipients.hashing import keyed_hash
from outreach.signups.models import Knock


def is_within(what: str, who: str, *, most: int, per: timedelta) -> bool:
    """Count one more attempt, unless there were `most` in this stretch of time; then False.

    Only a keyed hash of `who` is kept, which says nothing without the pepper and is another one
    in each stretch; a few attempts more pass where two stretches meet.
    """
    now = timezone.now()
    stretch = int(now.timestamp() // per.total_seconds())
    bucket = keyed_hash(f"knock:{what}:{who}:{stretch}")
    ends_at = datetime.fromtimestamp((stretch + 1) * per.total_seconds(), UTC)
    Knock.objects.bulk_create([Knock(bucket=bucket, ends_at=ends_at)], ignore_conflicts=True)
    counted = Knock.objects.filter(bucket=bucket, count__lt=most).update(count=F("count") + 1)
    return bool(counted)


def forget() -> int:
    """Delete the counts whose stretch is over."""
    deleted, _by_table = Knock.objects.filter(ends_at__lt=timezone.now()).delete()
    return deleted
