"""A host that puts every address below its language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(path("mail/", include("outreach.urls")))
