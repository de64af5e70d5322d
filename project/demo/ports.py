import socket
from collections.abc import Mapping


def trouble(ports: Mapping[str, str]) -> str:
    """Why the demo cannot have these ports, and what to type instead; empty when it can.

    `ports` are by the name of their setting.
    """
    for name, port in ports.items():
        others = [other for other_name, other in ports.items() if other_name != name]
        if problem := taken(port) or ("Both ports are the same." if port in others else ""):
            free = _free_beside(port, others)
            return f"{problem} Choose another, for example: make demo {name}={free}"
    return ""


def taken(port: str) -> str:
    """Why this port cannot be used, in a sentence; empty when it can."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return f"{port!r} is not the number of a port."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return f"Port {port} is only for the administrator of this machine."
        except OSError:
            return f"Port {port} is used by another program."
    return ""


def _free_beside(port: str, others: list[str]) -> int:
    """A port near this one that nobody uses, so that the advice works."""
    known = port.isascii() and port.isdigit() and 1024 < int(port) < 65000
    begin = int(port) if known else 8000
    near = range(begin + 10, begin + 500, 10)
    return next((at for at in near if str(at) not in others and not taken(str(at))), begin + 10)
