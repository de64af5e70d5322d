from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from outreach.preferences.rebuild import Difference, differences, mend

SHOWN = 20


class Command(BaseCommand):
    help = "Show where what people chose differs from the consent ledger; with --write, mend it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="Mend it, from the ledger.")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        count = mended = 0
        for found in differences():
            for each in found[: max(SHOWN - count, 0)]:
                self.stdout.write(_said_of(each))
            count += len(found)
            mended += mend(found) if write and found else 0
        if count > SHOWN:
            self.stdout.write(f"… and {count - SHOWN} more")
        if not count:
            self.stdout.write("Everything is as the ledger says.")
        elif write:
            self.stdout.write(f"{mended} mended.")
        else:
            self.stdout.write(f"{count} differ; nothing is changed. --write mends them.")


def _said_of(each: Difference) -> str:
    what = "is missing" if each.is_missing else "says something else"
    return f"person {each.recipient_id}, topic {each.topic_id}, {each.channel}: {what}"
