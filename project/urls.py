from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.static import serve

from project.start import views

admin.site.site_header = admin.site.site_title = "Cantina Rossi"

urlpatterns = [
    path("", views.start, name="start"),
    path("as/<str:username>/", views.enter, name="enter"),
    path("healthz", views.healthz),
    path("favicon.ico", views.no_icon),
    path("outreach/", include("outreach.urls")),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    path("admin/", admin.site.urls),
]
