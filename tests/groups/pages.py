"""Log in, fill in the group's form, and read a page as text."""

import re
from html import unescape
from typing import Any, Protocol

from django.test import Client
from django.urls import reverse

from outreach.groups.models import ContactGroup
from tests.builders import make_user

VIEW = ("outreach.view_contactgroup", "outreach.view_recipient")
CHANGE = (*VIEW, "outreach.add_contactgroup", "outreach.change_contactgroup")


class Answer(Protocol):
    """A response of the test client."""

    @property
    def content(self) -> bytes: ...


def login(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_user("anna", *permissions))
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:outreach_contactgroup_{name}", args=args)


def page(group: ContactGroup, name: str = "change") -> str:
    return url(name, group.pk)


def text_of(response: Answer) -> str:
    """What a person reads on a page: no markup, single spaces."""
    return text_of_html(response.content.decode())


def text_of_html(html: str) -> str:
    shown = re.sub(r"<(script|style|datalist|select).*?</\1>", "", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def form_data(*rows: tuple[str, str, str], **fields: str) -> dict[str, str]:
    """A group's form as a browser posts it: rows of fact, comparison and value, then empty ones."""
    data = {
        "name": "Italy",
        "description": "People in Italy",
        "kind": "rule",
        "match": "all",
        "rule-TOTAL_FORMS": str(len(rows) + 4),
        "rule-INITIAL_FORMS": "0",
    }
    for number, row in enumerate([*rows, *[("", "", "")] * 4]):
        for name, value in zip(("fact", "comparison", "value"), row, strict=True):
            data[f"rule-{number}-{name}"] = value
    return data | fields
