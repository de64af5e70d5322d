from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InternalError, connection

from tests.hosts.two_tenants.tenancy import Firms


class FirmsInTheDatabase(Firms):
    """Tells PostgreSQL, too, who is under way: its policies show no more than that."""

    @contextmanager
    def activate(self, tenant: str) -> Iterator[None]:
        before = self.current()
        with super().activate(tenant):
            _tell(tenant)
            try:
                yield
            finally:
                with suppress(InternalError):  # a broken transaction puts it back by itself
                    _tell(before)


def _tell(tenant: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, false)", [tenant])
