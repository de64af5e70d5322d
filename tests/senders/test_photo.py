"""B6: a face beside the name, and nothing that only calls itself a picture."""

import base64
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from outreach.senders.models import Sender
from outreach.senders.photo import LARGEST
from tests.builders import make_recipient
from tests.centre.messages import make_message, preferences_path
from tests.recipients.staff_pages import superuser

pytestmark = pytest.mark.django_db

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
FIELDS = {"name": "Anna Bianchi", "email": "anna@example.com", "phone": "+39 0141 555 0100"}


@pytest.fixture(autouse=True)
def _a_place_of_its_own(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, name: str, content: bytes) -> str:
    photo = SimpleUploadedFile(name, content)
    answer = client.post(
        reverse("admin:outreach_sender_add"), {**FIELDS, "photo": photo, "is_active": "on"}
    )
    return answer.content.decode()


@pytest.mark.parametrize(
    ("content", "ending"),
    [(PNG, ".png"), (b"\xff\xd8\xff\xe0 a face", ".jpg"), (b"RIFF\0\0\0\0WEBP a face", ".webp")],
)
def test_b6_a_photo_is_kept_under_a_name_of_ours(content: bytes, ending: str) -> None:
    upload(superuser(), "../anna.html", content)
    name = str(Sender.objects.get().photo.name)
    assert name.startswith("outreach/senders/")
    assert name.endswith(ending)
    assert "anna" not in name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<script>alert(1)</script>", "This is no picture"),
        (b"GIF89a", "This is no picture"),
        (b"RIFF\0\0\0\0WAVE", "This is no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no picture"),
        (PNG + b"\0" * LARGEST, "This photo is too large"),
    ],
)
def test_what_is_no_small_picture_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    assert words in upload(superuser(), "anna.png", content)
    assert not Sender.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


def test_b6_the_preference_page_shows_it(client: Client) -> None:
    upload(superuser(), "anna.png", PNG)
    sender = Sender.objects.get()
    page = client.get(preferences_path(make_message(make_recipient(), sender=sender)))
    assert f'<img src="{sender.photo.url}" alt="" width="88" height="88">' in page.content.decode()
    assert "img-src 'self';" in page["Content-Security-Policy"]


def test_a_photo_at_another_place_may_be_loaded(client: Client, settings: Settings) -> None:
    settings.MEDIA_URL = "https://media.rossi.example/files/"
    page = client.get(preferences_path(make_message()))
    assert "img-src 'self' https://media.rossi.example;" in page["Content-Security-Policy"]
