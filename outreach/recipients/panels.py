"""What the page of a person shows: a heading, a table, and what can be done there.

Rooms to the right register what they know of a person, so that this room need not know them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from outreach.recipients.models import Recipient

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page, and on which admin site: for permissions and for links."""

    request: HttpRequest
    site: AdminSite

    def may(self, *permissions: str) -> bool:
        """Whether one of these permissions of outreach is theirs, as "view_delivery"."""
        return any(self.request.user.has_perm(f"outreach.{name}") for name in permissions)

    def url(self, page: str, *args: Any) -> str:
        """The address of an admin page on this site; "" if it has none."""
        try:
            return reverse(f"admin:{page}", args=args, current_app=self.site.name)
        except NoReverseMatch:
            return ""

    def page_of(self, model: type[Model], key: object) -> str:
        """The page of a row, where the site has one that this user may open; else ""."""
        return self._page(model, "change", key)

    def list_of(self, model: type[Model], **query: object) -> str:
        """The list of a table, filtered by `query`; "" as with `page_of`."""
        address = self._page(model, "changelist")
        return f"{address}?{urlencode(query)}" if address and query else address

    def _page(self, model: type[Model], page: str, *args: object) -> str:
        if not self.site.is_registered(model):
            return ""
        if not self.site.get_model_admin(model).has_view_or_change_permission(self.request):
            return ""
        return self.url(f"{model._meta.app_label}_{model._meta.model_name}_{page}", *args)


@dataclass(frozen=True, slots=True)
class Link:
    label: Text
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of a table: words, a time, or both; `url` makes the words a link."""

    text: Text = ""
    url: str = ""
    at: datetime | None = None
    note: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows as long as `columns`. `empty` is what to say, and to do next, where there are none."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: Text
    more: Link | None = None


class Panel(Protocol):
    """Something that is known of a person. `position` orders the page, by tens."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> Text: ...

    @property
    def position(self) -> int: ...

    def is_shown(self, viewer: Viewer) -> bool:
        """Whether this user may see it."""

    def table(self, recipient: Recipient, viewer: Viewer) -> Table: ...

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        """What this user can do about it now: pages to act on, at the top of the page."""


@dataclass(frozen=True, slots=True)
class ShownPanel:
    key: str
    title: Text
    table: Table
    tools: list[Link]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Show a panel on the page of every person. The same key again replaces it."""
    _panels[panel.key] = panel


def shown_panels(recipient: Recipient, viewer: Viewer) -> list[ShownPanel]:
    """The panels that this user may see, in order."""
    return [
        ShownPanel(
            panel.key,
            panel.title,
            panel.table(recipient, viewer),
            panel.tools(recipient, viewer),
        )
        for panel in sorted(_panels.values(), key=lambda panel: panel.position)
        if panel.is_shown(viewer)
    ]
