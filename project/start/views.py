"""The demo's first page: a door to each place, as each kind of person."""

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from outreach.approvals.models import ApprovalRequest
from outreach.conversations.models import Conversation
from outreach.ledger.models import Attempt, Delivery
from outreach.links.addresses import preferences_url

LANGUAGES = ("it", "en", "es", "ru")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Links for the author, the approver, the agent, customers, and the provider's mailboxes."""
    return render(
        request,
        "start/start.html",
        {
            "mailbox": f"http://127.0.0.1:{settings.MAILBOX_PORT}/",
            "waiting": ApprovalRequest.objects.filter(state=ApprovalRequest.State.OPEN).first(),
            "conversation": _next_to_answer(),
            "customers": _customers(),
        },
    )


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def no_icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for one by themselves."""
    return HttpResponse(status=204)


@require_POST
def enter(request: HttpRequest, username: str) -> HttpResponse:
    """Log in as one of the demo's staff, whose passwords are public anyway."""
    user = get_user_model().objects.filter(username=username, is_staff=True).first()
    if user is None or not settings.IS_DEMO:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if is_safe else "/admin/")


def _next_to_answer() -> Conversation | None:
    waiting = Conversation.objects.filter(running_clock__isnull=False)
    return waiting.order_by("running_clock__due_at").first()


def _customers() -> list[dict[str, str]]:
    """Somebody of each language who got the campaign, with the preference link of their message."""
    arrived = (
        Attempt.objects.filter(
            delivery__state=Delivery.State.DELIVERED, delivery__complained_at__isnull=True
        )
        .select_related("delivery__recipient", "delivery__address")
        .order_by("-pk")
    )
    found = [arrived.filter(delivery__recipient__language=code).first() for code in LANGUAGES]
    return [
        {
            "name": str(attempt.delivery.recipient),
            "address": str(attempt.delivery.address),
            "preferences": preferences_url(attempt.key),
        }
        for attempt in found
        if attempt
    ]
