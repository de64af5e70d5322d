from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.actor import Actor
from outreach.preferences.consent_pages import ConsentPages, may_bring
from outreach.preferences.declaration import is_over, own_part, save_declaration
from outreach.preferences.declaration_figures import lines_of, progress_of
from outreach.preferences.declaration_forms import FIELDSETS, DeclarationForm
from outreach.preferences.declaration_models import InterestDeclaration
from outreach.preferences.declaration_pages import ACCEPT, MAKE, NAME, SEE_PEOPLE
from outreach.preferences.declared import State
from outreach.recipients.long_lists import LongList
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class InterestDeclarationAdmin(LongList, ConsentPages):
    """How interest that an existing base has shown comes in: declared, and read by two."""

    form = DeclarationForm
    list_display = ["topic", "given_note", "since_on", "state", "made_by", "decided_by"]
    list_filter = ["state", "topic"]
    list_select_related = ["topic"]
    search_fields = ["given_note", "made_by"]
    search_help_text = gettext_lazy("Where it was given, or who declared it")
    actions = None
    fieldsets: ClassVar[Any] = FIELDSETS
    change_form_template = "admin/outreach/interestdeclaration/change_form.html"
    change_list_template = "admin/outreach/interestdeclaration/change_list.html"

    class Media:
        css = {"all": ["outreach/staff.css", "outreach/people.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Interest that people showed before it was kept here")
        return listed

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        viewer = Viewer(request, self.admin_site)
        url = viewer.url(f"{NAME}_bring") if may_bring(viewer) else ""
        return super().changelist_view(request, {"bring_url": url, **(extra_context or {})})

    def has_view_permission(
        self, request: HttpRequest, obj: InterestDeclaration | None = None
    ) -> bool:
        viewer = Viewer(request, self.admin_site)
        return super().has_view_permission(request, obj) or viewer.may(*ACCEPT)

    def has_change_permission(
        self, request: HttpRequest, obj: InterestDeclaration | None = None
    ) -> bool:
        if obj is not None and not _is_own_draft(obj, request):
            return False
        return super().has_change_permission(request, obj) or (
            obj is not None and self.has_add_permission(request)
        )

    def has_delete_permission(
        self, request: HttpRequest, obj: InterestDeclaration | None = None
    ) -> bool:
        """What was declared stays on record; a draft that leads nowhere hurts nobody."""
        return False

    def save_model(
        self, request: HttpRequest, obj: InterestDeclaration, form: Any, change: bool
    ) -> None:
        save_declaration(obj, by=Actor.of(request.user))

    def response_post_save_add(
        self, request: HttpRequest, obj: InterestDeclaration
    ) -> HttpResponseRedirect:
        """On to its page, where the people are added."""
        viewer = Viewer(request, self.admin_site)
        return HttpResponseRedirect(viewer.url(f"{NAME}_change", obj.pk))

    def response_post_save_change(
        self, request: HttpRequest, obj: InterestDeclaration
    ) -> HttpResponseRedirect:
        return self.response_post_save_add(request, obj)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: InterestDeclaration | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.pk:
            viewer = Viewer(request, self.admin_site)
            saved = InterestDeclaration.objects.select_related("topic").get(pk=obj.pk)
            lines = lines_of(saved, viewer)
            context |= {
                "title": _("Declaration of interest"),
                "subtitle": str(saved),
                "declaration": saved,
                "lines": lines,
                "tools": _tools(saved, viewer, has_people=bool(lines)),
                "next": _next(saved, viewer, has_people=bool(lines)),
            }
            if saved.state == State.ACCEPTED and saved.recorded_at is None:
                context["progress"] = progress_of(saved)
        return super().render_change_form(request, context, add, change, form_url, obj)


def register(site: AdminSite) -> None:
    site.register(InterestDeclaration, InterestDeclarationAdmin)


def _is_own_draft(declaration: InterestDeclaration, request: HttpRequest) -> bool:
    return declaration.state == State.DRAFT and declaration.made_by_key == str(request.user.pk)


def _tools(declaration: InterestDeclaration, viewer: Viewer, *, has_people: bool) -> list[Link]:
    """What this user can do with it now, each a page that asks first."""
    is_own = declaration.made_by_key == str(viewer.request.user.pk) and viewer.may(*MAKE)
    may_accept = viewer.may(*ACCEPT)
    names: list[tuple[str, str]] = []
    if declaration.state == State.DRAFT and is_own:
        if viewer.may(*SEE_PEOPLE):
            names.append(("file", _("Add people from a file")))
        if has_people:
            names += [("empty", _("Take everybody out")), ("submit", _("Submit"))]
    elif declaration.state == State.SUBMITTED and is_own:
        names.append(("take_back", _("Take it back")))
    elif declaration.state == State.SUBMITTED and may_accept:
        names.append(("decide", _("Accept or refuse")))
    elif declaration.state == State.ACCEPTED and not declaration.recorded_at and may_accept:
        names.append(("stop", _("Stop recording")))
    return [Link(label, viewer.url(f"{NAME}_{name}", declaration.pk)) for name, label in names]


def _next(declaration: InterestDeclaration, viewer: Viewer, *, has_people: bool) -> str:
    """One sentence on what comes next, and for whom."""
    if declaration.state == State.DRAFT and not has_people:
        return _(
            "Nobody is in it yet. Add people from a file; or, for the people of a group, open the "
            "group and choose “Declare their interest…”."
        )
    if declaration.state == State.DRAFT:
        return _("Look at the figures below, and at who is behind them. Then submit it.")
    if declaration.state == State.SUBMITTED:
        own = own_part(declaration, Actor.of(viewer.request.user))
        return own or _("A second person reads it, and accepts it or not. Nothing is recorded yet.")
    if declaration.recorded_at and is_over(declaration):
        return _("It counts no more; who has not said yes themselves gets no more messages by it.")
    return ""
