"""Fields in a text: `{{ given_name | friend }}`, and nothing else.

Logic-poor on purpose: templates that staff write are given flat strings, never a model, so
there is nothing to reach into. What is wrong is said when a text is saved; filling never fails.

The words for people of whom a field is not known are the author's own, in the language of the
text: any of ours would be in another one, or a word that only we use.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain, islice

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.recipients.models import Recipient

FIELDS: Mapping[str, str | Promise] = {
    "given_name": gettext_lazy("given name"),
    "family_name": gettext_lazy("family name"),
    "full_name": gettext_lazy("full name"),
    "company": gettext_lazy("company"),
}

FIELD = re.compile(r"\{\{([^{}]*)\}\}")
STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


@dataclass(frozen=True, slots=True)
class Literal:
    """Words of the author."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A place for a person's own data; `fallback` empty where the author gave none."""

    name: str
    fallback: str


@lru_cache(maxsize=256)
def parse(template: str) -> tuple[Literal | Field, ...]:
    """A text as words and fields, in order. Never fails: what is no field stays as it is."""
    parts: list[Literal | Field] = []
    end = 0
    for found in FIELD.finditer(template):
        if found.start() > end:
            parts.append(Literal(template[end : found.start()]))
        name, _bar, fallback = found[1].partition("|")
        parts.append(Field(name.strip(), _one_line(fallback)))
        end = found.end()
    if end < len(template):
        parts.append(Literal(template[end:]))
    return tuple(parts)


def value_of(field: Field, fields: Mapping[str, str]) -> str:
    """What stands in a field's place for one person, on one line; not empty in a checked text."""
    return _one_line(fields.get(field.name, "")) or field.fallback


def fill(template: str, fields: Mapping[str, str]) -> str:
    """The text for one person. Values are put in as they are and not searched for fields again."""
    return "".join(
        part.text if isinstance(part, Literal) else value_of(part, fields)
        for part in parse(template)
    )


def fields_used(template: str) -> set[str]:
    """The known fields that a text uses."""
    return {part.name for part in parse(template) if isinstance(part, Field)} & FIELDS.keys()


def fields_of(recipient: Recipient) -> dict[str, str]:
    """The flat strings that a person's messages may use."""
    return {
        "given_name": recipient.given_name,
        "family_name": recipient.family_name,
        "full_name": recipient.name,
        "company": recipient.company,
    }


def check_text(template: str) -> None:
    """Raise ValidationError, saying the mend, for a text that could not be filled as meant."""
    _raise_first(_problems(template))


def check_line(template: str) -> None:
    """The same for a subject or preview line, which must be one line (it becomes a header)."""
    _raise_first(chain(_line_breaks(template), _problems(template)))


def _raise_first(problems: Iterator[str]) -> None:
    """The first few are enough: a hostile text could have thousands."""
    if first := list(dict.fromkeys(islice(problems, 5))):
        raise ValidationError(first)


def _line_breaks(template: str) -> Iterator[str]:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in template):
        yield _("Write this on one line, without line breaks.")


def _problems(template: str) -> Iterator[str]:
    before = ""
    for part in parse(template):
        if isinstance(part, Literal):
            if stray := STRAY.search(part.text):
                yield _broken(stray[0])
            before = part.text
            continue
        if _ends_in_url(before):
            yield _("A field cannot be part of a web address. Put a space before it.")
        if part.name not in FIELDS:
            yield _unknown(part.name)
        elif not part.fallback or "|" in part.fallback:
            yield _(
                "Write {{ %(name)s | … }} and, after the bar, the words to use instead for people "
                "of whom we do not know it."
            ) % {"name": part.name}
        before = ""


def _ends_in_url(text: str) -> bool:
    return bool(text) and not text[-1].isspace() and "://" in text.rsplit(maxsplit=1)[-1]


def _broken(braces: str) -> str:
    return _(
        "“%(braces)s” does not belong to a field. A field looks like {{ given_name | friend }}."
    ) % {"braces": braces}


def _unknown(name: str) -> str:
    known = ", ".join(FIELDS)
    shown = name[:40]
    if close := get_close_matches(shown, FIELDS, n=1):
        return _("There is no field “%(name)s”. Did you mean “%(close)s”?") % {
            "name": shown,
            "close": close[0],
        }
    return _("There is no field “%(name)s”. There are: %(known)s.") % {
        "name": shown,
        "known": known,
    }


def _one_line(value: str) -> str:
    words = " ".join(value.split())
    return "".join(c for c in words if unicodedata.category(c) != "Cc")
