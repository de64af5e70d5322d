from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from outreach.conversations.models import Conversation
from outreach.senders.models import Sender
from outreach.tenancy import new_key


class AnswerForm(forms.Form):
    """`key` makes a button that is pressed twice one answer; `seen` is the last message shown."""

    text = forms.CharField(
        label=_("Your answer"),
        required=False,  # the answer itself says what is missing, and keeps what was typed
        strip=False,
        widget=AdminTextareaWidget(attrs={"rows": 7, "aria-describedby": "signature"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, *, seen: int, text: str = "") -> "AnswerForm":
        return cls(initial={"text": text, "key": new_key(), "seen": seen})


class PlaceForm(forms.Form):
    """Part of the form with the answer, so that what is typed there is kept."""

    address = forms.CharField(
        label=_("Their e-mail address, as we know it"),
        max_length=320,
        widget=forms.EmailInput(attrs={"class": "vTextField", "form": "answer-form"}),
    )


class HandToForm(forms.Form):
    sender: Any = forms.ModelChoiceField(
        label=_("Answered by"), queryset=Sender.objects.none(), required=False
    )

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = conversation.owner
        field: Any = self.fields["sender"]
        field.queryset = Sender.objects.filter(is_active=True, tenant=conversation.tenant)
        field.empty_label = None if owner and owner.is_active else "–"
        field.initial = owner
