import socket


def taken(port: str) -> str:
    """Why this port cannot be used, in a sentence; empty when it can."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        return f"{port!r} is not the number of a port."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError:
            return f"Port {port} is used by another program."
    return ""
