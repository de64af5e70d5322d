from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach.workplace.roles import ROLES, Made, make_roles


class Command(BaseCommand):
    help = f"Make the groups {', '.join(ROLES)}, or give them what they lack."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_roles()
        except LookupError as error:
            raise CommandError(f"Run `migrate` first; there is no permission {error}.") from error
        for role in made:
            self.stdout.write(_said_of(role))


def _said_of(role: Made) -> str:
    if role.is_new:
        said = f"made, with {len(role.added)} permissions"
    elif role.added:
        said = f"added {', '.join(role.added)}"
    else:
        said = "as it should be"
    if role.extra:
        said += f"; left as you gave it: {', '.join(role.extra)}"
    return f"{role.name}: {said}"
