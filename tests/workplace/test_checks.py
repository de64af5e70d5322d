from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

from outreach.checks import check_sqlite


def ids(**outreach: Any) -> set[str]:
    with override_settings(OUTREACH={**settings.OUTREACH, **outreach}):
        return {message.id or "" for message in checks.run_checks()}


def test_the_demo_has_nothing_to_mend() -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"CONTACT_SOURCES": []}, "outreach.E001"),
        ({"BASE_URL": ""}, "outreach.E002"),
        ({"KEYS": {}}, "outreach.E003"),
        ({"PEPPER": ""}, "outreach.E004"),
        ({"MAILER": ""}, "outreach.E005"),
        ({"CONTACT_SOURCES": ["project.crm.contact_source.Nobody"]}, "outreach.E006"),
    ],
)
def test_what_is_missing_is_named_with_its_mend(wrong: dict[str, Any], expected: str) -> None:
    assert expected in ids(**wrong)


def test_every_error_has_a_hint() -> None:
    with override_settings(OUTREACH={}, ANYMAIL={}):
        found = [m for m in checks.run_checks() if (m.id or "").startswith("outreach.")]
    assert len(found) >= 6
    assert all(message.hint for message in found)


def test_webhooks_without_a_secret_are_an_error() -> None:
    with override_settings(ANYMAIL={}):
        assert "outreach.E007" in {message.id for message in checks.run_checks()}


def test_naive_times_are_an_error() -> None:
    with override_settings(USE_TZ=False):
        assert "outreach.E008" in {message.id for message in checks.run_checks()}


def test_sqlite_without_immediate_transactions_is_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        assert check_sqlite(databases=["default"]) == []
        return
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    (warning,) = check_sqlite(databases=["default"])
    assert warning.id == "outreach.W001"


def test_a_setting_that_does_not_exist_is_refused() -> None:
    from django.core.exceptions import ImproperlyConfigured

    from outreach.conf import conf

    wrong = override_settings(OUTREACH={"BASE_ULR": "https://example.com"})
    with wrong, pytest.raises(ImproperlyConfigured, match="BASE_ULR"):
        conf()
