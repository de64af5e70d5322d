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


@cache
def rules() -> tuple[Rule, ...]:
    """Our own rules, then the host's. Raises ImproperlyConfigured with the path that is wrong."""
    return (*OWN, *map(_of_host, conf().rules))


def rule_of(code: str) -> Rule | None:
    """The rule of that code; None where the host has taken its own away since."""
    return next((rule for rule in rules() if rule.code == code), None)


def _of_host(path: str) -> Rule:
    try:
        found = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"OUTREACH['RULES']: {path} cannot be imported ({error})."
        ) from error
    if not isinstance(found, Rule) or found.code in {rule.code for rule in OWN}:
        raise ImproperlyConfigured(f"OUTREACH['RULES']: {path} is no Rule with a code of its own.")
    return found


@receiver(setting_changed, dispatch_uid="outreach.eligibility.rules")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        rules.cache_clear()
