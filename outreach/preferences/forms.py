from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from outreach.preferences.models import Purpose, Source, Topic
from outreach.recipients.models import Channel, Recipient

if TYPE_CHECKING:
    _TopicModelForm = forms.ModelForm[Topic]
    _TopicsField = forms.ModelMultipleChoiceField[Topic]
else:
    _TopicModelForm = forms.ModelForm
    _TopicsField = forms.ModelMultipleChoiceField

BY_MOUTH = [(source.value, source.label) for source in (Source.STAFF, Source.PHONE)]
BREAKS = (30, 60, 90)
LONGEST_BREAK = timedelta(days=5 * 366)


def _text(label: Any, *, help_text: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
    )


def _how_told() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("How they told us"),
        choices=BY_MOUTH,
        initial=Source.STAFF.value,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )


class TopicForm(_TopicModelForm):
    class Meta:
        model = Topic
        fields = ["name", "description", "pace", "slug", "purpose", "position", "is_active"]
        help_texts = {"pace": gettext_lazy("As in “about once a month”; people choose by it.")}
        widgets = {"description": AdminTextInputWidget(attrs={"size": 80})}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Topic.objects.filter(tenant=self.instance.tenant, slug=slug).exists():
            raise forms.ValidationError(_("There is a topic with this short name already."))
        return slug


class ToldForm(forms.Form):
    """What a person said to us, for or against some topics."""

    FOR, AGAINST = "for", "against"

    direction = forms.ChoiceField(
        label=gettext_lazy("They said"),
        choices=[
            (FOR, gettext_lazy("they would like to hear about this")),
            (AGAINST, gettext_lazy("they do not want to hear about this any more")),
        ],
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    topics = _TopicsField(
        label=gettext_lazy("About"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("By"),
        choices=Channel.choices,
        initial=[Channel.EMAIL.value],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )
    source = _how_told()
    wording = _text(
        gettext_lazy("In their words"),
        help_text=gettext_lazy("What they said, as near as you can; they can read it."),
        required=False,
    )
    note = _text(
        gettext_lazy("Where and when"),
        help_text=gettext_lazy("As in “at the fair in Alba, on Saturday”."),
        required=False,
    )

    def __init__(self, *args: Any, recipient: Recipient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics: Any = self.fields["topics"]
        topics.queryset = topics_to_ask_about(recipient)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_for = data.get("direction") == self.FOR
        if is_for and not (data.get("wording") or data.get("note")):
            text = _("Write down their words, or where and when they said it: it is the proof.")
            self.add_error("wording", text)
        return data


class StopForm(forms.Form):
    note = _text(
        gettext_lazy("Why"),
        help_text=gettext_lazy("What happened or what they said; it is kept with the stop."),
    )


class LiftForm(forms.Form):
    why = _text(
        gettext_lazy("Why"),
        help_text=gettext_lazy("What has changed since; it is kept with the stop."),
    )


class BreakForm(forms.Form):
    """How long a person wants to hear nothing: some days, or up to a date."""

    DATE = "date"

    length = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        choices=[
            *((str(days), ngettext_lazy("%d day", "%d days", days) % days) for days in BREAKS),
            (DATE, gettext_lazy("until a date")),
        ],
        initial=str(BREAKS[0]),
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("The last day of the break; only with “until a date”."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "vDateField"}, format="%Y-%m-%d"),
    )
    source = _how_told()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("length") == self.DATE and "until" in data:
            self._check(data["until"])
        return data

    def _check(self, day: Any) -> None:
        today = timezone.localdate()
        if day is None:
            self.add_error("until", _("Say until which date."))
        elif day < today:
            self.add_error("until", _("This date is over. Choose one that is still to come."))
        elif day > today + LONGEST_BREAK:
            text = _("That is more than five years. To end messages for good, stop them.")
            self.add_error("until", text)

    def ends_at(self) -> datetime:
        """The instant at which the break ends."""
        if self.cleaned_data["length"] == self.DATE:
            last_moment = datetime.combine(self.cleaned_data["until"], time(23, 59, 59))
            return timezone.make_aware(last_moment)
        return timezone.now() + timedelta(days=int(self.cleaned_data["length"]))


def topics_to_ask_about(recipient: Recipient) -> QuerySet[Topic]:
    """What is on offer, and what they chose before; routine messages are nobody's choice."""
    chosen = Q(pk__in=recipient.subscriptions.values("topic"))
    return Topic.objects.filter(
        Q(is_active=True) | chosen, tenant=recipient.tenant, purpose=Purpose.COMMERCIAL
    )
