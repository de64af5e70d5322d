"""What can be done next with a campaign: higher rooms register it, staff pages show it."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from outreach.campaigns.models import Campaign


class Step(Protocol):
    """One thing to do next.

    `is_post` steps change something and are done by POST at once; others lead to a page.
    `position` orders them. Permission is asked again where the step leads to.
    """

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str | Promise: ...

    @property
    def position(self) -> int: ...

    @property
    def is_post(self) -> bool: ...

    def url(self, campaign: Campaign, *, current_app: str) -> str:
        """The page or action; `current_app` is the name of the admin site, for reverse()."""

    def is_main(self, campaign: Campaign) -> bool:
        """Whether this is what the campaign waits for."""

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        """Whether it makes sense now, and this user may."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    key: str
    label: str | Promise
    url: str
    is_post: bool
    is_main: bool


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    """Offer a step on every campaign's pages. The same key again replaces it."""
    _steps[step.key] = step


def shown_steps(campaign: Campaign, user: Any, *, current_app: str) -> list[ShownStep]:
    """The steps for one user in order; at most one of them is the main one."""
    shown: list[ShownStep] = []
    has_main = False
    for step in sorted(_steps.values(), key=lambda step: step.position):
        if step.is_shown(campaign, user):
            is_main = not has_main and step.is_main(campaign)
            has_main = has_main or is_main
            url = step.url(campaign, current_app=current_app)
            shown.append(ShownStep(step.key, step.label, url, step.is_post, is_main))
    return shown


def find_post_step(
    key: str, campaign: Campaign, user: Any, *, current_app: str
) -> ShownStep | None:
    """The step with that key if it is shown to this user and done by POST."""
    for step in shown_steps(campaign, user, current_app=current_app):
        if step.key == key and step.is_post:
            return step
    return None
