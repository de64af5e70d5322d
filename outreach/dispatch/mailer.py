"""The mail connection of outreach: its own, never the host's default (design, section 3)."""

from typing import Any

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from outreach.conf import conf


def mailer() -> BaseEmailBackend:
    """A new connection as OUTREACH["MAILER"] says; use it as a context and for many messages.

    Built directly from a path: `get_connection(path)` raises once Django's MAILERS is set.
    """
    given = conf().mailer
    if isinstance(given, str) and "." not in given:
        connection: BaseEmailBackend = mail.mailers[given]  # type: ignore[attr-defined,unused-ignore]
        return connection
    path, options = given, {}
    if isinstance(given, dict):
        path, options = given["BACKEND"], given.get("OPTIONS", {})
    backend: Any = import_string(str(path))
    opened: BaseEmailBackend = backend(**options)
    return opened
