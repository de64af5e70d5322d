"""Who may do what, ready-made: groups in the host's own user management."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction

_SEES_CAMPAIGNS = (
    "view_campaign",
    "view_coordination",
    "view_contactgroup",
    "view_run",
    "view_sender",
    "view_today",
    "view_topic",
)
_SEES_PEOPLE = (
    "view_consentrecord",
    "view_conversation",
    "view_delivery",
    "view_objection",
    "view_pause",
    "view_recipient",
    "view_statement",
    "view_renewalrequest",
    "view_subscription",
    "view_suppression",
)
_KEEPS = ("businesscalendar", "closure", "contactgroup", "sender", "topic")
_ENTERS = ("add_signup", "view_signup")

ROLES: dict[str, tuple[str, ...]] = {
    "Author": (
        *_SEES_CAMPAIGNS,
        *_SEES_PEOPLE,
        "add_campaign",
        "change_campaign",
        "add_coordination",
        "change_coordination",
        "submit_campaign",
        "send_campaign",
        "add_contactgroup",
        "change_contactgroup",
        "add_consentrecord",
        "add_statement",
        "add_interestdeclaration",
        "change_interestdeclaration",
        "view_interestdeclaration",
        *_ENTERS,
        "view_signupform",
    ),
    "Approver": (
        *_SEES_CAMPAIGNS,
        *_SEES_PEOPLE,
        "approve_campaign",
        "send_campaign",
        "accept_interestdeclaration",
        "view_interestdeclaration",
    ),
    "Agent": (
        *_SEES_PEOPLE,
        "view_campaign",
        "view_today",
        "answer_conversation",
        "move_stage",
        "add_consentrecord",
        "add_statement",
        "change_statement",
        *_ENTERS,
        "add_suppression",
        "change_suppression",
        "change_renewalrequest",
    ),
    "Privacy officer": (
        *_SEES_CAMPAIGNS,
        *_SEES_PEOPLE,
        "add_consentrecord",
        "add_statement",
        "change_statement",
        "erase_recipient",
        "add_suppression",
        "change_suppression",
        "import_suppression",
        "export_person",
        "view_export",
        "accept_interestdeclaration",
        "view_interestdeclaration",
        "view_approvalrequest",
        "view_inboundmail",
        "view_providerevent",
        "view_signup",
        "view_signupform",
    ),
    "Administrator": (
        *_SEES_CAMPAIGNS,
        *_SEES_PEOPLE,
        *(f"{verb}_{table}" for table in _KEEPS for verb in ("add", "change", "delete", "view")),
        "add_signupform",
        "change_signupform",
        "view_signupform",
        "view_signup",
        "add_replypolicy",
        "change_replypolicy",
        "view_replypolicy",
        "change_inboundmail",
        "view_inboundmail",
        "change_providerevent",
        "view_providerevent",
        "change_suppression",
        "view_approvalrequest",
    ),
}
"""Permissions of outreach by role. Nobody may change or delete what is on record.

The administrator looks after the house, and neither writes, approves nor answers in another's
place; who does both is given two roles.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What was done to a role's group. `extra` are permissions of ours that are not of the role."""

    name: str
    is_new: bool
    added: tuple[str, ...]
    extra: tuple[str, ...]


@transaction.atomic
def make_roles() -> list[Made]:
    """Make the groups that are missing and give each what it lacks; nothing is taken away.

    Raises LookupError with the permissions that do not exist, as before the first `migrate`.
    """
    found = Permission.objects.filter(content_type__app_label="outreach")
    ours = {permission.codename: permission for permission in found}
    if missing := {name for names in ROLES.values() for name in names} - ours.keys():
        raise LookupError(", ".join(sorted(missing)))
    return [_make(name, {each: ours[each] for each in wanted}) for name, wanted in ROLES.items()]


def _make(name: str, wanted: dict[str, Permission]) -> Made:
    group, is_new = Group.objects.get_or_create(name=name)
    held = group.permissions.filter(content_type__app_label="outreach")
    has = set(held.values_list("codename", flat=True))
    added, extra = sorted(wanted.keys() - has), sorted(has - wanted.keys())
    group.permissions.add(*(wanted[each] for each in added))
    return Made(name, is_new, tuple(added), tuple(extra))
