from django.urls import include, path

from outreach.admin import site

urlpatterns = [
    path("staff/", site.urls),
    path("post/box/", include("outreach.urls")),
]
