import pytest
from django.test import Client

from tests.approvals.asking import Asked, ask
from tests.approvals.browsing import browser_of


@pytest.fixture
def asked() -> Asked:
    return ask()


@pytest.fixture
def approver(asked: Asked) -> Client:
    return browser_of(asked.approver)


@pytest.fixture
def author(asked: Asked) -> Client:
    return browser_of(asked.author)
