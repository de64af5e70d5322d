"""Webhooks and an admin, as a host would include them."""

from django.contrib.admin import AdminSite
from django.urls import path

from outreach.admin import register
from tests.tracking.urls import urlpatterns as webhooks

site = AdminSite()
register(site)

urlpatterns = [*webhooks, path("admin/", site.urls)]
