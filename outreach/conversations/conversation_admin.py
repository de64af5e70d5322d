from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.conversations.agent_page import Due, context_of
from outreach.conversations.answer import answer
from outreach.conversations.forms import AnswerForm, HandToForm, PlaceForm
from outreach.conversations.hand_over import settle_unknown
from outreach.conversations.models import Conversation, Message
from outreach.conversations.place import hand_to, place
from outreach.exceptions import OutreachError
from outreach.history.actor import Actor
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    _ConversationModelAdmin = admin.ModelAdmin[Conversation]
else:
    _ConversationModelAdmin = admin.ModelAdmin

Step = Callable[[HttpRequest, Conversation, Actor], str]
MAY_ANSWER = "outreach.answer_conversation"


class WhichFilter(admin.SimpleListFilter):
    title = gettext_lazy("whose turn it is")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", gettext_lazy("waits for us")),
            ("answered", gettext_lazy("answered")),
            ("mine", gettext_lazy("mine")),
            ("nobody", gettext_lazy("nobody's yet")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        chosen: dict[str | None, dict[str, Any]] = {
            "waiting": {"state": Conversation.State.OPEN},
            "answered": {"state": Conversation.State.ANSWERED},
            "mine": {"owner__user": request.user.pk},
            "nobody": {"owner": None},
        }
        return queryset.filter(**chosen.get(self.value(), {}))


class ConversationAdmin(_ConversationModelAdmin):
    """The list of conversations, and for each the page on which it is answered.

    The room that knows deadlines says what is due; here the longest without a word comes first.
    """

    list_display = ["who", "subject", "state", "owner", "last_at"]
    list_display_links = ["who", "subject"]
    list_filter = [WhichFilter, "owner"]
    list_select_related = ["recipient", "owner"]
    search_fields = ["subject", "recipient__name"]
    ordering = ["last_at", "pk"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return request.user.has_perm(MAY_ANSWER) or super().has_view_permission(request, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = self.opts.verbose_name_plural
        return super().changelist_view(
            request, {"title": str(title).capitalize(), **(extra_context or {})}
        )

    def get_urls(self) -> list[URLPattern]:
        steps = {"place": _place, "hand_to": _hand_to, "settle": _settle}
        own = [
            path(
                f"<int:conversation_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(self._step_view(step)),
                name=f"outreach_conversation_{name}",
            )
            for name, step in steps.items()
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("person"), ordering="recipient__name")
    def who(self, obj: Conversation) -> str:
        return str(obj.recipient) if obj.recipient else _("not known yet")

    def due(self, request: HttpRequest, conversation: Conversation) -> list[Due]:
        """What else waits, for the left of the page."""
        waiting = Conversation.objects.filter(state=Conversation.State.OPEN)
        rows = waiting.select_related("recipient").order_by("last_at", "pk")[:30]
        return [
            Due(
                url=self.page_of(row),
                who=self.who(row),
                subject=row.subject,
                is_here=row.pk == conversation.pk,
            )
            for row in rows
        ]

    def standing(self, conversation: Conversation) -> str:
        """How long this person has waited, in words; empty if they do not wait."""
        return ""

    def page_of(self, conversation: Conversation) -> str:
        return reverse(
            "admin:outreach_conversation_change",
            args=[conversation.pk],
            current_app=self.admin_site.name,
        )

    # An answer is committed before it is handed over, whatever the host says of its requests.
    @transaction.non_atomic_requests
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Conversation.objects.select_related("recipient", "owner", "delivery")
        conversation = get_object_or_404(found, pk=object_id if object_id.isdecimal() else 0)
        if request.method != "POST":
            return self._page(request, conversation)
        if not request.user.has_perm(MAY_ANSWER):
            raise PermissionDenied
        if conversation.recipient is None and request.POST.get("address"):
            # The return key in that field presses the first button of the form: Send.
            return self._take_step(_place, request, conversation)
        return self._answer(request, conversation)

    def _answer(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        form, typed = AnswerForm(request.POST), request.POST.get("text", "")
        if not form.is_valid():
            text = _("Something of this page got lost on the way. Look it over, then send again.")
            return self._page(request, conversation, typed=typed, error=text)
        by, data = Actor.of(request.user), form.cleaned_data
        try:
            _sign_as_chosen(request, conversation, by)
            message = answer(conversation, typed, by=by, key=data["key"], seen=data["seen"])
        except OutreachError as error:
            return self._page(request, conversation, typed=typed, error=str(error))
        if message.state == Message.State.REFUSED:
            return self._page(request, conversation, typed=typed, error=message.detail)
        if message.state == Message.State.UNKNOWN:
            self.message_user(request, message.detail, messages.WARNING)
        else:
            text = _("Sent to %(address)s.") % {"address": message.to_address}
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(conversation))

    def _page(
        self, request: HttpRequest, conversation: Conversation, *, typed: str = "", error: str = ""
    ) -> HttpResponse:
        conversation.refresh_from_db()
        viewer = Viewer(request, self.admin_site)
        recipient = conversation.recipient
        context = {
            **self.admin_site.each_context(request),
            **context_of(conversation, by=Actor.of(request.user), typed=typed),
            "opts": self.opts,
            "title": conversation.subject,
            "error": error,
            "due": self.due(request, conversation),
            "standing": self.standing(conversation),
            "may_answer": request.user.has_perm(MAY_ANSWER),
            "person_url": viewer.page_of(Recipient, recipient.pk) if recipient else "",
            # What is due stands on the left, where the list of all tables would be.
            "is_nav_sidebar_enabled": False,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/outreach/conversation/agent.html", context)

    def _step_view(self, step: Step) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, conversation_id: int) -> HttpResponse:
            if not request.user.has_perm(MAY_ANSWER):
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            conversation = get_object_or_404(Conversation, pk=conversation_id)
            return self._take_step(step, request, conversation)

        return view

    def _take_step(
        self, step: Step, request: HttpRequest, conversation: Conversation
    ) -> HttpResponse:
        try:
            done = step(request, conversation, Actor.of(request.user))
            self.message_user(request, done, messages.SUCCESS)
        except OutreachError as error:
            self.message_user(request, str(error), messages.ERROR)
        if typed := request.POST.get("text", "").strip():
            return self._page(request, conversation, typed=typed)
        return HttpResponseRedirect(self.page_of(conversation))


def _place(request: HttpRequest, conversation: Conversation, by: Actor) -> str:
    form = PlaceForm(request.POST)
    form.is_valid()  # what is no address belongs to nobody
    recipient = place(conversation, form.cleaned_data.get("address", ""), by=by)
    return _("These messages are from %(name)s.") % {"name": recipient}


def _hand_to(request: HttpRequest, conversation: Conversation, by: Actor) -> str:
    form = HandToForm(request.POST, conversation=conversation)
    if not form.is_valid() or not form.cleaned_data["sender"]:
        raise OutreachError(_("Choose who answers from now on."))
    hand_to(conversation, form.cleaned_data["sender"], by=by)
    return _("%(name)s answers from now on.") % {"name": form.cleaned_data["sender"]}


def _sign_as_chosen(request: HttpRequest, conversation: Conversation, by: Actor) -> None:
    """Whoever was chosen beside the answer signs it, also without a press of their button."""
    form = HandToForm(request.POST, conversation=conversation)
    if form.is_valid() and (sender := form.cleaned_data["sender"]):
        hand_to(conversation, sender, by=by)
        conversation.owner = sender


def _settle(request: HttpRequest, conversation: Conversation, by: Actor) -> str:
    key = request.POST.get("message", "")
    messages_of_it = conversation.messages.filter(pk=key) if key.isdecimal() else None
    message = messages_of_it.first() if messages_of_it is not None else None
    went_out = request.POST.get("went_out") == "yes"
    if message is None or not settle_unknown(message, went_out=went_out, by=by):
        raise OutreachError(_("It is known already what became of this answer."))
    return _("Noted: it went out.") if went_out else _("Noted: it did not go out.")
