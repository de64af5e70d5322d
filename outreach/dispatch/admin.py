from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.campaigns.models import Campaign
from outreach.dispatch.brakes import Brakes
from outreach.dispatch.steps import MAY_SEND, may_look, register_steps
from outreach.eligibility import panels as eligibility_panels
from outreach.eligibility.wording import register_reasons
from outreach.ledger.figures import CAME_BACK, NONE, WENT_OUT, Figures, figures_of
from outreach.ledger.list_filters import RunStateFilter
from outreach.ledger.models import Delivery, Run
from outreach.ledger.progress import happened_to, progress_of, why_held
from outreach.recipients.long_lists import LongList
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class RunAdmin(LongList, Brakes):
    """The send log: what went out and what came back, to be watched all the time (C2)."""

    list_display = [
        "name",
        "state",
        "began",
        "to_be_written_to",
        "went_out",
        "delivered",
        "came_back",
        "spam",
        "left_out",
    ]
    list_filter = [RunStateFilter]
    list_select_related = ["campaign"]
    list_per_page = 25
    search_fields = ["campaign__name"]
    search_help_text = gettext_lazy("Name of the campaign")
    sortable_by = ("state", "began")

    class Media:
        css = {"all": ["outreach/staff.css", "outreach/people.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Send log")
        figures = figures_of(run.pk for run in listed.result_list)
        viewer = Viewer(request, self.admin_site)
        for run in listed.result_list:
            run.figures = figures.get(run.pk, NONE)
            run.deliveries_url = viewer.list_of(Delivery, run=run.pk)
        return listed

    def get_fields(self, request: HttpRequest, obj: Run | None = None) -> Any:
        found: dict[str, object] = {
            "state": True,
            "started_at": obj and obj.started_at,
            "finished_at": obj and obj.finished_at,
        }
        return [name for name, value in found.items() if value]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        return may_look(request.user)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Run | None = None,
    ) -> Any:
        if obj is not None:
            viewer = Viewer(request, self.admin_site)
            context |= {
                "progress": progress_of(obj, viewer),
                "happened": happened_to(obj),
                "why_held": why_held(obj) if obj.state == Run.State.PAUSED else "",
                "looked_at": timezone.localtime(),
                "brakes": _brakes(obj, viewer),
                "campaign_url": viewer.page_of(Campaign, obj.campaign_id),
                "title": _("Send log"),
                "subtitle": str(obj.campaign),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("campaign"))
    def name(self, run: Run) -> str:
        return str(run.campaign)

    @admin.display(description=gettext_lazy("began"), ordering="started_at")
    def began(self, run: Run) -> str:
        if run.started_at is None:
            return _("not yet")
        return date_format(timezone.localtime(run.started_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=gettext_lazy("to be written to"))
    def to_be_written_to(self, run: Run) -> str:
        return _figure(run, Delivery.INCLUDED, "written-to")

    @admin.display(description=gettext_lazy("went out"))
    def went_out(self, run: Run) -> str:
        return _figure(run, WENT_OUT, "went-out")

    @admin.display(description=gettext_lazy("delivered"))
    def delivered(self, run: Run) -> str:
        return _figure(run, [Delivery.State.DELIVERED], Delivery.State.DELIVERED)

    @admin.display(description=gettext_lazy("came back"))
    def came_back(self, run: Run) -> str:
        return _figure(run, CAME_BACK, "came-back")

    @admin.display(description=gettext_lazy("marked as spam"))
    def spam(self, run: Run) -> str:
        return _linked(run, _figures(run).spam, "spam")

    @admin.display(description=gettext_lazy("left out"))
    def left_out(self, run: Run) -> str:
        return _figure(run, [Delivery.State.EXCLUDED], Delivery.State.EXCLUDED)


def register(site: AdminSite) -> None:
    site.register(Run, RunAdmin)
    register_steps()
    # Eligibility has no pages of its own; it shows itself on those of people and deliveries.
    register_reasons()
    eligibility_panels.register_panels()


def _figures(run: Run) -> Figures:
    found: Figures = getattr(run, "figures", NONE)
    return found


def _figure(run: Run, states: Any, became: str) -> str:
    return _linked(run, _figures(run).of(states), became)


def _linked(run: Run, count: int, became: str) -> str:
    """A figure that leads to what it counts."""
    address = getattr(run, "deliveries_url", "")
    words = number_format(count, force_grouping=True)
    if not (address and count):
        return words
    return format_html('<a href="{}&amp;became={}">{}</a>', address, became, words)


def _brakes(run: Run, viewer: Viewer) -> list[Link]:
    """What can be done about a run now, the gravest last."""
    if not viewer.request.user.has_perm(MAY_SEND):
        return []
    stop = Link(_("Stop for good"), viewer.url("outreach_run_stop", run.pk))
    if run.state == Run.State.SENDING:
        return [Link(_("Hold"), viewer.url("outreach_run_hold", run.pk)), stop]
    if run.state == Run.State.PAUSED:
        return [Link(_("Go on"), viewer.url("outreach_run_go_on", run.pk)), stop]
    return []
