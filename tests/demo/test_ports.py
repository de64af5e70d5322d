import socket
from collections.abc import Iterator

import pytest

from project.demo.ports import trouble


@pytest.fixture
def used() -> Iterator[str]:
    """A port on which somebody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield str(listening.getsockname()[1])


def free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_free_ports_are_no_trouble() -> None:
    web, mailbox = free(), free()
    assert web == mailbox or trouble({"DEMO_PORT": web, "DEMO_MAILBOX_PORT": mailbox}) == ""


def test_a_used_port_is_named_with_one_that_is_free(used: str) -> None:
    said = trouble({"DEMO_PORT": free(), "DEMO_MAILBOX_PORT": used})
    assert said.startswith(f"Port {used} is used by another program.")
    advice = said.rpartition("make demo DEMO_MAILBOX_PORT=")[2]
    assert trouble({"DEMO_MAILBOX_PORT": advice}) == ""


def test_one_port_for_both_is_refused() -> None:
    port = free()
    said = trouble({"DEMO_PORT": port, "DEMO_MAILBOX_PORT": port})
    assert said.startswith("Both ports are the same.")
    assert f"={port}" not in said


@pytest.mark.parametrize(
    "port", ["", "abc", "0", "-1", "65536", "99999999999999999999", "²", "1e3"]
)
def test_what_is_no_port_is_said_plainly(port: str) -> None:
    said = trouble({"DEMO_PORT": port})
    assert "is not the number of a port. Choose another, for example: make demo DEMO_PORT=" in said
