"""The pages of a calm web mail: mailboxes, their messages, one message, what was sent back."""

import base64
import uuid
from pathlib import Path

from django.core.paginator import Paginator
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from .happen import CannotHappenError, deliver_rest, happen, try_again
from .models import Copy, Inactive, Kind, Message, SentBack
from .one_click import one_click_url
from .received import frame_height, headers, html_for_frame

PER_PAGE = 50
LONGEST_LINKED_TEXT = 100_000
# Inline styles belong to mail; pictures only from this machine, for nothing leaves it; no script.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
_STYLES = (Path(__file__).parent / "mailbox.css").read_text(encoding="utf-8")


@require_safe
def mailboxes(request: HttpRequest) -> HttpResponse:
    """Each address with its number of messages and its last one, the newest first."""
    query = request.GET.get("q", "").strip()
    rows = (
        _matching(query)
        .values("mailbox")
        .annotate(messages=Count("pk"), last=Max("pk"))
        .order_by("-last")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    last = _listed(Copy.objects.all()).in_bulk([row["last"] for row in page])
    boxes = [{"copy": last[row["last"]], "messages": row["messages"]} for row in page]
    waiting = Copy.objects.filter(outcome="").count()
    return render(
        request,
        "mailbox/mailboxes.html",
        {"page": page, "boxes": boxes, "query": query, "waiting": waiting, "here": "mailboxes"},
    )


@require_safe
def all_mail(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    copies = _listed(_matching(query, in_subject=True)).order_by("-pk")
    page = Paginator(copies, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "mailbox/all_mail.html", {"page": page, "query": query, "here": "all_mail"}
    )


@require_safe
def mailbox(request: HttpRequest, mailbox: str) -> HttpResponse:
    """One address's messages, the newest first."""
    copies = _listed(Copy.objects.filter(mailbox=mailbox.lower())).order_by("-pk")
    page = Paginator(copies, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "mailbox": mailbox.lower(),
        "party": page[0].party if len(page) else None,
        "inactive": Inactive.objects.filter(mailbox=mailbox.lower()).first(),
    }
    return render(request, "mailbox/mailbox.html", context, status=200 if len(page) else 404)


@require_safe
def by_message_id(request: HttpRequest, message_id: str) -> HttpResponse:
    """Finds the page of a message by the MessageID that the API gave out."""
    try:
        key = uuid.UUID(message_id)
    except ValueError as error:
        raise Http404 from error
    first = Copy.objects.filter(message__message_id=key).order_by("pk").first()
    if first is None:
        raise Http404
    return redirect(first)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    copy = _copy(pk)
    return _message_page(request, copy, "message" if copy.message.html_body else "text")


@require_safe
def message_text(request: HttpRequest, pk: int) -> HttpResponse:
    return _message_page(request, _copy(pk), "text")


@require_safe
def message_headers(request: HttpRequest, pk: int) -> HttpResponse:
    return _message_page(request, _copy(pk), "headers")


@require_safe
def message_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part alone, for the frame. Its policy holds when it is opened by itself as well."""
    response = HttpResponse(html_for_frame(_copy(pk).message))
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    attachments = _copy(pk).message.attachments
    if not 1 <= number <= len(attachments):
        raise Http404
    found = attachments[number - 1]
    return HttpResponse(
        base64.b64decode(found["Content"]),
        content_type="application/octet-stream",
        headers={"Content-Disposition": _as_download(found["Name"])},
    )


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """A button: lets something happen, then shows how the request it caused was answered."""
    copy = _copy(pk)
    if verb not in Kind.values:
        raise Http404
    try:
        sent = happen(copy, Kind(verb), request.POST.get("text", ""))
    except CannotHappenError as error:
        tab = "message" if copy.message.html_body else "text"
        return _message_page(request, copy, tab, problem=str(error))
    return _to_result(sent)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    sent = get_object_or_404(SentBack.objects.select_related("message_copy__message"), pk=pk)
    return _to_result(try_again(sent))


@require_POST
def deliver_all(request: HttpRequest) -> HttpResponse:
    deliver_rest()
    return redirect("sent_back")


@require_POST
def activate(request: HttpRequest, mailbox: str) -> HttpResponse:
    """Lets a bounced address be written to again, as Postmark's bounce activation does."""
    Inactive.objects.filter(mailbox=mailbox.lower(), kind=Kind.HARD_BOUNCE).delete()
    return redirect("mailbox", mailbox.lower())


@require_safe
def sent_back(request: HttpRequest) -> HttpResponse:
    """All requests we made, the newest first; `?failed=1` leaves the answered ones out."""
    only_failed = request.GET.get("failed") == "1"
    rows = SentBack.objects.select_related("message_copy__message").order_by("-pk")
    rows = rows.defer("message_copy__message__html_body", "message_copy__message__attachments")
    failed = rows.filter(is_ok=False)
    page = Paginator(failed if only_failed else rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "only_failed": only_failed,
        "failed_count": failed.count(),
        "here": "sent_back",
    }
    return render(request, "mailbox/sent_back.html", context)


@require_GET
@cache_control(max_age=300)
def stylesheet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_STYLES, content_type="text/css; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "mailbox/not_found.html", status=404)


def _matching(query: str, *, in_subject: bool = False) -> QuerySet[Copy]:
    if not query:
        return Copy.objects.all()
    wanted = Q(search_key__contains=query.casefold())
    if in_subject:
        wanted |= Q(message__subject__icontains=query)
    return Copy.objects.filter(wanted)


def _listed(copies: QuerySet[Copy]) -> QuerySet[Copy]:
    """What a row of a list needs, without the bodies."""
    return (
        copies.select_related("message")
        .defer("message__html_body", "message__text_body", "message__attachments")
        .prefetch_related(Prefetch("sent_back", SentBack.objects.defer("body").order_by("pk")))
    )


def _copy(pk: int) -> Copy:
    return get_object_or_404(Copy.objects.select_related("message"), pk=pk)


def _message_page(request: HttpRequest, copy: Copy, tab: str, *, problem: str = "") -> HttpResponse:
    found: Message = copy.message
    context = {
        "copy": copy,
        "mail": found,
        "others": list(found.copies.exclude(pk=copy.pk).exclude(line=Copy.Line.BCC).order_by("pk")),
        "tab": tab,
        "frame_height": frame_height(found),
        "links_in_text": len(found.text_body) < LONGEST_LINKED_TEXT,
        "headers": headers(copy) if tab == "headers" else [],
        "one_click_url": one_click_url(found),
        "inactive": Inactive.objects.filter(mailbox=copy.mailbox).first(),
        "sent_back": list(copy.sent_back.order_by("-pk")),
        "problem": problem,
        "typed": request.POST.get("text", "") if problem else "",
    }
    return render(request, "mailbox/message.html", context, status=422 if problem else 200)


def _to_result(sent: SentBack) -> HttpResponseRedirect:
    address = sent.message_copy.get_absolute_url()
    return HttpResponseRedirect(f"{address}#sent-{sent.pk}")


def _as_download(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name or "attachment") or ""
