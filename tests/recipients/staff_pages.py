"""Looking at staff pages as a browser does."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import make_user


def browser(*permissions: str, **fields: Any) -> Client:
    """Somebody of the staff at the keyboard, with these permissions of outreach."""
    client = Client()
    client.force_login(make_user("anna", *(f"outreach.{name}" for name in permissions), **fields))
    return client


def superuser() -> Client:
    return browser(is_superuser=True)


def html_of(client: Client, page: str, *args: object, **query: Any) -> str:
    response = client.get(reverse(f"admin:{page}", args=args), query, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    """What a person reads on a page."""
    words = re.sub(r"<[^>]+>", " ", html[html.index("<body") :])
    return re.sub(r"\s+", " ", unescape(words))


def read(client: Client, page: str, *args: object, **query: Any) -> str:
    return text_of(html_of(client, page, *args, **query))


def queries(client: Client, page: str, *args: object, **query: Any) -> int:
    """How many queries a page takes once what is cached is cached.

    Apart from what says to PostgreSQL how it is to plan them.
    """
    html_of(client, page, *args, **query)
    with CaptureQueriesContext(connection) as captured:
        html_of(client, page, *args, **query)
    return sum("set_config(" not in asked["sql"] for asked in captured.captured_queries)


def links_in(html: str) -> list[str]:
    """The addresses that a page links to, in its own part."""
    content = html[html.index('id="content"') :]
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', content)]
