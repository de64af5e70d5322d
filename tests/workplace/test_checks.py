from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from pytest_django import Settings

import outreach.centre.checks
import outreach.checks
from outreach.calendars.models import BusinessCalendar
from outreach.centre.checks import PUBLIC_PAGES
from outreach.checks import check_holidays, check_sqlite
from outreach.conf import conf
from outreach.recipients.sources import ContactSource, SegmentField
from project.crm.contact_source import CrmContacts

pytestmark = pytest.mark.django_db  # from Django 6.1 on a check of JSON fields asks the database


def found(**outreach: Any) -> list[CheckMessage]:
    with override_settings(OUTREACH={**settings.OUTREACH, **outreach}):
        return checks.run_checks()


def ids(**outreach: Any) -> set[str]:
    return {message.id or "" for message in found(**outreach)}


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
        ({"BASE_URL": "crm.example.com"}, "outreach.E009"),
        ({"BASE_URL": "//crm.example.com"}, "outreach.E009"),
        ({"BASE_URL": "ftp://crm.example.com"}, "outreach.E009"),
        ({"BASE_URL": "https://crm.example.com/?a=b"}, "outreach.E009"),
        ({"BASE_URL": "http://crm.example.com"}, "outreach.W002"),
        ({"BASE_URL": "http://127.example.com"}, "outreach.W002"),
        ({"KEYS": {"2025": "", "2026": "secret"}}, "outreach.E010"),
        ({"KEYS": {"2025": None, "2026": "secret"}}, "outreach.E010"),
        ({"KEYS": {2026: "secret"}}, "outreach.E010"),
        ({"KEYS": {"of 2026": "secret"}}, "outreach.E010"),
        ({"MAILER": "anymail.backends.postmrk.EmailBackend"}, "outreach.E011"),
        ({"MAILER": {"BACKEND": "anymail.backends.postmark.Backend"}}, "outreach.E011"),
        ({"MAILER": {"OPTIONS": {}}}, "outreach.E011"),
        ({"MAILER": "newsletter"}, "outreach.E011"),
        ({"CONTACT_SOURCES": [f"{__name__}.WrongColumn"]}, "outreach.E012"),
        ({"CONTACT_SOURCES": [f"{__name__}.WrongSegment"]}, "outreach.E012"),
        ({"CONTACT_SOURCES": [f"{__name__}.WrongKind"]}, "outreach.E013"),
        ({"TENANCY": "nowhere.Firms"}, "outreach.E015"),
        ({"TENANCY": "tests.builders.make_user"}, "outreach.E015"),
        ({"TENANCY": "tests.tenancy.firms.HalfATenancy"}, "outreach.E015"),
        ({"CONTACT_SOURCES": ["tests.tenancy.firms.ContactsByCity"]}, "outreach.E016"),
        ({"RULES": ["crm.rules.NOT_ABROAD"]}, "outreach.E017"),
        ({"RULES": ["tests.eligibility.test_own_rules.NO_RULE"]}, "outreach.E017"),
        ({"RULES": ["tests.eligibility.test_own_rules.NO_CODE"]}, "outreach.E017"),
        ({"RULES": ["tests.eligibility.test_own_rules.LIKE_OURS"]}, "outreach.E017"),
        ({"RULES": ["tests.eligibility.test_own_rules.NOT_ABROAD"] * 2}, "outreach.E017"),
        ({"COMPANY_NAME": ""}, "outreach.W004"),
        ({"POSTAL_ADDRESS": ""}, "outreach.W005"),
        ({"FROM_EMAIL": ""}, "outreach.W006"),
        ({"REPLY_DOMAIN": ""}, "outreach.W007"),
        ({"LIST_DOMAIN": ""}, "outreach.W008"),
    ],
)
def test_what_is_missing_is_named_with_its_mend(wrong: dict[str, Any], expected: str) -> None:
    messages = found(**wrong)
    assert {message.id for message in messages} == {expected}
    assert all(message.hint for message in messages)


def test_every_error_has_a_hint() -> None:
    with override_settings(OUTREACH={}, ANYMAIL={}):
        messages = [m for m in checks.run_checks() if (m.id or "").startswith("outreach.")]
    assert len(messages) >= 11
    assert all(message.hint for message in messages)


class WrongColumn(CrmContacts):
    language = "tongue"


class WrongSegment(ContactSource):
    model = "crm.Contact"
    segment_fields = {"town": SegmentField("company__town__name", "town")}


