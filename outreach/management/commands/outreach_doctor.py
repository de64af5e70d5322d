from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach.tenancy import tenancy
from outreach.workplace.doctor import examine


class Command(BaseCommand):
    help = "Check, without writing anything, that what must always be true is true."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = sum(self._examine(tenant) for tenant in list(tenancy().all()))
        if broken:
            raise CommandError(f"{broken} of the statements do not hold.")
        self.stdout.write("No violation.")

    def _examine(self, tenant: str) -> int:
        """Print what is found for one tenant; returns how many statements do not hold."""
        if tenant:
            self.stdout.write(f"{tenant}:")
        broken = 0
        with tenancy().activate(tenant):
            findings = examine()
        for finding in findings:
            mark, tail = "ok ", ""
            if finding.violations:
                broken += 1
                mark = "BAD"
                tail = f": {finding.violations} not so, as {', '.join(finding.examples)}"
            self.stdout.write(
                f"{mark} {finding.statement.number:>2}  {finding.statement.sentence}{tail}"
            )
        return broken
