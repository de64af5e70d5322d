from django.contrib import admin
from django.urls import include, path

from project.start import views

admin.site.site_header = admin.site.site_title = "Cantina Rossi"

urlpatterns = [
    path("", views.start, name="start"),
    path("as/<str:username>/", views.enter, name="enter"),
    path("healthz", views.healthz),
    path("favicon.ico", views.no_icon),
    path("outreach/", include("outreach.urls")),
    path("admin/", admin.site.urls),
]
