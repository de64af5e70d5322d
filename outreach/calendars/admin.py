from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from outreach.calendars.forms import CalendarForm, ClosureFormSet
from outreach.calendars.make_default import make_default
from outreach.calendars.models import WEEKDAY_FIELDS, BusinessCalendar, Closure
from outreach.calendars.outcome import answer_due_html, closed_next_html
from outreach.conf import conf
from outreach.history.actor import Actor

if TYPE_CHECKING:
    _CalendarModelAdmin = admin.ModelAdmin[BusinessCalendar]
    _ClosureTabularInline = admin.TabularInline[Closure, BusinessCalendar]
else:
    _CalendarModelAdmin = admin.ModelAdmin
    _ClosureTabularInline = admin.TabularInline


class ClosureInline(_ClosureTabularInline):
    model = Closure
    formset = ClosureFormSet
    extra = 1
    verbose_name_plural = _("closed as well: holidays of the house, stock-taking, a move")


class CalendarAdmin(_CalendarModelAdmin):
    form = CalendarForm
    inlines = [ClosureInline]
    list_display = ["name", "open_days", "time_zone", "country", "is_default"]
    search_fields = ["name"]
    actions = ["use_by_default"]
    readonly_fields = ["is_default", "answer_due", "closed_next"]
    fieldsets = [
        (None, {"fields": ["name"]}),
        (
            _("Open days"),
            {
                "description": _(
                    "Tick the days on which somebody answers. An open day counts from midnight to "
                    "midnight; time on other days does not count."
                ),
                "fields": [WEEKDAY_FIELDS],
            },
        ),
        (_("Place"), {"fields": ["time_zone", "country", "subdivision"]}),
    ]
    outcome_fieldset = (
        _("What comes of it, as saved"),
        {"fields": ["answer_due", "closed_next", "is_default"]},
    )

    def get_fieldsets(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is None else [*fieldsets, self.outcome_fieldset]

    def save_model(
        self, request: HttpRequest, obj: BusinessCalendar, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change and BusinessCalendar.objects.default_for(obj.tenant) is None:
            make_default(obj, by=Actor.of(request.user))

    @admin.display(description=_("open on"))
    def open_days(self, obj: BusinessCalendar) -> str:
        return ", ".join(str(WEEKDAYS_ABBR[weekday]) for weekday in sorted(obj.open_weekdays))

    @admin.display(description=_("A message that arrives now has to be answered by"))
    def answer_due(self, obj: BusinessCalendar) -> str:
        return answer_due_html(_as_saved(obj), conf().first_response_within)

    @admin.display(description=_("Next closed days, besides the weekly ones"))
    def closed_next(self, obj: BusinessCalendar) -> str:
        return closed_next_html(_as_saved(obj))

    @admin.action(description=_("Use by default"), permissions=["change"])
    def use_by_default(self, request: HttpRequest, queryset: QuerySet[BusinessCalendar]) -> None:
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            text = _("Only one calendar can be used by default. Tick one and repeat.")
            self.message_user(request, text, messages.WARNING)
            return
        make_default(chosen[0], by=Actor.of(request.user))
        text = _("Saved. Where no calendar is chosen, “%(name)s” counts from now on.")
        self.message_user(request, text % {"name": chosen[0]}, messages.SUCCESS)


def register(site: AdminSite) -> None:
    site.register(BusinessCalendar, CalendarAdmin)


def _as_saved(obj: BusinessCalendar) -> BusinessCalendar:
    # After a form with mistakes the object carries what was typed, maybe no time zone at all.
    return BusinessCalendar.objects.get(pk=obj.pk)
