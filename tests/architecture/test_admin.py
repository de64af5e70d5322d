"""Nobody does or sees anything in the admin without a permission for it."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin import site as default_site
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, reverse

from tests.architecture.admin_site import site
from tests.builders import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.architecture.admin_site")]

ADMINS: list["ModelAdmin[Any]"] = list(site._registry.values())
FILLED = {"int": 1, "uuid": UUID(int=1)}


def _named(admin: "ModelAdmin[Any]") -> str:
    return admin.model.__name__


def _patterns(found: list[Any]) -> Iterator[URLPattern]:
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def _plain() -> set[str | None]:
    """The pages that Django itself brings for these tables: by name, or where they have none by
    address."""
    plain = AdminSite()
    plain.register([admin.model for admin in ADMINS], ModelAdmin)
    return {pattern.name or str(pattern.pattern) for pattern in _patterns(plain.get_urls())}


PLAIN = _plain()


def _filled(pattern: URLPattern) -> str:
    """The address of a page, with 1 for each part that is left open."""
    converters = pattern.pattern.converters
    parts = {
        name: FILLED.get(type(converter).__name__.removesuffix("Converter").lower(), "1")
        for name, converter in converters.items()
    }
    if not parts:
        parts = dict.fromkeys(re.findall(r"\?P<(\w+)>", str(pattern.pattern)), "1")
    return reverse(f"admin:{pattern.name}", kwargs=parts)


OWN = [p for p in _patterns(site.get_urls()) if (p.name or str(p.pattern)) not in PLAIN]
OWN_PAGES = [pattern for pattern in OWN if pattern.name]


def _statuses(client: Client, pattern: URLPattern) -> set[int]:
    """What GET and POST are answered; 302 stands for the login page alone."""
    return {
        _status(client.get(_filled(pattern))),
        _status(client.post(_filled(pattern))),
    }


def _status(response: HttpResponseBase) -> int:
    is_elsewhere = not response.get("Location", "").startswith("/admin/login/")
    return 0 if response.status_code == 302 and is_elsewhere else response.status_code


def test_the_default_site_of_the_demo_has_the_same_tables() -> None:
    assert site._registry.keys() <= default_site._registry.keys()


@pytest.mark.parametrize("admin", ADMINS, ids=_named)
def test_every_action_names_its_permissions(admin: "ModelAdmin[Any]") -> None:
    request = RequestFactory().get("/")
    request.user = make_user("root", is_superuser=True)
    open_to_all = [
        name
        for name, entry in admin.get_actions(request).items()
        if entry and not getattr(_function(entry), "allowed_permissions", ())
    ]
    assert not open_to_all, f"Add permissions= to {open_to_all}: all who see the list see them."


def _function(entry: Any) -> Any:
    """An action is a tuple up to Django 6.0, and an object of its own from 6.1 on."""
    return entry.func if hasattr(entry, "func") else entry[0]


@pytest.mark.parametrize("admin", ADMINS, ids=_named)
def test_nobody_without_permission_is_offered_an_action(admin: "ModelAdmin[Any]") -> None:
    request = RequestFactory().get("/")
    request.user = make_user("bruno")
    assert not admin.get_actions(request)


@pytest.mark.parametrize("admin", ADMINS, ids=_named)
def test_no_list_writes_rows_past_its_form(admin: "ModelAdmin[Any]") -> None:
    assert not admin.list_editable


@pytest.mark.parametrize("admin", ADMINS, ids=_named)
@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_a_page_of_a_table_is_closed_to_staff_without_permission(
    page: str, admin: "ModelAdmin[Any]", client: Client
) -> None:
    client.force_login(make_user("bruno"))
    name = f"admin:outreach_{admin.opts.model_name}_{page}"
    args = [] if page in {"changelist", "add"} else [1]
    for response in (client.get(reverse(name, args=args)), client.post(reverse(name, args=args))):
        # Without the permission, or the row, Django goes back to the front page.
        is_sent_back = response.get("Location") == reverse("admin:index")
        assert _status(response) in {302, 403, 405} or is_sent_back


def test_every_page_of_ours_has_a_name_to_reach_it_by() -> None:
    assert [str(pattern.pattern) for pattern in OWN if not pattern.name] == []


@pytest.mark.parametrize("pattern", OWN_PAGES, ids=lambda pattern: str(pattern.name))
def test_a_page_of_ours_sends_strangers_to_the_login(pattern: URLPattern, client: Client) -> None:
    assert _statuses(client, pattern) == {302}, "Wrap it in self.admin_site.admin_view()."


@pytest.mark.parametrize("pattern", OWN_PAGES, ids=lambda pattern: str(pattern.name))
def test_a_page_of_ours_is_closed_to_staff_without_permission(
    pattern: URLPattern, client: Client
) -> None:
    client.force_login(make_user("bruno"))
    statuses = _statuses(client, pattern)
    assert (statuses - {405}) in ({403}, {302}), (
        f"{statuses}: ask for the permission before all else, also before the row is looked up."
    )
