from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outreach.conversations.kept import as_file, as_text
from outreach.conversations.models import InboundMail
from outreach.conversations.take import take_again

if TYPE_CHECKING:
    _InboundMailModelAdmin = admin.ModelAdmin[InboundMail]
else:
    _InboundMailModelAdmin = admin.ModelAdmin

User = AbstractUser | AnonymousUser


def may_see_mail(user: User) -> bool:
    """Whoever answers customers may open what they sent."""
    return user.has_perm("outreach.view_inboundmail") or user.has_perm(
        "outreach.answer_conversation"
    )


class InboundMailAdmin(_InboundMailModelAdmin):
    """All that came in, above all what could not be read. To read only."""

    list_display = ["received_at", "state", "error", "provider"]
    list_filter = ["state", "provider"]
    actions = ["try_again"]
    fields = ["received_at", "state", "error", "provider", "whole", "beginning"]
    readonly_fields = ["whole", "beginning"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: InboundMail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: InboundMail | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outreach.change_inboundmail")

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundMail]:
        whole = request.resolver_match and "object_id" in request.resolver_match.kwargs
        found = super().get_queryset(request)
        return found if whole else found.defer("raw")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download)
        return [
            path("<int:mail_id>/mail/", view, name="outreach_inboundmail_download"),
            *super().get_urls(),
        ]

    def download(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        """The mail as a file: nothing of it is ever shown as a page."""
        if not may_see_mail(request.user):
            raise PermissionDenied
        kept = as_file(get_object_or_404(InboundMail, pk=mail_id).raw)
        return HttpResponse(
            kept.content,
            content_type=kept.content_type,
            headers={
                "Content-Disposition": f'attachment; filename="mail-{mail_id}.{kept.suffix}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    @admin.display(description=_("The whole mail"))
    def whole(self, obj: InboundMail) -> str:
        url = reverse("admin:outreach_inboundmail_download", args=[obj.pk])
        text = _("Save it, to open it in a mail program. Be careful with attachments.")
        return format_html('<a href="{}">{}</a>', url, text)

    @admin.display(description=_("How it begins"))
    def beginning(self, obj: InboundMail) -> str:
        return format_html('<pre class="outreach-raw">{}</pre>', as_text(obj.raw))

    @admin.action(description=_("Try to read it again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[InboundMail]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        done = take_again(chosen)
        text = ngettext(
            "%(done)s of %(all)s mail is in a conversation.",
            "%(done)s of %(all)s mails are in conversations.",
            len(chosen),
        ) % {"done": done, "all": len(chosen)}
        self.message_user(
            request, text, messages.SUCCESS if done == len(chosen) else messages.WARNING
        )
