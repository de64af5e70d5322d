from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from tests.dispatch.providers import Provider


@pytest.fixture(autouse=True)
def provider() -> Iterator[type[Provider]]:
    """Answers go to a provider of our own."""
    Provider.sent.clear()
    path = "tests.dispatch.providers.Provider"
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        yield Provider
