"""How far the reading of the CRM is, in words for the front page."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.recipients.sweeping import under_way, with_failures


def reading_lines() -> list[str]:
    """What is being read where that takes long enough to be seen, and what could not be."""
    read = [
        _("%(seen)s of %(total)s contacts are read.")
        % {"seen": _grouped(row.seen), "total": _grouped(row.total)}
        for row in under_way()
    ]
    failed = sum(row.failed for row in with_failures())
    if failed:
        text = ngettext(
            "%(count)s contact could not be read. The log says which.",
            "%(count)s contacts could not be read. The log says which.",
            failed,
        )
        read.append(text % {"count": _grouped(failed)})
    return read


def _grouped(count: int) -> str:
    return number_format(count, force_grouping=True)
