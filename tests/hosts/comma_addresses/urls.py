from django.urls import include, path

from tests.hosts.comma_addresses.office import office

urlpatterns = [
    path("office/", office.urls),
    path("outreach/", include("outreach.urls")),
]
