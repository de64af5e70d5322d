from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.declaration_models import InterestDeclaration
from outreach.preferences.models import Basis, Purpose, Topic

if TYPE_CHECKING:
    _DeclarationModelForm = forms.ModelForm[InterestDeclaration]
else:
    _DeclarationModelForm = forms.ModelForm

FIELDSETS: list[tuple[Any, dict[str, Any]]] = [
    (
        gettext_lazy("What they are interested in"),
        {
            "fields": ["topic", "basis"],
            "description": gettext_lazy(
                "Only for people who showed, by themselves, that they want to hear about this. "
                "That they are customers, or that an address could be had, is not enough."
            ),
        },
    ),
    (gettext_lazy("When and where"), {"fields": ["given", "given_note", "since_on"]}),
    (gettext_lazy("The proof"), {"fields": ["wording", "evidence", "expires_on"]}),
]


def _text(rows: int) -> AdminTextareaWidget:
    return AdminTextareaWidget(attrs={"rows": rows, "cols": 80})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "vDateField"}, format="%Y-%m-%d")


class DeclarationForm(_DeclarationModelForm):
    class Meta:
        model = InterestDeclaration
        fields = [name for _title, options in FIELDSETS for name in options["fields"]]
        widgets = {
            "basis": _text(3),
            "given_note": AdminTextInputWidget(attrs={"size": 80}),
            "since_on": _day(),
            "wording": _text(4),
            "evidence": _text(3),
            "expires_on": _day(),
        }
        help_texts = {
            "topic": gettext_lazy(
                "What they meant at the time. Routine messages need no interest."
            ),
            "basis": gettext_lazy(
                "One or two sentences that you could say to these people. As in “They left their "
                "card in the box marked: invite me to tastings”."
            ),
            "given_note": gettext_lazy("As in “wine fair in Alba, our stand”."),
            "since_on": gettext_lazy("If it was on several days, the last of them."),
            "wording": gettext_lazy(
                "As it stood on the form; they can read it. Where there was no form: what they "
                "did that shows it."
            ),
            "evidence": gettext_lazy(
                "Where a colleague finds it: a folder, a file, a box in the archive."
            ),
            "expires_on": gettext_lazy(
                "Leave it empty unless it was for a time only. After this day it counts no more."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "topic" in self.fields:
            topics: Any = self.fields["topic"]
            topics.queryset = Topic.objects.filter(
                tenant=self.instance.tenant, purpose=Purpose.COMMERCIAL, is_active=True
            )

    def clean_since_on(self) -> date:
        day: date = self.cleaned_data["since_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        if day.year < 1990:
            raise forms.ValidationError(_("That is too long ago to be right."))
        return day

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over, so it would count no more."))
        return day


def _file() -> forms.FileField:
    return forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, or XLSX where this site can read it; at most 20,000 rows and 8 MB."
        ),
        max_length=200,
    )


class FileForm(forms.Form):
    file = _file()


class ConsentFileForm(_DeclarationModelForm):
    """What all consents of a file have in common; the rows say the rest."""

    file = _file()

    class Meta:
        model = InterestDeclaration
        fields = ["counts_as", "basis", "given", "given_note", "evidence"]
        widgets = {
            "basis": _text(3),
            "given_note": AdminTextInputWidget(attrs={"size": 80}),
            "evidence": _text(3),
        }
        help_texts = {
            name: DeclarationForm.Meta.help_texts[name]
            for name in ("basis", "given_note", "evidence")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counts_as: Any = self.fields["counts_as"]
        counts_as.choices = [(each.value, each.label) for each in (Basis.CONSENT, Basis.INTEREST)]
        counts_as.initial = Basis.CONSENT
        self.initial["counts_as"] = Basis.CONSENT


class DecideForm(forms.Form):
    ACCEPT, REFUSE = "accept", "refuse"

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    verdict = forms.ChoiceField(
        label=gettext_lazy("Your word"),
        choices=[
            (ACCEPT, gettext_lazy("This is documented interest: record it")),
            (REFUSE, gettext_lazy("It is not: refuse it")),
        ],
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Needed to refuse; kept with the declaration."),
        required=False,
        max_length=2000,
        widget=_text(3),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == self.REFUSE and not data.get("comment"):
            self.add_error("comment", _("Say why, so that whoever made it knows."))
        return data
