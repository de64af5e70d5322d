from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.groups.models import ContactGroup
from outreach.groups.registry import known_facts
from outreach.groups.rule import Match, as_json, validate
from outreach.groups.rule_form import ConditionFormSet, all_labels, initial_rows, raw_conditions

if TYPE_CHECKING:
    _GroupModelForm = forms.ModelForm[ContactGroup]
else:
    _GroupModelForm = forms.ModelForm


class GroupForm(_GroupModelForm):
    """A group with, where it is found by a rule, the rows of its rule."""

    match = forms.ChoiceField(
        label=gettext_lazy("People for whom"),
        choices=[
            (Match.ALL.value, gettext_lazy("all of these hold")),
            (Match.ANY.value, gettext_lazy("any of these holds")),
        ],
        initial=Match.ALL.value,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ContactGroup
        fields = ["name", "description", "kind"]
        widgets = {"description": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.rule if isinstance(self.instance.rule, dict) else {}
        self.known = known_facts(self.instance.tenant)
        self.fields["match"].initial = stored.get("match", Match.ALL.value)
        self.rows = ConditionFormSet(
            self.data if self.is_bound else None,
            prefix="rule",
            initial=initial_rows(stored),
            form_kwargs={"known": self.known},
        )

    @property
    def may_have_rule(self) -> bool:
        """A new group may yet become either; an old one keeps its kind."""
        return self.instance._state.adding or self.instance.kind == ContactGroup.Kind.RULE

    @property
    def proposed_values(self) -> list[str]:
        return all_labels(self.known)

    @property
    def changed_data(self) -> list[str]:
        # As one thing, under the name that the admin's history shows.
        changed = [name for name in super().changed_data if name != "match"]
        is_changed = "match" in super().changed_data or self._has_changed_rows()
        return [*changed, "rule"] if self.may_have_rule and is_changed else changed

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind = self.cleaned_data.get("kind", self.instance.kind)
        if kind == ContactGroup.Kind.RULE:
            self._clean_rule()
        elif self.may_have_rule and self._has_changed_rows():
            self.add_error(
                None,
                _(
                    "A group picked by hand has no rule. Empty its rows, or choose “found by a "
                    "rule”."
                ),
            )
        return cleaned

    def _clean_rule(self) -> None:
        if not self.rows.is_valid():
            self.add_error(None, _("The rule is not complete. See the rows below."))
            return
        match = self.cleaned_data.get("match") or Match.ALL.value
        rule = as_json(match, raw_conditions(self.rows))
        try:
            validate(rule, known=self.known)
        except ValidationError as error:
            self.add_error(None, error)
        else:
            self.instance.rule = rule

    def _has_changed_rows(self) -> bool:
        return self.rows.is_bound and (
            self.rows.management_form.is_valid() and self.rows.has_changed()
        )


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
