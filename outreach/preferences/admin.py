from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.utils import unquote
from django.db.models import Count, Exists, ForeignObjectRel, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences import declaration_admin, statement_admin
from outreach.preferences.forms import TopicForm
from outreach.preferences.list_filters import InForceFilter, WantsFilter
from outreach.preferences.models import Subscription, Suppression, Topic
from outreach.preferences.panels import register_panels, what_it_binds
from outreach.preferences.person_pages import PersonPages
from outreach.preferences.wording import BEFORE_LIFTING
from outreach.recipients import list_filters
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _TopicModelAdmin = admin.ModelAdmin[Topic]
else:
    _TopicModelAdmin = admin.ModelAdmin


class TopicAdmin(_TopicModelAdmin):
    form = TopicForm
    list_display = ["name", "description", "purpose", "position", "is_active", "how_many_want_it"]
    list_filter = ["purpose", "is_active"]
    search_fields = ["name", "description"]
    actions = None  # Deleting many at once would pass by the check of each.
    fieldsets = [
        (
            gettext_lazy("As customers read it"),
            {"fields": ["name", "description", "pace", "position", "is_active"]},
        ),
        (
            gettext_lazy("For us"),
            {
                "description": gettext_lazy(
                    "News, invitations and offers go only to people who asked for the topic. What "
                    "belongs to an order or an appointment needs no wish, and must not be more "
                    "than that. The purpose stays as it is once the topic is in use."
                ),
                "fields": ["purpose", "slug"],
            },
        ),
    ]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Topic | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[str]:
        """Groups and links know a topic by its short name; wishes were told for one purpose."""
        if obj is None:
            return []
        return ["slug", "purpose"] if is_used(obj) else ["slug"]

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        counts = _people_by_topic(listed.result_list)
        address = Viewer(request, self.admin_site).list_of(Recipient)
        for topic in listed.result_list:
            topic.wanted_by = (counts.get(topic.pk, 0), address)
        return listed

    @admin.display(description=gettext_lazy("people who want it"))
    def how_many_want_it(self, topic: Topic) -> str:
        count, address = getattr(topic, "wanted_by", (0, ""))
        if not address:
            return str(count)
        return format_html('<a href="{}?wants={}">{}</a>', address, topic.slug, count)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data or not change:
            labels = [str(form.fields[name].label) for name in form.changed_data]
            note = get_text_list(labels, _("and")) if change else ""
            verb = "topic.changed" if change else "topic.begun"
            record(obj, verb, by=Actor.of(request.user), note=note)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        topic = self.get_object(request, unquote(object_id))
        if topic is not None and self.has_delete_permission(request, topic) and is_used(topic):
            text = _(
                "“%(topic)s” stays on record, since people were asked about it or written to. "
                "Untick “%(offered)s” to take it off their page."
            ) % {"topic": topic, "offered": Topic._meta.get_field("is_active").verbose_name}
            self.message_user(request, text, messages.WARNING)
            viewer = Viewer(request, self.admin_site)
            return HttpResponseRedirect(viewer.url("outreach_topic_change", topic.pk))
        return super().delete_view(request, object_id, extra_context)


class SuppressionAdmin(LongList, PersonPages):
    """To read: a stop is made on the page of a person, or by what comes back from providers."""

    list_display = ["binds", "reason", "since_at", "actor_name", "state"]
    list_filter = [InForceFilter, "reason"]
    list_select_related = ["recipient", "address"]
    search_fields = ["recipient__name", "address__value"]
    search_help_text = gettext_lazy("Name or address")
    change_form_template = "admin/outreach/recipient/stop.html"
    readonly_fields = ["person", "channels"]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Stops: nothing is sent there")
        return listed

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> Any:
        """Without the lines that have nothing to say."""
        found: dict[str, object] = {
            "reason": True,
            "person": obj and obj.recipient,
            "address": obj and obj.address,
            "channels": True,
            "note": obj and obj.note,
            "since_at": True,
            "actor_name": True,
            "lifted_at": obj and obj.lifted_at,
            "lift_reason": obj and obj.lift_reason,
        }
        return [name for name, value in found.items() if value]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Suppression | None = None,
    ) -> Any:
        viewer = Viewer(request, self.admin_site)
        context["title"] = _("Stop")
        if obj is not None:
            context["subtitle"] = what_it_binds(obj)
            is_live = obj.lifted_at is None and obj.reason in BEFORE_LIFTING
            if is_live and viewer.may("change_suppression"):
                context["lift_url"] = viewer.url("outreach_suppression_lift", obj.pk)
            if obj.recipient is not None:
                context["person_url"] = viewer.page_of(Recipient, obj.recipient.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("who or where"))
    def binds(self, stop: Suppression) -> str:
        return what_it_binds(stop)

    @admin.display(description=gettext_lazy("state"))
    def state(self, stop: Suppression) -> str:
        return _("lifted") if stop.lifted_at else _("in force")

    @admin.display(description=gettext_lazy("person"))
    def person(self, stop: Suppression) -> str:
        return str(stop.recipient)

    @admin.display(description=gettext_lazy("stops"))
    def channels(self, stop: Suppression) -> str:
        return stop.get_channel_display() if stop.channel else _("all messages")


def register(site: AdminSite) -> None:
    site.register(Topic, TopicAdmin)
    site.register(Suppression, SuppressionAdmin)
    declaration_admin.register(site)
    statement_admin.register(site)
    list_filters.register(WantsFilter)
    register_panels()


def is_used(topic: Topic) -> bool:
    """Whether a wish, a refusal or a campaign is about it: then it stays on record."""
    relations = [
        field
        for field in Topic._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel)
    ]
    about = [Q(Exists(_rows_about_a_topic(relation))) for relation in relations]
    return Topic.objects.filter(reduce(or_, about), pk=topic.pk).exists()


def _rows_about_a_topic(relation: ForeignObjectRel) -> QuerySet[Any]:
    rows: QuerySet[Any] = QuerySet(relation.related_model)
    return rows.filter(**{relation.field.name: OuterRef("pk")})


def _people_by_topic(topics: QuerySet[Topic]) -> dict[int, int]:
    rows = Subscription.objects.filter(topic__in=list(topics), is_granted=True)
    counted = rows.values_list("topic").annotate(people=Count("recipient", distinct=True))
    return dict(counted.order_by())
