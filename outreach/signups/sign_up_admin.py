from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.panels import Link, Viewer
from outreach.signups.capture import Told, capture
from outreach.signups.forms import CaptureForm
from outreach.signups.models import SignUp

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _SignUpModelAdmin = admin.ModelAdmin[SignUp]
else:
    _SignUpModelAdmin = admin.ModelAdmin


class EnteredFilter(admin.SimpleListFilter):
    """By a form, or by word of mouth to one of us."""

    title = gettext_lazy("how")
    parameter_name = "entered"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> Iterable[tuple[str, Any]]:
        return [
            ("form", gettext_lazy("by a form")),
            ("staff", gettext_lazy("told one of us")),
            ("me", gettext_lazy("told me")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SignUp]) -> QuerySet[SignUp] | None:
        match self.value():
            case "form":
                return queryset.filter(form__isnull=False)
            case "staff":
                return queryset.filter(form__isnull=True)
            case "me":
                return queryset.filter(captured_by_key=str(request.user.pk))
        return None


class SignUpAdmin(LongList, _SignUpModelAdmin):
    """To read; “add” is for somebody who told one of us (B7)."""

    list_display = ["who", "how", "state", "asked_at", "confirmed_at"]
    list_filter = [EnteredFilter, "state", "form", "asked_at"]
    list_select_related = ["recipient", "form"]
    search_fields = ["address_value", "recipient__name", "note"]
    search_help_text = gettext_lazy("Address or name")
    actions = None
    readonly_fields = ["person", "wanted", "by_channels"]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Who asked to hear from us")
        return listed

    def get_fields(self, request: HttpRequest, obj: SignUp | None = None) -> Any:
        """Without the lines that have nothing to say."""
        found: dict[str, object] = {
            "person": obj and obj.recipient,
            "address_value": obj and obj.address_value,
            "wanted": True,
            "by_channels": True,
            "state": True,
            "form": obj and obj.form,
            "wording": obj and obj.wording,
            "captured_by": obj and obj.captured_by,
            "source": True,
            "note": obj and obj.note,
            "asked_at": True,
            "mailed_at": obj and obj.mailed_at,
            "detail": obj and obj.detail,
            "confirmed_at": obj and obj.confirmed_at,
            "expires_at": obj and obj.state == SignUp.State.PENDING,
        }
        return [name for name, value in found.items() if value]

    def has_change_permission(self, request: HttpRequest, obj: SignUp | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SignUp | None = None) -> bool:
        return False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SignUp | None:
        """With the way to the person, for whoever may go there."""
        sign_up = super().get_object(request, object_id, from_field)
        if sign_up is not None and sign_up.recipient_id:
            viewer = Viewer(request, self.admin_site)
            page = viewer.page_of(Recipient, sign_up.recipient_id)
            sign_up.person_url = page  # type: ignore[attr-defined]
        return sign_up

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Enter somebody who told one of us; what is refused is said beside the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        viewer = Viewer(request, self.admin_site)
        form = CaptureForm(sent(request), user=request.user)
        kept: list[SignUp] = []
        if form.is_bound and form.is_valid():
            try:
                kept.append(capture(_told(form), by=Actor.of(request.user)))
            except Refused as refused:
                form.add_error("email", str(refused))
        page = Page(
            title=_("Enter somebody who told us"),
            lines=[
                _(
                    "Only whom you spoke to yourself, or whose words you hold in your hand. They "
                    "get a message at once, and can see and change what you entered."
                ),
            ],
            button=_("Keep it"),
            crumbs=[Link(str(SignUp._meta.verbose_name_plural), viewer.list_of(SignUp))],
            model=SignUp,
        )
        return ask(page, form, lambda: _said(kept[0]), viewer)

    @admin.display(description=gettext_lazy("who"))
    def who(self, sign_up: SignUp) -> str:
        return str(sign_up)

    @admin.display(description=gettext_lazy("how"))
    def how(self, sign_up: SignUp) -> str:
        if sign_up.form is not None:
            return str(sign_up.form)
        return _("told %(name)s") % {"name": sign_up.captured_by}

    @admin.display(description=gettext_lazy("person"))
    def person(self, sign_up: SignUp) -> str:
        if sign_up.recipient is None:
            return ""
        url = getattr(sign_up, "person_url", "")
        return format_html('<a href="{}">{}</a>', url, sign_up.recipient) if url else str(sign_up)

    @admin.display(description=gettext_lazy("wants to hear about"))
    def wanted(self, sign_up: SignUp) -> str:
        return ", ".join(topic.name for topic in sign_up.topics.all())

    @admin.display(description=gettext_lazy("by"))
    def by_channels(self, sign_up: SignUp) -> str:
        return ", ".join(str(Channel(each).label) for each in sign_up.channels.split(","))


def _told(form: CaptureForm) -> Told:
    said = form.cleaned_data
    return Told(
        email=said["email"],
        given_name=said["given_name"],
        family_name=said["family_name"],
        language=said["language"],
        topics=list(said["topics"]),
        channels=said["channels"],
        source=said["source"],
        note=said["note"],
        sender=said["sender"],
    )


def _said(sign_up: SignUp) -> str:
    if sign_up.state == SignUp.State.CONFIRMED:
        return _("Kept. It counts from now on, and a welcome is on its way.")
    return _("Kept. It counts as soon as they press the button in the message they get now.")
