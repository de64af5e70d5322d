"""A host whose public site has nothing but our pages."""

from django.urls import include, path

urlpatterns = [path("", include("outreach.urls"))]
