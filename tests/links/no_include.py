"""A host that has the middleware and does not include our urls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
