from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

_is_open: ContextVar[bool] = ContextVar("is_open", default=False)


class NoScope(Exception):
    """Somebody looked at contacts and did not say on whose behalf."""


@contextmanager
def scope() -> Iterator[None]:
    token = _is_open.set(True)
    try:
        yield
    finally:
        _is_open.reset(token)


class Scoped(models.Manager["Contact"]):
    def get_queryset(self) -> models.QuerySet["Contact"]:
        if not _is_open.get():
            raise NoScope
        return super().get_queryset()


class Contact(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    city = models.CharField(max_length=100, default="Asti")
    do_not_contact = models.BooleanField(default=False)

    objects = Scoped()

    class Meta:
        app_label = "no_admin"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name
