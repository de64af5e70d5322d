"""A site with nothing but outreach on it, as a host that lists it in ADMIN_SITES has one."""

from django.contrib.admin import AdminSite
from django.urls import include, path

from outreach.admin import register

site = AdminSite()
register(site)

urlpatterns = [
    path("outreach/", include("outreach.urls")),
    path("admin/", site.urls),
]
