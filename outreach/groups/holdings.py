"""What this room holds of a person: the groups they are in, and those they said they are not in."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.groups.belonging import groups_of
from outreach.groups.exclude import forget_exclusions
from outreach.groups.members import forget_memberships
from outreach.groups.models import GroupExclusion, Membership
from outreach.recipients.held import Column, Erasure, Holding, Section, register
from outreach.recipients.models import Recipient


class GroupsHolding(Holding):
    position = 30
    tables = (Membership, GroupExclusion)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        yield _groups(recipient)
        yield _exclusions(recipient)

    def erase(self, erasure: Erasure) -> None:
        forget_memberships(erasure.recipient)
        forget_exclusions(erasure.recipient)


def _groups(recipient: Recipient) -> Section:
    return Section(
        key="groups",
        title=_("Groups we count you in"),
        columns=(
            Column("group", pgettext("one's own data", "Group")),
            Column("description", _("Who they are")),
            Column("rule", _("How we find them")),
            Column("since", _("Put there by hand on")),
            Column("reason", pgettext("one's own data", "Why")),
        ),
        rows=[
            (
                each.group.name,
                each.group.description,
                each.sentence,
                each.since,
                each.reason,
            )
            for each in groups_of(recipient)
        ],
        empty=pgettext("one's own data", "None."),
    )


def _exclusions(recipient: Recipient) -> Section:
    rows = GroupExclusion.objects.filter(recipient=recipient).select_related("group")
    return Section(
        key="groups_not_in",
        title=_("Groups you told us you do not belong in"),
        columns=(
            Column("group", pgettext("one's own data", "Group")),
            Column("since", pgettext("one's own data", "Since")),
            Column("said", _("You said")),
        ),
        rows=[(row.group.name, row.since_at, row.said) for row in rows.order_by("group__name")],
        empty=pgettext("one's own data", "None."),
    )


def register_holdings() -> None:
    register(GroupsHolding())
