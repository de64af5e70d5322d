"""The rules in the order in which they are asked; the first that says no names the reason."""

from outreach.eligibility.rule import Rule
from outreach.eligibility.rules import (
    capped,
    erased,
    gone,
    host_opt_out,
    no_address,
    no_consent,
    opted_out,
    paused,
    shared_address,
    stopped,
    suppressed,
    told_against,
    too_often,
)

RULES: tuple[Rule, ...] = (
    erased.RULE,
    gone.RULE,
    no_address.RULE,
    stopped.RULE,
    host_opt_out.RULE,
    suppressed.RULE,
    opted_out.RULE,
    told_against.RULE,
    no_consent.RULE,
    paused.RULE,
    too_often.RULE,
    capped.RULE,
    shared_address.RULE,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
