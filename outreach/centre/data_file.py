"""All that we hold of a person as a file: JSON for machines, plain HTML for people (GDPR 15, 20).

docs/my-data.md describes the JSON. What has a name there keeps it; `version` grows when one goes.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import pgettext

from outreach.centre.codes import said_to_them
from outreach.centre.wording import date_html
from outreach.conf import conf
from outreach.recipients.held import Coded, Section, Text, Value

FORMAT = "outreach.my-data"
VERSION = 1


def as_json(sections: Iterable[Section]) -> HttpResponse:
    """Times in UTC by ISO 8601; what is one of a list by its code; empty is null."""
    held = {
        section.key: [
            {column.name: _plain(value) for column, value in zip(section.columns, row, strict=True)}
            for row in section.rows
        ]
        for section in sections
    }
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": _plain(timezone.now()),
        "made_by": conf().company_name,
        "held": held,
    }
    body = json.dumps(content, ensure_ascii=False, indent=2)
    return _file(body, "application/json", "json")


def as_html(sections: Iterable[Section]) -> HttpResponse:
    """The same to be read, kept or printed: one file without anything from elsewhere."""
    context = {
        "language": pgettext("the code of the language of this translation", "en"),
        "company": conf().company_name,
        "sections": shown(sections),
        "made_on": date_html(timezone.now()),
    }
    body = render_to_string("outreach/centre/data_file.html", context)
    return _file(body, "text/html; charset=utf-8", "html")


def shown(sections: Iterable[Section], *, most: int | None = None) -> list[dict[str, object]]:
    """Sections with their rows as (label, value) pairs, empty values left out; `more` are as many
    as are not among the first `most`.
    """
    return [_shown(section, most) for section in sections]


def _shown(section: Section, most: int | None) -> dict[str, object]:
    rows = list(section.rows)
    return {
        "key": section.key,
        "title": section.title,
        "empty": section.empty,
        "rows": [
            [
                (column.label, words)
                for column, value in zip(section.columns, row, strict=True)
                if (words := _words(column.name, value)) not in ("", None)
            ]
            for row in rows[:most]
        ],
        "more": len(rows) - len(rows[:most]),
    }


def _words(column: str, value: Value) -> Text | bool | date | None:
    return said_to_them(column, value) if isinstance(value, Coded) else value


def _plain(value: Value) -> str | bool | None:
    match value:
        case Coded(code=code):
            return code or None
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case str():
            return value or None
    return value


def _file(body: str, content_type: str, suffix: str) -> HttpResponse:
    name = f"my-data-{timezone.localdate():%Y-%m-%d}.{suffix}"
    return HttpResponse(
        body,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
