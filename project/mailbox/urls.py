from django.urls import path, re_path

from . import api, pages, story

urlpatterns = [
    path("", pages.mailboxes, name="mailboxes"),
    path("mailboxes/<path:mailbox>/activate", pages.activate, name="activate"),
    path("mailboxes/<path:mailbox>/", pages.mailbox, name="mailbox"),
    path("mail/", pages.all_mail, name="all_mail"),
    path("mail/deliver-rest", pages.deliver_all, name="deliver_rest"),
    path("mail/<int:pk>/", pages.message, name="message"),
    path("mail/<int:pk>/text/", pages.message_text, name="message_text"),
    path("mail/<int:pk>/headers/", pages.message_headers, name="message_headers"),
    path("mail/<int:pk>/html", pages.message_html, name="message_html"),
    path("mail/<int:pk>/attachments/<int:number>", pages.attachment, name="attachment"),
    path("mail/<int:pk>/<slug:verb>", pages.act, name="act"),
    path("messages/<str:message_id>/", pages.by_message_id, name="by_message_id"),
    path("sent-back/", pages.sent_back, name="sent_back"),
    path("sent-back/<int:pk>/again", pages.again, name="again"),
    path("mailbox.css", pages.stylesheet, name="stylesheet"),
    path("healthz", pages.healthz, name="healthz"),
    re_path(r"^postmark/email/?$", api.email),
    re_path(r"^postmark/email/batch/?$", api.batch),
    re_path(r"^postmark/email/(?:withTemplate|batchWithTemplates)/?$", api.template),
    re_path(r"^postmark/", api.unknown),
    path("story/messages", story.messages),
    path("story/messages/<str:message_id>/<str:verb>", story.event),
    path("story/deliver-rest", story.rest),
    re_path(r"^story/", story.unknown),
]
handler404 = "project.mailbox.pages.not_found"
