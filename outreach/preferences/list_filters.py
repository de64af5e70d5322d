from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from outreach.preferences.models import Suppression, Topic
from outreach.preferences.wanted import wanted
from outreach.recipients.models import Recipient

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin


class WantsFilter(SimpleListFilter):
    """On the list of people: who asked to hear about a topic, on whatever channel."""

    title = _("what they asked for")
    parameter_name = "wants"

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> Iterable[tuple[str, str]]:
        return list(Topic.objects.values_list("slug", "name"))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Recipient]
    ) -> QuerySet[Recipient] | None:
        if self.value() is None:
            return None
        wishes = wanted().filter(recipient=OuterRef("pk"), topic__slug=self.value())
        return queryset.filter(Exists(wishes))


class InForceFilter(SimpleListFilter):
    """On the list of stops."""

    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> Iterable[tuple[str, Any]]:
        return [("in-force", _("in force")), ("lifted", _("lifted"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Suppression]
    ) -> QuerySet[Suppression] | None:
        if self.value() in ("in-force", "lifted"):
            return queryset.filter(lifted_at__isnull=self.value() == "in-force")
        return None
