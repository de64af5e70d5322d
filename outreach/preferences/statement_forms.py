"""What staff fill in about something a person said in their own words."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminRadioSelect, AdminTextareaWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.forms import BY_MOUTH, topics_to_ask_about
from outreach.preferences.models import Source, Topic
from outreach.preferences.wish_models import LONGEST_STATEMENT, Statement
from outreach.recipients.models import Channel


class SayForm(forms.Form):
    """Something that a person told one of us."""

    text = forms.CharField(
        label=gettext_lazy("In their words"),
        help_text=gettext_lazy("As near as you can; they can read it on their own page."),
        max_length=LONGEST_STATEMENT,
        widget=AdminTextareaWidget(attrs={"rows": 4, "cols": 80}),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("How they told us"),
        choices=BY_MOUTH,
        initial=Source.STAFF.value,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )


def _topics(label: Any, help_text: Any) -> "forms.ModelMultipleChoiceField[Topic]":
    return forms.ModelMultipleChoiceField(
        label=label,
        help_text=help_text,
        queryset=Topic.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )


class TieForm(forms.Form):
    """What a statement is for and against; nothing ticked is an answer too."""

    wanted = _topics(
        gettext_lazy("They would like to hear about"),
        gettext_lazy("It counts as their wish, with their words as the proof."),
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("By"),
        choices=Channel.choices,
        initial=[Channel.EMAIL.value],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )
    unwanted = _topics(
        gettext_lazy("They do not want to hear about"),
        gettext_lazy("None of these is sent to them, on any channel, until they change it."),
    )

    def __init__(self, data: Any, *, statement: Statement) -> None:
        ties = list(statement.ties.all())
        initial = {
            "wanted": [tie.topic_id for tie in ties if tie.is_for],
            "unwanted": [tie.topic_id for tie in ties if not tie.is_for],
        }
        super().__init__(data, initial=initial)
        for name in initial:
            field: Any = self.fields[name]
            field.queryset = topics_to_ask_about(statement.recipient)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wanted, unwanted = (set(data.get(name, ())) for name in ("wanted", "unwanted"))
        if both := wanted & unwanted:
            names = ", ".join(sorted(topic.name for topic in both))
            self.add_error("unwanted", _("Either for or against: %(topics)s.") % {"topics": names})
        if wanted and not data.get("channels"):
            self.add_error("channels", _("Say by which way they would like to hear it."))
        return data
