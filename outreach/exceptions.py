"""What outreach raises, so that callers can tell a refusal from a fault."""


class OutreachError(Exception):
    """Base of all errors that outreach raises on purpose; its text can be shown to staff."""


class Refused(OutreachError):
    """A rule of the house says no. The text says why and what would mend it."""


class Conflict(OutreachError):
    """Somebody else changed the row first; look again and repeat."""
