"""For the page of a person: which groups they are in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.groups.belonging import MOST_GROUPS, groups_by_rule
from outreach.groups.models import ContactGroup, Membership
from outreach.recipients import panels
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer


class GroupsPanel:
    key = "groups"
    title = gettext_lazy("Groups they are in")
    position = 70

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_contactgroup", "change_contactgroup")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        picked = Membership.objects.filter(recipient=recipient).select_related("group")
        return Table(
            columns=(_("Group"), _("How"), _("Since"), _("Why")),
            rows=(
                *(
                    (
                        _group(membership.group, viewer),
                        Cell(text=membership.group.get_kind_display()),
                        Cell(at=membership.added_at),
                        Cell(text=membership.reason, note=membership.source),
                    )
                    for membership in picked.order_by("group__name")[:MOST_GROUPS]
                ),
                *(
                    (
                        _group(group, viewer),
                        Cell(text=group.get_kind_display()),
                        Cell(),
                        _why(group, recipient, viewer),
                    )
                    for group in groups_by_rule(recipient)
                ),
            ),
            empty=_("None."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        url = viewer.url("outreach_contactgroup_why_groups", recipient.pk)
        return [Link(_("Why in a group, or not?"), url)] if url else []


def register_panels() -> None:
    panels.register(GroupsPanel())


def _group(group: ContactGroup, viewer: Viewer) -> Cell:
    return Cell(text=group.name, url=viewer.page_of(ContactGroup, group.pk))


def _why(group: ContactGroup, recipient: Recipient, viewer: Viewer) -> Cell:
    if not viewer.page_of(ContactGroup, group.pk):
        return Cell()
    url = viewer.url("outreach_contactgroup_why", group.pk, recipient.pk)
    return Cell(text=_("Why?"), url=url)
