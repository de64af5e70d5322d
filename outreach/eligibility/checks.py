"""The system check of the rules that a host adds."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from outreach.eligibility.rules import wrong_paths


@register(Tags.compatibility)
def check_rules(**kwargs: Any) -> list[CheckMessage]:
    """E017: without the check it would be found when the first audience is worked out."""
    return [
        Error(
            f"OUTREACH['RULES']: {wrong}",
            hint="Name instances of outreach.eligibility.rule.Rule by dotted paths, each with a "
            "code that no other rule has; docs/eligibility.md shows one.",
            id="outreach.E017",
        )
        for wrong in wrong_paths()
    ]
