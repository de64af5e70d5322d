import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach.eligibility.explain import explain
from outreach.preferences.models import Topic
from outreach.recipients.models import Channel
from outreach.tenancy import current_tenant, has_tenants, tenancy

SHOWN = 20


class Command(BaseCommand):
    help = "Say whether we may write to who is at these addresses, and each reason why not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--topic", required=True, help="the topic, by its slug")
        parser.add_argument("--channel", required=True, choices=Channel.values)
        parser.add_argument("--tenant", default="", help="whose, in a host that has tenants")
        parser.add_argument(
            "addresses", nargs="+", metavar="ADDRESS", help='"-" reads them from standard input'
        )

    def handle(
        self, *args: Any, topic: str, channel: str, tenant: str, addresses: list[str], **_: Any
    ) -> None:
        with tenancy().activate(_known(tenant)):
            about = _topic(topic)
            for line in explain(about, channel, _read(addresses)):
                self.stdout.write(json.dumps(line, ensure_ascii=False))


def _known(tenant: str) -> str:
    """The tenant named, or the one under way."""
    if not has_tenants():
        if tenant:
            raise CommandError("There are no tenants here: leave --tenant out.")
        return ""
    tenant = tenant or current_tenant()
    if not tenant:
        raise CommandError("Say whose people you ask about: --tenant.")
    if tenant not in tenancy().all():
        raise CommandError(f"There is no tenant {tenant!r}.")
    return tenant


def _topic(slug: str) -> Topic:
    found = Topic.objects.filter(slug=slug).first()
    if found is None:
        slugs = list(Topic.objects.order_by("slug").values_list("slug", flat=True)[:SHOWN])
        there_are = f"There are: {', '.join(slugs)}." if slugs else "There is none yet."
        raise CommandError(f"There is no topic {slug!r}. {there_are}")
    return found


def _read(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        if address == "-":
            yield from filter(None, map(str.strip, sys.stdin))
        else:
            yield address
