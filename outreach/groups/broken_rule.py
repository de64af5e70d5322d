from outreach.exceptions import Refused


class BrokenRule(Refused):
    """A stored rule asks about what no longer exists: nobody may be found by it until mended."""
