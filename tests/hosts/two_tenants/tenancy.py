from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from outreach.tenancy import Tenancy, tenancy

_firm: ContextVar[str] = ContextVar("firm", default="")


class Firms(Tenancy):
    def all(self) -> list[str]:
        from tests.hosts.two_tenants.models import Firm

        return [str(pk) for pk in Firm.objects.order_by("pk").values_list("pk", flat=True)]

    def current(self) -> str:
        return _firm.get()

    @contextmanager
    def activate(self, tenant: str) -> Iterator[None]:
        token = _firm.set(tenant)
        try:
            yield
        finally:
            _firm.reset(token)

    def staff(self, users: QuerySet[Any]) -> QuerySet[Any]:
        return users.filter(employee__firm=self.current())


def firm_of_the_user(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: staff work in their own firm, whoever else is under way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        employee = getattr(request.user, "employee", None)
        with tenancy().activate(str(employee.firm_id) if employee else ""):
            return get_response(request)

    return answer
