"""Says whether the services that the tests of `make ci` need answer; exits 1 if one does not."""

import os
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg
import redis
from kombu import Connection

SECONDS = 5


def _postgres(url: str) -> None:
    with psycopg.connect(url, connect_timeout=SECONDS) as connection:
        connection.execute("SELECT 1")


def _rabbitmq(url: str) -> None:
    with Connection(url, connect_timeout=SECONDS) as connection:
        connection.connect()


def _redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=SECONDS) as connection:
        connection.ping()


SERVICES: dict[str, tuple[str, Callable[[str], None]]] = {
    "PostgreSQL": ("OUTREACH_POSTGRES_URL", _postgres),
    "RabbitMQ": ("OUTREACH_RABBITMQ_URL", _rabbitmq),
    "Redis": ("OUTREACH_REDIS_URL", _redis),
}


def main() -> int:
    missing = 0
    for name, (variable, ask) in SERVICES.items():
        place = urlsplit(os.environ[variable]).netloc.rpartition("@")[2]  # without the password
        try:
            ask(os.environ[variable])
        except Exception as error:  # each client has errors of its own
            missing += 1
            print(f"{name} does not answer at {place}: {error}", file=sys.stderr)
            print(f"Start it, or set {variable} to where it is.", file=sys.stderr)
        else:
            print(f"{name} answers at {place}.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
