"""What the codes of the rules mean, for the lists of the ledger."""

from outreach.eligibility.rules import rules
from outreach.ledger import reasons


def register_reasons() -> None:
    reasons.register({rule.code: rule.sentence for rule in rules()})
