"""Which facts there are: our own, the CRM's, and those that rooms to the right registered."""

from collections.abc import Callable, Iterable

from outreach.groups.choice_facts import choice_facts
from outreach.groups.crm_facts import crm_facts
from outreach.groups.facts import Fact
from outreach.groups.person_facts import person_facts
from outreach.tenancy import current_tenant

Provider = Callable[[str], Iterable[Fact]]

_providers: list[Provider] = [crm_facts, person_facts, choice_facts]


def register(provider: Provider) -> Provider:
    """Offer facts: a function from the tenant to facts, called anew for each page or rule."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def known_facts(tenant: str | None = None) -> dict[str, Fact]:
    """All facts by name. Their choices are read from the database once, when asked for."""
    tenant = current_tenant() if tenant is None else tenant
    return {fact.name: fact for provider in _providers for fact in provider(tenant)}
