"""What people asked to hear about, and the hand-picked groups they are in."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.groups.facts import SETS, Choice, Kind, Text, Value
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.person_facts import SECTION
from outreach.preferences.models import Topic
from outreach.preferences.wanted import wanted


class InterestFact:
    """Topics a person asked for, on whatever channel (B3)."""

    name = "interest"
    label: Text = _("interests")
    section = SECTION
    kind = Kind.CHOICE
    lookups = SETS
    phrases: Mapping[str, Text] = {
        "includes": _("who are interested in “%(value)s”"),
        "excludes": _("who have not asked for “%(value)s”"),
    }

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(Topic.objects.filter(tenant=self.tenant).values_list("slug", "name"))

    def condition(self, lookup: str, value: Value) -> Q:
        wishes = wanted().filter(
            recipient=OuterRef("pk"), topic__tenant=self.tenant, topic__slug=value
        )
        return Q(Exists(wishes))


class GroupFact:
    """Groups picked by hand; never those found by a rule, so that no rule can ask itself."""

    name = "group"
    label: Text = _("groups picked by hand")
    section = SECTION
    kind = Kind.CHOICE
    lookups = SETS
    phrases: Mapping[str, Text] = {
        "includes": _("who are in “%(value)s”"),
        "excludes": _("who are not in “%(value)s”"),
    }

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        groups = ContactGroup.objects.filter(tenant=self.tenant, kind=ContactGroup.Kind.HAND)
        return tuple((str(pk), name) for pk, name in groups.values_list("pk", "name"))

    def condition(self, lookup: str, value: Value) -> Q:
        return Q(
            Exists(Membership.objects.filter(recipient=OuterRef("pk"), group_id=int(str(value))))
        )


def choice_facts(tenant: str) -> Iterable[InterestFact | GroupFact]:
    yield InterestFact(tenant)
    yield GroupFact(tenant)
