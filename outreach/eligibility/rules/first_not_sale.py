from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.approach import Approach
from outreach.eligibility.rule import Question, Rule
from outreach.groups.models import ContactGroup, Membership
from outreach.ledger.models import Delivery

REACHED = (Delivery.State.SENT, Delivery.State.DELIVERED)


def excludes(question: Question) -> Q:
    """Whoever had no other message yet as a member of one of these groups gets no sale (A8).

    Who was picked into a group by hand is a member since then; who is found by a rule, always.
    """
    if question.approach != Approach.SALE:
        return Q(pk__in=[])
    earlier = Delivery.objects.filter(state__in=REACHED).exclude(
        run__campaign__approach=Approach.SALE
    )
    joined = Membership.objects.filter(
        recipient=OuterRef("recipient"), added_at__lte=OuterRef("run__started_at")
    )
    by_rule = earlier.filter(
        run__campaign__aims__group__in=question.group_ids,
        run__campaign__aims__is_left_out=False,
        run__campaign__aims__group__kind=ContactGroup.Kind.RULE,
    )
    by_hand = earlier.filter(
        Exists(joined.filter(group=OuterRef("run__campaign__aims__group"))),
        run__campaign__aims__group__in=question.group_ids,
        run__campaign__aims__is_left_out=False,
    )
    return ~question.has(by_rule) & ~question.has(by_hand)


RULE = Rule(
    code="first_not_sale",
    sentence=_("has had nothing from us in this group yet, so a sale cannot be the first"),
    plural=_("have had nothing from us in this group yet, so a sale cannot be the first"),
    mend=_("Write something else first: an invitation, news, a question, a gift."),
    binds_routine=False,
    excludes=excludes,
)
