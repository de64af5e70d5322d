"""`python -m project.mailbox`: brings its own database up to date, then serves on loopback.

Environment: MAILBOX_PORT (8026; 0 picks a free one), MAILBOX_DB, MAILBOX_SERVER_TOKEN,
MAILBOX_TRACKING_URL and MAILBOX_INBOUND_URL (webhooks, user:password@ inside them is sent as
Basic auth), MAILBOX_HOME_URL (a way back, on every page), MAILBOX_SECRET_KEY, MAILBOX_TIME_ZONE.
"""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

HOST = "127.0.0.1"
# Above the 10 MB of the API, so that the API itself can say what is too large.
LARGEST_REQUEST_BYTES = 11 * 1024 * 1024


def main() -> int:
    # Assigned, not defaulted: whoever starts us may run under settings of their own.
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.mailbox.settings"
    port = _port()

    from django.core.wsgi import get_wsgi_application
    from waitress import create_server  # type: ignore[import-untyped]

    application = get_wsgi_application()
    try:
        server = create_server(
            application,
            host=HOST,
            port=port,
            threads=8,
            ident=None,
            max_request_body_size=LARGEST_REQUEST_BYTES,
        )
    except OSError as error:
        _stop(
            f"The mailbox cannot use port {port} ({error.strerror}); "
            f"choose another with MAILBOX_PORT, for example MAILBOX_PORT={_another(port)}."
        )
    _prepare_database()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    print(f"The mailbox is open at http://{HOST}:{server.effective_port}/", flush=True)
    if not os.environ.get("MAILBOX_SERVER_TOKEN"):
        from . import settings

        print(f"Server token for this run: {settings.MAILBOX_SERVER_TOKEN}", flush=True)
    server.run()
    return 0


def _port() -> int:
    text = os.environ.get("MAILBOX_PORT") or "8026"
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        _stop(f"MAILBOX_PORT is to be a number from 0 to 65535, and not {text!r}.")
    return int(text)


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8027


def _prepare_database() -> None:
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from . import settings

    try:
        settings.MAILBOX_DB.parent.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
    except (OSError, DatabaseError) as error:
        _stop(
            f"The mailbox cannot use its database {settings.MAILBOX_DB} ({error}); "
            "choose another file with MAILBOX_DB."
        )


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    # A second signal while the first is being obeyed would break off the orderly end.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


def _stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    sys.exit(main())