class WrongKind(ContactSource):
    model = "crm.Contact"
    segment_fields = {"country": SegmentField("country", "country", kind="flag")}


class WrongWords(ContactSource):
    model = "crm.Contact"
    segment_fields = {
        "since": SegmentField("customer_since", "customer since", "date", (), {"later": "x"}),
        "city": SegmentField("city", "city", phrases={"equals": "who live in %(town)s"}),
    }


def test_a_wrong_path_is_named_with_what_there_is_instead() -> None:
    (message,) = found(CONTACT_SOURCES=[f"{__name__}.WrongColumn"])
    assert "WrongColumn.language is 'tongue'" in message.msg
    assert "Choices are" in message.msg


def test_words_that_cannot_say_a_comparison_are_named() -> None:
    first, second = found(CONTACT_SOURCES=[f"{__name__}.WrongWords"])
    assert "segment_fields['since'].phrases['later'] is no way" in first.msg
    assert "segment_fields['city'].phrases['equals'] is no way" in second.msg
    assert first.id == second.id == "outreach.E013"


@pytest.mark.parametrize(
    "address",
    [
        "https://crm.example.com/sub/",
        "http://localhost:8000",
        "http://[::1]:1",
        "http://a.localhost",
    ],
)
def test_an_address_that_will_do(address: str) -> None:
    assert ids(BASE_URL=address) == set()


@pytest.mark.parametrize(
    ("urlconf", "expected"),
    [
        ("project.urls", set()),
        ("tests.links.at_the_root", set()),
        ("tests.links.by_language", set()),
        ("tests.links.no_include", {"outreach.E014"}),
        (__name__, {"outreach.E014"}),
    ],
)
def test_public_pages_that_the_host_hides_are_an_error(
    settings: Settings, urlconf: str, expected: set[str]
) -> None:
    settings.ROOT_URLCONF = urlconf
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != PUBLIC_PAGES]
    assert _ids_about_pages() == expected


@pytest.mark.parametrize("urlconf", ["project.urls", "tests.links.no_include", __name__])
def test_the_middleware_comes_before_what_the_host_answers(
    settings: Settings, urlconf: str
) -> None:
    settings.ROOT_URLCONF = urlconf
    assert _ids_about_pages() == set()


def test_the_middleware_behind_another_is_warned_of(settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[1:], PUBLIC_PAGES]
    assert _ids_about_pages() == {"outreach.W003"}


def _ids_about_pages() -> set[str]:
    """What these hosts lack besides, such as an admin's addresses, is not asked here."""
    return {message.id or "" for message in outreach.centre.checks.check_public_pages()}


def answer_everything(request: HttpRequest, rest: str) -> HttpResponse:
    return HttpResponse("the host")


urlpatterns = [
    path("<path:rest>", answer_everything),
    path("outreach/", include("outreach.urls")),
]


def test_holidays_that_nobody_knows_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outreach.checks, "has_holidays", lambda: False)
    assert check_holidays(databases=["default"]) == []
    BusinessCalendar.objects.create(name="Asti", country="IT")
    (warning,) = check_holidays(databases=["default"])
    assert warning.id == "outreach.W009"
    monkeypatch.setattr(outreach.checks, "has_holidays", lambda: True)
    assert check_holidays(databases=["default"]) == []


def test_before_the_first_migrate_nothing_is_asked_about_holidays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outreach.checks, "has_holidays", lambda: False)
    monkeypatch.setattr(BusinessCalendar._meta, "db_table", "outreach_not_yet_there")
    assert check_holidays(databases=["default"]) == []


def test_webhooks_without_a_secret_are_an_error() -> None:
    with override_settings(ANYMAIL={}):
        assert "outreach.E007" in {message.id for message in checks.run_checks()}


def test_naive_times_are_an_error() -> None:
    with override_settings(USE_TZ=False):
        assert "outreach.E008" in {message.id for message in checks.run_checks()}


def test_sqlite_without_immediate_transactions_is_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "sqlite":
        assert check_sqlite(databases=["default"]) == []
        return
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    (warning,) = check_sqlite(databases=["default"])
    assert warning.id == "outreach.W001"


def test_a_setting_that_does_not_exist_is_refused() -> None:
    wrong = override_settings(OUTREACH={"BASE_ULR": "https://example.com"})
    with wrong, pytest.raises(ImproperlyConfigured, match="BASE_ULR"):
        conf()
