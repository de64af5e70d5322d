from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from tests.dispatch.providers import Provider


@pytest.fixture(autouse=True)
def provider() -> Iterator[type[Provider]]:
    """Every test here sends through a provider of its own."""
    Provider.sent.clear()
    path = "tests.dispatch.providers.Provider"
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        yield Provider
