"""Prints the Python, Django and database this runs on; exits 1 unless they are those asked for."""

import os
import sys

import django
from django.db import connection

ASKED_PYTHON, ASKED_DJANGO, ASKED_DATABASE = sys.argv[1:]


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    sys.path.insert(0, os.getcwd())
    django.setup()
    python = "{}.{}.{}".format(*sys.version_info[:3])
    with connection.cursor() as cursor:
        question = "SHOW server_version" if connection.vendor == "postgresql" else None
        cursor.execute(question or "SELECT sqlite_version()")
        database = cursor.fetchone()[0].split()[0]
    print(f"Python {python}, Django {django.__version__}, {connection.vendor} {database}")
    is_right = (
        python.rpartition(".")[0] == ASKED_PYTHON
        and "{}.{}".format(*django.VERSION[:2]) == ASKED_DJANGO
        and connection.vendor == ASKED_DATABASE
    )
    if not is_right:
        print(f"Asked for was {ASKED_PYTHON}, {ASKED_DJANGO}, {ASKED_DATABASE}.", file=sys.stderr)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
