from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.calendars.models import WEEKDAY_FIELDS, BusinessCalendar, Closure
from outreach.calendars.public_holidays import countries, has_holidays
from outreach.calendars.validators import time_zones

if TYPE_CHECKING:
    _CalendarModelForm = forms.ModelForm[BusinessCalendar]
    _ClosureInlineFormSet = forms.BaseInlineFormSet[Closure, BusinessCalendar, Any]
else:
    _CalendarModelForm = forms.ModelForm
    _ClosureInlineFormSet = forms.BaseInlineFormSet


class CalendarForm(_CalendarModelForm):
    """Time zone and country are picked from lists, read anew for each form."""

    class Meta:
        model = BusinessCalendar
        fields = ["name", *WEEKDAY_FIELDS, "time_zone", "country", "subdivision"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("time_zone", [(zone, zone.replace("_", " ")) for zone in time_zones()])
        if has_holidays():
            self._offer("country", [("", _("None")), *((c, n) for c, n in countries().items())])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        if name not in self.fields:  # read-only for those who may only look
            return
        stored = getattr(self.instance, name)
        if stored not in dict(choices):
            # Without it the browser would quietly pick another one in its place.
            choices = [(stored, stored), *choices]
        self.fields[name].widget = forms.Select(choices=choices)


class ClosureFormSet(_ClosureInlineFormSet):
    """Rows of a table, where the admin gives fields no labels of their own: each carries it."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label
