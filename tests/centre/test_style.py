"""A public page has its style however the host serves files, or does not."""

from pathlib import Path

import pytest
from django.conf import settings as all_settings
from django.http import HttpRequest
from django.test import Client, override_settings
from pytest_django import Settings

from outreach.links.paths import prefix
from tests.builders import make_topic
from tests.centre.messages import make_message, preferences_path

pytestmark = pytest.mark.django_db
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
OURS = "outreach.middleware.PublicPages"


def page_of(client: Client) -> str:
    answer = client.get(preferences_path(make_message(topic=make_topic())))
    assert answer.status_code == 200
    assert "style-src 'self';" in answer["Content-Security-Policy"]
    return answer.content.decode()


def test_a_file_that_was_not_collected_is_no_error(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    storages = {**all_settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    with override_settings(STORAGES=storages, DEBUG=False):
        assert f'href="{prefix()}style.css"' in page_of(client)


def test_a_host_without_static_files_is_no_error(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outreach.centre.style.apps.is_installed", lambda name: False)
    assert f'href="{prefix()}style.css"' in page_of(client)


def test_the_style_is_served_to_anybody(client: Client) -> None:
    answer = client.get(f"{prefix()}style.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert b"max-width" in answer.content
    assert not answer.cookies
    assert client.post(f"{prefix()}style.css").status_code == 405


def needs_a_user(request: HttpRequest) -> dict[str, object]:
    return {"theme": request.user.pk}


def test_a_bad_request_needs_no_template_of_the_host(client: Client, settings: Settings) -> None:
    """The host's page for it asks for a user, whom nobody has looked up yet."""
    engine = dict(all_settings.TEMPLATES[0])
    engine["OPTIONS"] = {"context_processors": [f"{__name__}.needs_a_user"]}
    settings.TEMPLATES = [engine]
    settings.MIDDLEWARE = [OURS]
    url = f"{prefix()}anymail/postmark/tracking/"
    answer = client.post(url, data="{}", content_type="application/json")
    assert (answer.status_code, answer.content) == (400, b"")
