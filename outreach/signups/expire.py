"""What is over: sign-ups that nobody confirmed, counts of attempts, contacts still to be made."""

from outreach.signups import keep, limits
from outreach.signups.contact import make_due_contacts


def sweep() -> int:
    """Forget what nobody confirmed in time; returns how many rows were forgotten or dealt with."""
    return keep.forget_over() + limits.forget() + make_due_contacts()
