import signal
import socket
from pathlib import Path

import pytest
import requests

from .conftest import Mailbox, first_address, start_mailbox


def test_it_ends_cleanly_on_both_signals_and_keeps_its_mail(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        process = start_mailbox(tmp_path, DJANGO_SETTINGS_MODULE="some.other.settings")
        running = Mailbox(first_address(process))
        assert requests.get(f"{running.url}healthz", timeout=10).status_code == 200
        running.send(f"{number.name}@example.it")
        assert "SIGTERM@example.it" in running.page("").text
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start_mailbox(tmp_path, MAILBOX_PORT=str(port))
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
    assert err.count("\n") == 1
    assert str(port) in err
    assert "MAILBOX_PORT" in err


@pytest.mark.parametrize("port", ["mail", "-1", "70000", "²"])
def test_a_port_that_is_none_is_said(tmp_path: Path, port: str) -> None:
    process = start_mailbox(tmp_path, MAILBOX_PORT=port)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 2
    assert err.startswith("MAILBOX_PORT is to be a number")


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    process = start_mailbox(tmp_path)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "MAILBOX_DB" in err
    assert err.count("\n") == 1
