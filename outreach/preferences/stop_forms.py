from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.models import Suppression
from outreach.recipients.normalise import BadAddress, normalise_email

Reason = Suppression.Reason
WHY: list[tuple[str, Any]] = [
    (Reason.UNSUBSCRIBED, gettext_lazy("They asked us to stop all messages")),
    (Reason.COMPLAINT, gettext_lazy("They complained about a message")),
    (Reason.HARD_BOUNCE, gettext_lazy("The address does not exist")),
    (Reason.MANUAL, gettext_lazy("Another reason, below")),
]


class AddressStopForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=320,
        widget=AdminTextInputWidget(attrs={"size": 60, "inputmode": "email"}),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=WHY,
        initial=Reason.UNSUBSCRIBED.value,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("What happened or what they said; it is kept with the stop."),
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
    )

    def clean_address(self) -> str:
        try:
            return normalise_email(self.cleaned_data["address"])
        except BadAddress as bad:
            raise forms.ValidationError(
                _("This is no e-mail address. Write it as in maria@example.com.")
            ) from bad


class StopListForm(forms.Form):
    """`seen` names the file that was looked at; empty at the first look."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, or XLSX where this site can read it; at most 20,000 rows and 8 MB."
        ),
        max_length=200,
    )
