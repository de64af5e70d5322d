import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outreach.conf import conf
from outreach.workplace.key_ring import Finding, examine_keys

SECRET_BYTES = 32


class Command(BaseCommand):
    help = "Make a key for OUTREACH['KEYS'], or see that those in it open what was sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("new", help="print a new key; nothing is changed")
        check = actions.add_parser("check", help="see that keys and pepper are still those used")
        check.add_argument("links", nargs="*", help="links from messages that were sent")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "new":
            self._new()
        else:
            self._check(options["links"])

    def _new(self) -> None:
        key_id = _free_id(set(conf().keys))
        self.stdout.write(f"id:      {key_id}")
        self.stdout.write(f"secret:  {(secret := secrets.token_urlsafe(SECRET_BYTES))}")
        self.stdout.write("\nAdd this line at the end of OUTREACH['KEYS'], below those it has:\n")
        self.stdout.write(f'    "{key_id}": "{secret}",')
        self.stdout.write("\nFrom then on it signs. The others stay: old links need them.")

    def _check(self, links: list[str]) -> None:
        findings = examine_keys(links)
        for finding in findings:
            self.stdout.write(f"{'ok ' if finding.is_good else 'BAD'}  {finding.text}")
        if not all(finding.is_good for finding in findings):
            raise CommandError(_summary(findings))


def _free_id(taken: set[str]) -> str:
    """Today's date, with a letter where today has a key already."""
    today = f"{timezone.now():%Y-%m-%d}"
    names = [today, *(f"{today}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    return next((name for name in names if name not in taken), secrets.token_hex(8))


def _summary(findings: list[Finding]) -> str:
    bad = sum(not finding.is_good for finding in findings)
    return f"{bad} of {len(findings)} are not as they should be; docs/keys.md says what to do."
