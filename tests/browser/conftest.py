"""The demo itself, in processes of its own, and Chromium to look at it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.screens import DESKTOP

UP_WITHIN = 150.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that has told its story and stays up."""

    site: str
    mailbox: str


@pytest.fixture(scope="session", autouse=True)
def _loop_of_playwright() -> Iterator[None]:
    """Playwright keeps a loop in this thread, and Django would not ask its database beside one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start `make demo` on free ports; Ctrl-C ends it, and nothing is left running."""
    data = tmp_path_factory.mktemp("demo")
    web, mailbox = _free_port(), _free_port()
    environment = {
        **os.environ,
        "DEMO_PORT": web,
        "DEMO_MAILBOX_PORT": mailbox,
        "DEMO_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("CELERY_BROKER_URL", None)
    said = data / "demo.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "project.demo"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_told(process, said)
        yield Demo(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{mailbox}")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    assert "Everything is stopped." in said.read_text()
    for port in (web, mailbox):
        assert _is_free(port), f"something still listens on port {port}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "Chromium is needed here: on Debian, apt-get install chromium."
    # Playwright has an event loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                # A page that a test makes up may frame one of the server on this machine.
                "--disable-features=LocalNetworkAccessChecks",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a window that asks for pages in a language; what its browser complains of, be it a
    script or the Content-Security-Policy, fails the test.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_one(language: str) -> Page:
        context = browser.new_context(locale=language, viewport=DESKTOP)
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: complaints.append(f"{opened.url} {error}"))
        opened.on(
            "console",
            lambda said: (
                complaints.append(f"{opened.url} {said.text}")
                if "Content Security" in said.text
                else None
            ),
        )
        return opened

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def window(open_window: Callable[[str], Page]) -> Page:
    return open_window("en-GB")


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A page in a window of its own; any error of a script or a policy fails the test."""
    context = browser.new_context(base_url=demo.site, locale="en-GB", viewport=DESKTOP)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: (
            complaints.append(f"{said.text} {said.location}") if said.type == "error" else None
        ),
    )
    opened.on(
        "response",
        lambda answer: (
            complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        ),
    )
    yield opened
    context.close()
    assert complaints == []


def _wait_until_told(process: "subprocess.Popen[bytes]", said: Path) -> None:
    deadline = time.monotonic() + UP_WITHIN
    while "Look around" not in said.read_text():
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.2)


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def _is_free(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) != 0
