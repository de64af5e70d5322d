"""What customers read in the code and the templates, and the catalogues as they are written."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from django.template import Engine
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation

import outreach
from outreach.groups.facts import LOOKUPS, SETS
from outreach.recipients.countries import COUNTRIES
from outreach.recipients.language import SPOKEN
from outreach.recipients.models import Channel, Stage

HOUSE = Path(outreach.__file__).parent
TEMPLATES = HOUSE / "templates"
LANGUAGES = [language for language in SPOKEN if language != "en"]

# Rooms and files that speak to customers alone. What others say to them is in `_labels`.
SHOWN_IN = ["outreach/centre/*", "outreach/mail/*"]
SAID_BY = [
    "centre/*.py",
    "*/*holdings.py",
    "calendars/wording.py",
    "campaigns/render.py",
    "conversations/letter.py",
    "groups/sentence.py",
    "signups/letter.py",
]
SAID_IN_RULES = ["*/*_facts.py"]
"""There, what stands in a dictionary is said of people; all else is a heading for staff."""
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"}

PLACEHOLDER = r"%\(\w+\)s|%[a-z%]"
TAG = r"<[^<>]+>"
ARGUMENT = r"\b_\(\"([^\"]+)\"\)"
"""What a template gives to a filter, as `default:_("…")`."""

Id = tuple[str, str]
"""Context and text, as a string is looked up."""


@dataclass
class Entry:
    """One string of a .po file; `said` has one text, or one for each plural form."""

    context: str = ""
    text: str = ""
    plural: str = ""
    said: list[str] = field(default_factory=list)
    flags: str = ""


def folder_of(language: str) -> Path:
    return HOUSE / "locale" / language / "LC_MESSAGES"


@cache
def entries_of(language: str) -> list[Entry]:
    """The .po file of a language, its header first."""
    written = (folder_of(language) / "django.po").read_text("utf-8")
    return [_entry(block) for block in written.split("\n\n")]


def _entry(block: str) -> Entry:
    entry, keyword, parts = Entry(), "", dict[str, str]()
    for line in block.splitlines():
        if line.startswith("#"):
            entry.flags += line if line.startswith("#,") else ""
        elif line.startswith('"'):
            parts[keyword] += ast.literal_eval(line)
        elif line:
            keyword, _space, rest = line.partition(" ")
            parts[keyword] = ast.literal_eval(rest)
    entry.context, entry.text = parts.pop("msgctxt", ""), parts.pop("msgid")
    entry.plural, entry.said = parts.pop("msgid_plural", ""), list(parts.values())
    return entry


@cache
def customers_read() -> frozenset[Id]:
    return frozenset({*_in_templates(), *_in_code(), *_labels()})


def _in_templates() -> Iterator[Id]:
    for path in chain.from_iterable(TEMPLATES.glob(each) for each in SHOWN_IN):
        yield from (("", text) for text in re.findall(ARGUMENT, path.read_text("utf-8")))
        nodes = Engine.get_default().get_template(str(path.relative_to(TEMPLATES))).nodelist
        for node in chain(*map(nodes.get_nodes_by_type, (TranslateNode, BlockTranslateNode))):
            if isinstance(node, TranslateNode):
                yield _context(node), str(node.filter_expression.var.literal)
            elif isinstance(node, BlockTranslateNode):
                yield _context(node), node.render_token_list(node.singular)[0]


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.var) if node.message_context else ""


def _in_code() -> Iterator[Id]:
    for path in chain.from_iterable(HOUSE.glob(each) for each in SAID_BY):
        yield from _ids(ast.walk(ast.parse(path.read_text("utf-8"))))
    for path in chain.from_iterable(HOUSE.glob(each) for each in SAID_IN_RULES):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                yield from _ids(node.values)


def _ids(nodes: Iterable[ast.AST]) -> Iterator[Id]:
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in GETTEXT:
            given = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
            yield (given[0], given[1]) if node.func.id[0] == "p" else ("", given[0])


def _labels() -> Iterator[Id]:
    with translation.override(None):
        yield from [("channel", str(label)) for label in Channel.labels]
        yield from [("how well we know a person", str(label)) for label in Stage.labels]
        yield from [("country", str(name)) for name in COUNTRIES.values()]
        for lookup in chain(*LOOKUPS.values(), SETS):
            yield "a rule of a group", str(lookup.phrase)
