"""Our pages pass a strict Content-Security-Policy, and ask nobody else's server for anything."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import APP, ROOT, modules

TEMPLATES = sorted((APP / "templates").rglob("*.html"))
STYLESHEETS = sorted((APP / "static").rglob("*.css"))
IN_SCRIPT = {
    "a script between its tags": r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)",
    "a script in an attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script as an address": r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:",
}
IN_STYLE = {
    "a style between its tags": r"<style\b",
    "a style in an attribute": r"<[^>]*\sstyle\s*=",
}
FROM_ELSEWHERE = {
    "a file of another server": (
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//"
    ),
}

UNESCAPED = {
    "words that are not escaped": r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off",
}
IN_A_STYLESHEET = {
    "a file of another server": r"(?:url\(\s*|@import\s+)[\"']?(?:https?:)?//",
}


def _found(text: str, *rules: dict[str, str]) -> list[str]:
    return [
        what
        for rule in rules
        for what, pattern in rule.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]


def _is_mail(path: Path) -> bool:
    """Mail programs read styles in attributes and know no policy; scripts they never run."""
    return "mail" in path.relative_to(APP / "templates").parts


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_templates_have_no_inline_script_or_style(path: Path) -> None:
    rules = [IN_SCRIPT, FROM_ELSEWHERE, UNESCAPED] + ([] if _is_mail(path) else [IN_STYLE])
    found = _found(path.read_text(encoding="utf-8"), *rules)
    assert not found, f"{path.relative_to(ROOT)} has {', '.join(found)}."


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: str(path.relative_to(APP)))
def test_stylesheets_ask_nobody_else(path: Path) -> None:
    found = _found(path.read_text(encoding="utf-8"), IN_A_STYLESHEET)
    assert not found, f"{path.relative_to(ROOT)} has {', '.join(found)}."


def _markup_in_code() -> Iterator[tuple[str, str]]:
    for module in modules():
        for node in ast.walk(module.tree()):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<" in node.value:
                yield f"{module.shown}:{node.lineno}", node.value


def test_markup_in_code_has_no_inline_script_or_style() -> None:
    wrong = {
        place: found
        for place, text in _markup_in_code()
        if (found := _found(text, IN_SCRIPT, IN_STYLE, FROM_ELSEWHERE))
    }
    assert not wrong, f"Put it into a template or a file of its own: {wrong}"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="/" onclick="go()">Go</a>',
        '<a href="javascript:go()">Go</a>',
        "<style>p { margin: 0 }</style>",
        '<p class="a" style="margin: 0">',
        '<script src="https://cdn.example/a.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/a.css">',
        "<p>{{ words|safe }}</p>",
        "{% autoescape off %}{{ words }}{% endautoescape %}",
    ],
)
def test_what_breaks_the_policy_is_found(markup: str) -> None:
    assert _found(markup, IN_SCRIPT, IN_STYLE, FROM_ELSEWHERE, UNESCAPED)


@pytest.mark.parametrize(
    "css",
    [
        "@import url('https://cdn.example/a.css');",
        '@import "//cdn.example/a.css";',
        "p { background: url(http://cdn.example/a.png) }",
    ],
)
def test_a_stylesheet_that_asks_elsewhere_is_found(css: str) -> None:
    assert _found(css, IN_A_STYLESHEET)


@pytest.mark.parametrize(
    "markup",
    [
        """<script src="{% static 'outreach/a.js' %}" defer></script>""",
        '<script type="application/json" id="facts">{}</script>',
        """<link rel="stylesheet" href="{% static 'outreach/a.css' %}">""",
        '<a href="https://example.com" class="monday">Only one = once</a>',
        "<p>A style = a way; on Monday = the first day</p>",
    ],
)
def test_what_keeps_to_the_policy_is_let_through(markup: str) -> None:
    assert not _found(markup, IN_SCRIPT, IN_STYLE, FROM_ELSEWHERE, UNESCAPED)
