"""An action for lists of people, to be put into the `actions` of their ModelAdmin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
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
from outreach.recipients.models import Recipient


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
    if not may_add_to_group(request):
        raise PermissionDenied
    form = AddToGroupForm(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        _add(model_admin, request, queryset, form.cleaned_data)
        return None
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": _("Add to a group"),
        "opts": model_admin.opts,
        "form": form,
        "count": queryset.count(),
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "outreach/groups/add_to_group.html", context)


def _add(
    model_admin: "admin.ModelAdmin[Recipient]",
    request: HttpRequest,
    queryset: QuerySet[Recipient],
    chosen: dict[str, Any],
) -> None:
    ids = queryset.order_by().values_list("pk", flat=True)
    try:
        added = add_members(
            chosen["group"],
            ids,
            by=Actor.of(request.user),
            reason=chosen["reason"],
            source=_("the list of people"),
        )
    except Refused as refused:
        model_admin.message_user(request, str(refused), messages.ERROR)
    else:
        model_admin.message_user(request, added_message(added, chosen["group"]))
