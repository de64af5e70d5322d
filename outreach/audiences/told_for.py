"""Who told us in their own words that they want this, and is in none of the groups (D2)."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from outreach.audiences.candidates import aimed_at
from outreach.campaigns.edit import aim_at
from outreach.campaigns.models import Campaign
from outreach.eligibility.decide import REASON, question_about, with_reason
from outreach.exceptions import Refused
from outreach.groups.compile import people_of
from outreach.groups.edit import save_group
from outreach.groups.members import add_members
from outreach.groups.models import ContactGroup
from outreach.history.actor import Actor
from outreach.ledger.lock import lock_tenant
from outreach.preferences.models import Topic
from outreach.preferences.wish_models import StatementTopic
from outreach.recipients.many_rows import ask_of_many
from outreach.recipients.models import Channel, Recipient

MOST_NAME = ContactGroup._meta.get_field("name").max_length


def told_for(campaign: Campaign) -> QuerySet[Recipient]:
    """Those of them whom we may write to, and whom the campaign does not leave out on purpose.

    Raises BrokenRule.
    """
    said = StatementTopic.objects.filter(
        topic=campaign.topic_id,
        is_for=True,
        statement__taken_back_at__isnull=True,
        statement__recipient=OuterRef("pk"),
    )
    wanted, left_out = aimed_at(campaign)
    missed = people_of(campaign.tenant).filter(Exists(said), ~wanted & ~left_out)
    question = question_about(campaign, Channel.EMAIL)
    return with_reason(missed, question).filter(**{REASON: ""})


def write_to_them_too(campaign: Campaign, *, by: Actor) -> int:
    """Aim the campaign at them as well; returns how many they are.

    They come into a group of their own, which the next campaign about the topic finds again. An
    edit like any other: what was submitted is a draft again. Raises Refused where there are none
    any more, the campaign has begun, or somebody made a rule of the group.
    """
    with transaction.atomic():
        lock_tenant(campaign.tenant)  # two who press at once make one group
        ask_of_many()
        people = list(told_for(campaign).order_by().values_list("pk", flat=True))
        if not people:
            raise Refused(_("Nobody else has told us so any more."))
        group = _group_of(campaign.topic, by)
        said = _("told us that they want to hear about “%(topic)s”")
        reason = said % {"topic": campaign.topic.name}
        add_members(group, people, by=by, reason=reason, source=_("their own words"))
        aim_at(campaign, group, by=by)
    return len(people)


def _group_of(topic: Topic, by: Actor) -> ContactGroup:
    name = (_("Told us they want %(topic)s") % {"topic": topic.name})[:MOST_NAME]
    taken = ContactGroup.objects.filter(tenant=topic.tenant, name=name).first()
    if taken is not None:
        return taken
    group = ContactGroup(tenant=topic.tenant, name=name)
    save_group(group, by=by)
    return group
