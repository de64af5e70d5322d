"""The rules in the order in which they are asked; the first that says no names the reason."""

from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from outreach.conf import conf
from outreach.eligibility.rule import Rule
from outreach.eligibility.rules import (
    capped,
    coordinated,
    erased,
    first_not_sale,
    gone,
    host_opt_out,
    no_address,
    no_consent,
    opted_out,
    other_channel,
    paused,
    shared_address,
    silent,
    stopped,
    suppressed,
    told_against,
    too_new,
    too_often,
    won_back,
)

OWN: tuple[Rule, ...] = (
    erased.RULE,
    gone.RULE,
    no_address.RULE,
    stopped.RULE,
    host_opt_out.RULE,
    suppressed.RULE,
    opted_out.RULE,
    told_against.RULE,
    other_channel.RULE,
    no_consent.RULE,
    too_new.RULE,
    paused.RULE,
    too_often.RULE,
    silent.RULE,
    won_back.RULE,
    first_not_sale.RULE,
    coordinated.RULE,
    capped.RULE,
    shared_address.RULE,
)


LONGEST_CODE = 40
"""As Delivery keeps it."""


@cache
def rules() -> tuple[Rule, ...]:
    """Our own rules, then the host's. Raises ImproperlyConfigured with the path that is wrong."""
    if wrong := wrong_paths():
        raise ImproperlyConfigured("OUTREACH['RULES']: " + " ".join(wrong))
    return (*OWN, *map(import_string, conf().rules))


def rule_of(code: str) -> Rule | None:
    """The rule of that code; None where the host has taken its own away since."""
    return next((rule for rule in rules() if rule.code == code), None)


def wrong_paths() -> list[str]:
    """What is wrong with each path in OUTREACH["RULES"], in a sentence that names it."""
    taken = {rule.code: "one of our own" for rule in OWN}
    wrong: list[str] = []
    for path in conf().rules:
        try:
            found = import_string(path)
        except ImportError as error:
            wrong.append(f"{path} cannot be imported ({error}).")
            continue
        if not isinstance(found, Rule):
            wrong.append(f"{path} is no Rule.")
        elif not 0 < len(found.code) <= LONGEST_CODE:
            wrong.append(f"{path} has no code of 1 to {LONGEST_CODE} characters.")
        elif found.code in taken:
            wrong.append(f"{path} has the code {found.code!r} of {taken[found.code]}.")
        else:
            taken[found.code] = path
    return wrong


@receiver(setting_changed, dispatch_uid="outreach.eligibility.rules")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        rules.cache_clear()
