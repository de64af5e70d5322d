from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("outreach/", include("outreach.urls")),
    path("admin/", admin.site.urls),
]
