"""Tokens that are worth something for an hour: for what a link in an old mail may not open.

When they end is part of what is signed, so a late one costs no query.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from outreach.links.tokens import BadToken, Scope, make, read

LASTS = timedelta(hours=1)
_BETWEEN = "-"


class TooLate(BadToken):
    """The link was ours, and its time is over."""


def make_short_lived(scope: Scope, value: str, *, at: datetime) -> str:
    """A token for `value` that ends LASTS after `at`."""
    return make(scope, f"{value}{_BETWEEN}{int((at + LASTS).timestamp()):x}")


def read_short_lived(scope: Scope, token: str) -> str:
    """The value that was signed for this scope. Raises BadToken, TooLate once its time is over."""
    value, _between, ends = read(scope, token).rpartition(_BETWEEN)
    try:
        ends_at = int(ends, 16)
    except ValueError as error:
        raise BadToken from error
    if not value:
        raise BadToken
    if timezone.now().timestamp() >= ends_at:
        raise TooLate
    return value
