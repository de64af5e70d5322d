"""An admin site that offers the action in its list of people."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest
from django.urls import path

from outreach.groups.actions import add_to_group, may_add_to_group
from outreach.recipients.models import Recipient

if TYPE_CHECKING:
    _People = admin.ModelAdmin[Recipient]
else:
    _People = admin.ModelAdmin


class PeopleAdmin(_People):
    actions = [add_to_group]
    search_fields = ["name"]
    list_per_page = 2

    def has_add_to_group_permission(self, request: HttpRequest) -> bool:
        return may_add_to_group(request)


site = AdminSite()
site.register(Recipient, PeopleAdmin)
urlpatterns = [path("admin/", site.urls)]
