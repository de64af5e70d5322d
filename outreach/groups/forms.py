from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.groups.models import ContactGroup
from outreach.groups.registry import known_facts
from outreach.groups.rule import validate
from outreach.groups.rule_editor import RuleEditor

if TYPE_CHECKING:
    _GroupModelForm = forms.ModelForm[ContactGroup]
else:
    _GroupModelForm = forms.ModelForm


class GroupForm(_GroupModelForm):
    """A group with, where it is found by a rule, the rows of its rule.

    Where a button of the rows was pressed the form is neither valid nor wrong: it is shown again.
    """

    class Meta:
        model = ContactGroup
        fields = ["name", "description", "kind"]
        widgets = {"description": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True
        self.editor = RuleEditor(
            self.data if self.is_bound and self.may_have_rule else None,
            self.instance.rule,
            known=known_facts(self.instance.tenant),
        )

    @property
    def may_have_rule(self) -> bool:
        """A new group may yet become either; an old one keeps its kind."""
        return self.instance._state.adding or self.instance.kind == ContactGroup.Kind.RULE

    @property
    def changed_data(self) -> list[str]:
        # The rows as one thing, under the name that the admin's history shows.
        changed = super().changed_data
        is_changed = self.may_have_rule and self.editor.has_changed(self.instance.rule)
        return [*changed, "rule"] if is_changed else changed

    def full_clean(self) -> None:
        if self.editor.asked:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        return not self.editor.asked and super().is_valid()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind = self.cleaned_data.get("kind", self.instance.kind)
        if kind == ContactGroup.Kind.RULE:
            self._clean_rule()
        elif self.may_have_rule and not self.editor.is_empty:
            self.add_error(
                None,
                _(
                    "A group picked by hand has no rule. Empty its rows, or choose “found by a "
                    "rule”."
                ),
            )
        return cleaned

    def _clean_rule(self) -> None:
        if not self.editor.is_valid():
            self.add_error(None, _("The rule is not complete. See the rows below."))
            return
        rule = self.editor.raw()
        try:
            validate(rule, known=self.editor.known)
        except ValidationError as error:
            self.add_error(None, error)
        else:
            self.instance.rule = rule


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name or address"), required=False, max_length=200)

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


class AddPeopleForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why they belong here"),
        max_length=250,
        widget=AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
        help_text=gettext_lazy("As in “met at the fair in Alba”. It stays on record."),
    )


class AddToGroupForm(AddPeopleForm):
    """Which group, and why, for people ticked elsewhere."""

    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"),
        queryset=ContactGroup.objects.filter(kind=ContactGroup.Kind.HAND),
        help_text=gettext_lazy("Groups picked by hand; those found by a rule fill themselves."),
    )
    field_order = ["group", "reason"]


class ImportForm(AddPeopleForm):
    """A file of people for a group."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, or XLSX where this site can read it; at most 20,000 rows and 8 MB."
        ),
        max_length=200,
    )
    field_order = ["file", "reason"]
