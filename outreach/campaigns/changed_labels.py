from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from outreach.campaigns.models import Variant


def what_changed(form: Any, formsets: Sequence[Any]) -> list[str]:
    """The labels of what a saved form changed; empty when nothing was."""
    labels = [str(form.fields[name].label) for name in form.changed_data]
    tables = [
        formset.model
        for formset in formsets
        if formset.new_objects or formset.changed_objects or formset.deleted_objects
    ]
    return labels + [_part(table) for table in tables]


def _part(table: Any) -> str:
    return _("the message") if table is Variant else str(table._meta.verbose_name_plural)
