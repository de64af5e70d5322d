"""Webhook addresses alone, as a host would include them."""

from django.urls import include, path

urlpatterns = [path("anymail/", include("outreach.conversations.webhooks"))]
