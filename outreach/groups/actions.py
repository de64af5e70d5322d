"""Actions for lists of people, ours and the CRM's own: put the ticked ones into a group (A1)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.exceptions import Refused
from outreach.groups.forms import AddToGroupForm
from outreach.groups.member_pages import added_message
from outreach.groups.members import add_members
from outreach.groups.models import ContactGroup
from outreach.history.actor import Actor
from outreach.recipients.models import ContactLink, Recipient
from outreach.recipients.sources import ContactSource, sources


@dataclass(frozen=True, slots=True)
class Ticked:
    """The people behind the ticked rows; `unknown` rows have nobody behind them."""

    action: str
    people: QuerySet[Recipient]
    source: str
    unknown: int = 0


def may_add_to_group(request: HttpRequest) -> bool:
    """For `has_add_to_group_permission` of the ModelAdmin that offers the action."""
    return request.user.has_perm(f"{ContactGroup._meta.app_label}.change_contactgroup")


@admin.action(description=gettext_lazy("Add to a group…"), permissions=["add_to_group"])
def add_to_group(
    model_admin: "admin.ModelAdmin[Recipient]",
    request: HttpRequest,
    queryset: QuerySet[Recipient],
) -> HttpResponse | None:
    """Ask which group and why, then add the people. The ModelAdmin needs the method
    `has_add_to_group_permission(request)`, which may simply call `may_add_to_group`.
    """
    ticked = Ticked("add_to_group", queryset, _("the list of people"))
    return _ask_or_add(model_admin, request, ticked)


@admin.action(description=gettext_lazy("Add to a group…"), permissions=["add_to_group"])
def add_contacts_to_group(
    model_admin: "admin.ModelAdmin[Any]", request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    """The same for the CRM's own list of a model that is a contact source."""
    source, contacts = _source_of(queryset.model), queryset.model._meta.verbose_name_plural
    links = ContactLink.objects.filter(
        source=source.key, gone_at__isnull=True, contact_key__in=source.keys(queryset)
    )
    ticked = Ticked(
        "add_contacts_to_group",
        Recipient.objects.filter(pk__in=links.values("recipient")),
        _("the CRM's list of %(contacts)s") % {"contacts": contacts},
        unknown=queryset.count() - links.count(),
    )
    return _ask_or_add(model_admin, request, ticked)


def offer_on_lists_of_contacts(site: AdminSite) -> None:
    """Put the action on the site's own lists of contacts, unless they have no actions at all."""
    for source in sources().values():
        model = source.model_class()
        if model is Recipient or not site.is_registered(model):
            continue
        contacts: Any = site.get_model_admin(model)
        if contacts.actions is not None and add_contacts_to_group not in contacts.actions:
            contacts.actions = [*contacts.actions, add_contacts_to_group]
            contacts.has_add_to_group_permission = may_add_to_group


def _source_of(model: type[Model]) -> ContactSource:
    return next(source for source in sources().values() if source.model_class() is model)


def _ask_or_add(
    model_admin: "admin.ModelAdmin[Any]", request: HttpRequest, ticked: Ticked
) -> HttpResponse | None:
    if not may_add_to_group(request):
        raise PermissionDenied
    form = AddToGroupForm(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        _add(model_admin, request, ticked, form.cleaned_data)
        return None
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": _("Add to a group"),
        "opts": model_admin.opts,
        "form": form,
        "action": ticked.action,
        "count": ticked.people.count(),
        "unknown": ticked.unknown,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "outreach/groups/add_to_group.html", context)


def _add(
    model_admin: "admin.ModelAdmin[Any]",
    request: HttpRequest,
    ticked: Ticked,
    chosen: dict[str, Any],
) -> None:
    ids = ticked.people.order_by().values_list("pk", flat=True)
    by, group = Actor.of(request.user), chosen["group"]
    try:
        added = add_members(group, ids, by=by, reason=chosen["reason"], source=ticked.source)
    except Refused as refused:
        model_admin.message_user(request, str(refused), messages.ERROR)
    else:
        model_admin.message_user(request, added_message(added, group))
