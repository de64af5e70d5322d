import pytest
from pytest_django import Settings

from tests.tenancy.firms import BY_CITY


@pytest.fixture(autouse=True)
def _firms(settings: Settings) -> None:
    settings.OUTREACH = BY_CITY
