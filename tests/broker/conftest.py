"""A stand-in that accepts every message, as Postmark's API does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest


class Provider:
    """Keeps each message it was handed over HTTP."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = str(self.server.server_address[1])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        messages = self.messages

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                messages.append(message)
                answer = {
                    "To": message["To"],
                    "SubmittedAt": "2026-01-01T12:00:00Z",
                    "MessageID": str(uuid4()),
                    "ErrorCode": 0,
                    "Message": "OK",
                }
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider
    provider.server.shutdown()
    thread.join()
    provider.server.server_close()
