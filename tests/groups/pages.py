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


def form_data(*rows: tuple[str, str, str], match: str = "all", **fields: str) -> dict[str, str]:
    """A group's form as a browser posts it: rows of fact, comparison and value, and a blank one."""
    data = {
        "name": "Italy",
        "description": "People in Italy",
        "kind": "rule",
        "rule-match": match,
        "rule-outline": " ".join(["c1"] * (len(rows) + 1)),
    }
    for number, row in enumerate([*rows, ("", "", "")], start=1):
        data |= row_data(number, *row)
    return data | fields


def row_data(number: int, fact: str, comparison: str, value: str) -> dict[str, str]:
    written = {"fact": fact, "comparison": comparison, "value": value}
    return {f"rule-{number}-{name}": text for name, text in written.items()}
