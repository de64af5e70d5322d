"""A company gives the pages its own face by one template and a few variables."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from tests.architecture.house import APP, ROOT
from tests.centre.people import make_maria

OURS, EXAMPLE = APP / "static/outreach/centre.css", ROOT / "project/start/static/start/centre.css"

PAIRS = [
    *((front, "paper", 4.5) for front in ("accent", "ink", "quiet", "wrong")),
    *((front, "card", 4.5) for front in ("accent", "ink", "quiet", "wrong")),
    ("on-accent", "accent", 4.5),
    ("edge", "card", 3.0),
]

Colours = dict[str, str]


def colours(scheme: str, *sheets: Path) -> Colours:
    """The variables in force, where later sheets go before earlier ones, and dark before light."""
    found: Colours = {}
    for sheet in sheets:
        light, _at, dark = sheet.read_text("utf-8").partition("(prefers-color-scheme: dark)")
        for part in (light, dark.partition("\n}\n")[0]) if scheme == "dark" else (light,):
            found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))
    return found


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sheets", [[OURS], [OURS, EXAMPLE]], ids=["ours", "example"])
def test_colours_stand_out(scheme: str, sheets: list[Path]) -> None:
    found = colours(scheme, *sheets)
    weak = {
        f"{front} on {back}": round(contrast(found[front], found[back]), 2)
        for front, back, enough in PAIRS
        if contrast(found[front], found[back]) < enough
    }
    assert weak == {}


def test_dark_is_read_from_the_sheets_as_well() -> None:
    assert colours("light", OURS)["paper"] != colours("dark", OURS)["paper"]
    assert colours("dark", OURS, EXAMPLE)["accent"] == "#f0a3b8"


def test_every_variable_is_documented() -> None:
    documented = (ROOT / "docs/preference-page.md").read_text("utf-8")
    variables = set(re.findall(r"^  (--[\w-]+):", OURS.read_text("utf-8"), re.MULTILINE))
    assert {name for name in variables if f"`{name}`" not in documented} == set()


def test_every_block_is_documented() -> None:
    documented = (ROOT / "docs/preference-page.md").read_text("utf-8")
    base = (APP / "templates/outreach/centre/base.html").read_text("utf-8")
    blocks = set(re.findall(r"{% block (\w+) %}", base))
    assert {name for name in blocks if f"| `{name}` |" not in documented} == set()


@pytest.mark.django_db
def test_a_template_of_the_host_comes_first_and_builds_on_ours(
    client: Client, settings: Settings
) -> None:
    settings.TEMPLATES = [{**django_settings.TEMPLATES[0], "DIRS": [ROOT / "templates"]}]
    page = client.get(make_maria().path).content.decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]*)">', page)
    assert sheets == ["/static/outreach/centre.css", "/static/start/centre.css"]
    assert finders.find("start/centre.css")
    assert "Maria, this is what we write to you about" in page
    assert "start/centre.css" in render_to_string("outreach/centre/lost.html", {"company": "x"})
