"""The public pages and the provider's webhooks; a host includes this at a prefix of its choice."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from outreach.centre import data_pages, views, why_page
from outreach.centre.confirm_views import confirm_page
from outreach.centre.sign_up_views import sign_up
from outreach.centre.style import style
from outreach.conversations.webhooks import urlpatterns as webhooks

app_name = "outreach"

for webhook in webhooks:
    # Anymail asks for its own secret; a host's LoginRequiredMiddleware would send the provider
    # to a login page. Anymail says so itself from 14.0 on.
    login_not_required(webhook.callback)

# A link that was cut or broken in two still comes to the page that says so, hence "anything".
ANYTHING = r"(?P<token>[\s\S]*)"

urlpatterns = [
    re_path(rf"^p/{ANYTHING}\Z", views.preferences, name="preferences"),
    re_path(rf"^u/{ANYTHING}\Z", views.unsubscribe, name="unsubscribe"),
    re_path(rf"^c/{ANYTHING}\Z", confirm_page, name="confirm"),
    re_path(rf"^s/{ANYTHING}\Z", sign_up, name="sign_up"),
    re_path(rf"^w/{ANYTHING}\Z", why_page.reasons, name="reasons"),
    re_path(rf"^m/{ANYTHING}\Z", data_pages.ask_data, name="ask_data"),
    re_path(rf"^d/{ANYTHING}\Z", data_pages.my_data, name="my_data"),
    re_path(rf"^e/{ANYTHING}\Z", data_pages.erase_data, name="erase"),
    path("style.css", style, name="style"),
    path("anymail/", include("outreach.conversations.webhooks")),
]
