from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.models import Purpose, Source, Topic
from outreach.recipients.language import SPOKEN
from outreach.recipients.models import Channel
from outreach.recipients.normalise import BadAddress, normalise_email
from outreach.recipients.wording import language_name
from outreach.senders.models import Sender
from outreach.signups.keep_form import wording_of
from outreach.signups.models import SignUpForm
from outreach.signups.origins import is_allowed, is_site, origin_of

if TYPE_CHECKING:
    _FormModelForm = forms.ModelForm[SignUpForm]
    _TopicsField = forms.ModelMultipleChoiceField[Topic]
    _SenderField = forms.ModelChoiceField[Sender]
else:
    _FormModelForm = forms.ModelForm
    _TopicsField = forms.ModelMultipleChoiceField
    _SenderField = forms.ModelChoiceField

LANGUAGES = [("", gettext_lazy("that of the visitor’s browser"))]
BY_MOUTH = [(source.value, source.label) for source in (Source.STAFF, Source.PHONE)]


class SignUpFormForm(_FormModelForm):
    wording = forms.CharField(
        label=gettext_lazy("Words agreed to"),
        max_length=4000,
        help_text=gettext_lazy(
            "What people say yes to, in honest words: who writes, about what, how to stop. Every "
            "change is a new version; what people agreed to before stays on record as it was."
        ),
        widget=AdminTextareaWidget(attrs={"rows": 4, "cols": 80}),
    )

    class Meta:
        model = SignUpForm
        fields = [
            "name",
            "slug",
            "title",
            "intro",
            "topics",
            "asks_name",
            "sender",
            "language",
            "allowed_origins",
            "return_url",
            "is_active",
        ]
        widgets = {
            "intro": AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
            "allowed_origins": AdminTextareaWidget(attrs={"rows": 3, "cols": 60}),
            "topics": forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields.get("topics")
        if offered is not None:
            offered.queryset = topics_on_offer(self.instance.tenant)
            said = wording_of(self.instance)
            self.initial.setdefault("wording", said.text if said else "")
            self.fields["language"] = _language_field()

    def clean_wording(self) -> str:
        text: str = self.cleaned_data["wording"]
        return text.replace("\r\n", "\n").strip()

    def clean_allowed_origins(self) -> str:
        lines = self.cleaned_data["allowed_origins"].split()
        if wrong := [line for line in lines if not is_site(line)]:
            raise ValidationError(
                _("“%(line)s” is not a site. Write it as in https://www.example.com, one a line."),
                params={"line": wrong[0][:80]},
            )
        return "\n".join(dict.fromkeys(map(origin_of, lines)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        onward = data.get("return_url")
        if onward and "allowed_origins" in data:
            form = SignUpForm(allowed_origins=data["allowed_origins"])
            if not is_allowed(form, onward):
                text = _("This page is on none of the sites above. Name its site there first.")
                self.add_error("return_url", text)
        return data


class CaptureForm(forms.Form):
    """Somebody who gave one of us their address by word of mouth, and how that came about."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=320,
        widget=AdminTextInputWidget(attrs={"type": "email", "autocomplete": "off"}),
    )
    given_name = forms.CharField(
        label=gettext_lazy("Given name"),
        max_length=150,
        required=False,
        widget=AdminTextInputWidget,
    )
    family_name = forms.CharField(
        label=gettext_lazy("Family name"),
        max_length=150,
        required=False,
        widget=AdminTextInputWidget,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    topics = _TopicsField(
        label=gettext_lazy("What they want to hear about"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("By"),
        choices=Channel.choices,
        initial=[Channel.EMAIL.value],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("How they told us"),
        choices=BY_MOUTH,
        initial=Source.STAFF.value,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Where and when"),
        help_text=gettext_lazy(
            "As in “gave me her card at the fair in Alba, on Saturday”: it is the proof."
        ),
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
    )
    sender = _SenderField(
        label=gettext_lazy("Who signs the message to them"),
        queryset=Sender.objects.none(),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics: Any = self.fields["topics"]
        topics.queryset = topics_on_offer("")
        self.fields["language"] = _language_field(gettext_lazy("not known"))
        senders: Any = self.fields["sender"]
        senders.queryset = Sender.objects.filter(is_active=True)
        senders.initial = senders.queryset.filter(user=user).first()

    def clean_email(self) -> str:
        try:
            return normalise_email(self.cleaned_data["email"])
        except BadAddress as error:
            raise ValidationError(
                _("Nothing can be sent there. An address looks like name@example.com.")
            ) from error


def topics_on_offer(tenant: str) -> Any:
    """Routine messages are nobody's choice."""
    return Topic.objects.filter(is_active=True, tenant=tenant, purpose=Purpose.COMMERCIAL)


def _language_field(empty: Any = LANGUAGES[0][1]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", empty), *((code, language_name(code)) for code in SPOKEN)],
    )
