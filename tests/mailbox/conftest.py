"""The mailbox as a process of its own, and a site that receives what it sends back."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from anymail.backends.postmark import EmailBackend
from django.core.mail import EmailMultiAlternatives

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "token-of-the-tests"
USER_INFO = "outreach:p@ss wörd"
_numbers = count(1)


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """Keeps each request and answers with `status`."""

    url: str
    requests: list[Received] = field(default_factory=list)
    status: int = 200

    @property
    def last(self) -> Received:
        return self.requests[-1]


@pytest.fixture(scope="session")
def listening_site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            listening.requests.append(Received(self.path, dict(self.headers), body))
            answer = b"a page about what went wrong" if listening.status >= 400 else b""
            self.send_response(listening.status)
            if listening.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Set-Cookie", "visitor=1; Path=/")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening = Site(url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield listening
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(listening_site: Site) -> Site:
    listening_site.requests.clear()
    listening_site.status = 200
    return listening_site


def start_mailbox(directory: Path, **environment: str) -> "subprocess.Popen[str]":
    """A mailbox process; its first line of output names its address."""
    return subprocess.Popen(
        [sys.executable, "-m", "project.mailbox"],
        cwd=ROOT,
        env={
            **os.environ,
            "MAILBOX_PORT": "0",
            "MAILBOX_DB": str(directory / "data" / "mailbox.sqlite3"),
            "MAILBOX_SERVER_TOKEN": TOKEN,
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found is not None, process.communicate()
    return found.group()


@dataclass
class Mailbox:
    """The running mailbox, seen from the site that sends through it."""

    url: str

    def backend(self, token: str = TOKEN) -> EmailBackend:
        return EmailBackend(server_token=token, api_url=f"{self.url}postmark/")

    def send(self, to: str, **fields: Any) -> str:
        """Sends one message through Anymail and returns its MessageID."""
        mail = a_mail(to, **fields)
        self.backend().send_messages([mail])
        return str(mail.anymail_status.message_id)  # type: ignore[attr-defined]

    def call(self, path: str, data: Any, **headers: str) -> requests.Response:
        """A call of the API without Anymail."""
        return requests.post(
            f"{self.url}postmark/{path}",
            data=json.dumps(data),
            headers={
                "X-Postmark-Server-Token": TOKEN,
                "Content-Type": "application/json",
                **headers,
            },
            timeout=10,
        )

    def story(self, verb: str, path: str, data: Any = None) -> requests.Response:
        headers = {"X-Mailbox-Story": TOKEN}
        return requests.request(
            verb, f"{self.url}story/{path}", json=data, headers=headers, timeout=10
        )

    def happens(self, message_id: str, verb: str, **data: str) -> dict[str, Any]:
        response = self.story("POST", f"messages/{message_id}/{verb}", data)
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.json()
        return result

    def page(self, path: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", timeout=10)

    def press(self, page: str, action: str, text: str = "") -> requests.Response:
        """Opens a page, then submits the form that goes to the action, as a browser does."""
        with requests.Session() as session:
            shown = session.get(f"{self.url}{page}", timeout=10).text
            assert f'action="/{action}"' in shown
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
            assert token is not None
            data = {"csrfmiddlewaretoken": token.group(1), "text": text}
            return session.post(f"{self.url}{action}", data=data, timeout=10)


def a_mail(to: str, **fields: Any) -> EmailMultiAlternatives:
    """A realistic message; html, metadata and tags go where Anymail expects them."""
    html, metadata = fields.pop("html", "<p>Ciao <b>Maria</b></p>"), fields.pop("metadata", {})
    mail = EmailMultiAlternatives(
        **{
            "subject": "A tasting in Asti",
            "body": "Ciao Maria,\ncome and taste.",
            "from_email": "Anna Bianchi <anna@cantina.example>",
            **fields,
            "to": [to] if to else [],
        }
    )
    if html:
        mail.attach_alternative(html, "text/html")
    mail.metadata = metadata  # type: ignore[attr-defined]
    mail.tags = ["tastings"]  # type: ignore[attr-defined]
    return mail


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory, listening_site: Site) -> Iterator[Mailbox]:
    with_user = listening_site.url.replace("://", "://outreach:p%40ss%20w%C3%B6rd@")
    process = start_mailbox(
        tmp_path_factory.mktemp("mailbox"),
        MAILBOX_TRACKING_URL=f"{with_user}/tracking/",
        MAILBOX_INBOUND_URL=f"{with_user}/inbound/",
    )
    try:
        yield Mailbox(first_address(process))
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture
def maria() -> str:
    """An address that no other test has written to."""
    return f"maria{next(_numbers)}@example.it"
