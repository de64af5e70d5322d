from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.approvals import audience_pages, pages, review_pages, same_time_pages, why_pages
from outreach.approvals.models import ApprovalRequest
from outreach.approvals.same_time import register_proposal
from outreach.approvals.standing import register_standing
from outreach.approvals.steps import may_look, register_steps

if TYPE_CHECKING:
    _RequestModelAdmin = admin.ModelAdmin[ApprovalRequest]
else:
    _RequestModelAdmin = admin.ModelAdmin


class ApprovalRequestAdmin(_RequestModelAdmin):
    """The list of what waits for approval, and the pages from a draft to a decision."""

    list_display = ["name", "state", "people", "submitted_by", "submitted"]
    list_filter = ["state"]
    list_select_related = ["campaign", "run"]
    search_fields = ["campaign__name", "submitted_by"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: ApprovalRequest | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: ApprovalRequest | None = None
    ) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: ApprovalRequest | None = None) -> bool:
        return may_look(request.user)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Approvals"), **(extra_context or {})})

    @admin.display(description=_("campaign"), ordering="campaign__name")
    def name(self, obj: ApprovalRequest) -> str:
        return obj.campaign.name

    @admin.display(description=_("submitted"), ordering="submitted_at")
    def submitted(self, obj: ApprovalRequest) -> str:
        return date_format(timezone.localtime(obj.submitted_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("people"), ordering="run__included")
    def people(self, obj: ApprovalRequest) -> int:
        return obj.run.included

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        of_campaign = (
            ("message", "message/", self.message_view),
            ("mail", "mail/", self.mail_view),
            ("audience", "audience/", self.audience_view),
            ("people", "audience/people/", self.people_view),
            ("why_ask", "audience/why/", self.ask_why_view),
            ("why", "audience/why/<int:recipient_id>/", self.why_view),
            ("work_out", "audience/work-out/", self.work_out_view),
            ("stop_working_out", "audience/stop/", self.stop_working_out_view),
            ("write_to_them", "audience/write-to-them/", self.write_to_them_view),
            ("join", "join/", self.join_view),
            ("submit", "submit/", self.submit_view),
        )
        return [
            path(
                "<int:request_id>/review/",
                wrap(self.review_view),
                name="outreach_approvalrequest_review",
            ),
            *(
                path(
                    f"campaign/<int:campaign_id>/{route}",
                    wrap(view),
                    name=f"outreach_campaign_{name}",
                )
                for name, route, view in of_campaign
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A request is not edited: its page is the review."""
        asked = self.get_object(request, object_id)
        if asked is None or not self.has_view_permission(request, asked):
            return super().change_view(request, object_id, form_url, extra_context)
        name = "admin:outreach_approvalrequest_review"
        return HttpResponseRedirect(
            reverse(name, args=[asked.pk], current_app=self.admin_site.name)
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def review_view(self, request: HttpRequest, request_id: int) -> HttpResponse:
        return review_pages.review(self.admin_site, request, request_id)

    @method_decorator(require_GET)
    def message_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return review_pages.message(self.admin_site, request, campaign_id)

    @method_decorator(require_GET)
    def mail_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return pages.mail(request, campaign_id)

    @method_decorator(require_GET)
    def audience_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return audience_pages.show(self.admin_site, request, campaign_id)

    @method_decorator(require_GET)
    def people_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return audience_pages.people(self.admin_site, request, campaign_id)

    @method_decorator(require_GET)
    def ask_why_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return why_pages.ask(self.admin_site, request, campaign_id)

    @method_decorator(require_GET)
    def why_view(self, request: HttpRequest, campaign_id: int, recipient_id: int) -> HttpResponse:
        return why_pages.why(self.admin_site, request, campaign_id, recipient_id)

    @method_decorator(require_POST)
    def stop_working_out_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return audience_pages.stop_working_out(self.admin_site, request, campaign_id)

    @method_decorator(require_POST)
    def write_to_them_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return audience_pages.write_to_them(self.admin_site, request, campaign_id)

    @method_decorator(require_POST)
    def work_out_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return audience_pages.work_out(self.admin_site, request, campaign_id)

    @method_decorator(require_POST)
    def join_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return same_time_pages.join_them(self.admin_site, request, campaign_id)

    @method_decorator(require_POST)
    def submit_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        return audience_pages.put_forward(self.admin_site, request, campaign_id)


def register(site: AdminSite) -> None:
    site.register(ApprovalRequest, ApprovalRequestAdmin)
    register_steps()
    register_standing()
    register_proposal()
