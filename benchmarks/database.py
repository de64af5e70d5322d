"""A database of a benchmark's own, beside the one that DATABASE_URL names."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit


def own_database(name: str, folder: Path) -> Callable[[], None]:
    """Make it, before Django is set up, and return what drops it again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    os.environ["DEMO_DATA"] = str(folder)
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        return lambda: None
    import psycopg

    def drop() -> None:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    drop()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
    return drop
