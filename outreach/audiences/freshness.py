from outreach.audiences.candidates import aims_digest
from outreach.ledger.models import Run


def is_fresh(run: Run) -> bool:
    """Whether groups, rules, topic and purpose are still those that the audience was made of."""
    return run.frozen_at is not None and run.aims_digest == aims_digest(run.campaign, run.channel)
