from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.campaigns.models import Campaign
from outreach.dispatch import run_pages
from outreach.dispatch.steps import MAY_SEND, may_look, register_steps
from outreach.eligibility.panels import register_panels
from outreach.eligibility.wording import register_reasons
from outreach.ledger.figures import NONE, figures_of
from outreach.ledger.list_filters import RunStateFilter
from outreach.ledger.models import Delivery, Run
from outreach.ledger.progress import happened_to, progress_of, why_held
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _RunModelAdmin = admin.ModelAdmin[Run]
else:
    _RunModelAdmin = admin.ModelAdmin


class RunAdmin(_RunModelAdmin):
    """The send log (C2): what went out, what came back, and the brakes."""

    list_display = [
        "name",
        "state",
        "started_at",
        "to_be_written_to",
        "went_out",
        "delivered",
        "came_back",
        "spam",
        "left_out",
    ]
    list_filter = [RunStateFilter]
    list_select_related = ["campaign"]
    search_fields = ["campaign__name"]
    search_help_text = gettext_lazy("Name of the campaign")
    list_per_page = 25
    list_max_show_all = 25
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ("state", "started_at")
    fields = ["name", "state", "started_at", "finished_at"]
    readonly_fields = ["name"]

    class Media:
        css = {"all": ["outreach/people.css"]}
