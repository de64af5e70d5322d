from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach.workplace.doctor import examine


class Command(BaseCommand):
    help = "Check, without writing anything, that what must always be true is true."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for finding in examine():
            mark, tail = "ok ", ""
            if finding.violations:
                broken += 1
                mark = "BAD"
                tail = f": {finding.violations} not so, as {', '.join(finding.examples)}"
            self.stdout.write(
                f"{mark} {finding.statement.number:>2}  {finding.statement.sentence}{tail}"
            )
        if broken:
            raise CommandError(f"{broken} of the statements do not hold.")
        self.stdout.write("No violation.")
