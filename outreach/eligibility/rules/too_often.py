from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.ledger.models import Delivery
from outreach.ledger.reached import runs_about
from outreach.preferences.wish_models import AtMost, TopicFrequency


def excludes(question: Question) -> Q:
    """Whether the person has or had a message on the topic, sent or reserved, too close to this.

    Their own messages alone: whoever shares the address chose for themselves.
    """
    return reduce(or_, (_too_close(question, often) for often in AtMost))


def _too_close(question: Question, often: AtMost) -> Q:
    near = timedelta(days=often.days - 1)
    counted = Delivery.objects.filter(
        recipient=OuterRef("recipient"),
        run__in=runs_about(question.topic_id),
        cap_on__range=(question.on - near, question.on + near),
    )
    if question.run_id:
        counted = counted.exclude(run=question.run_id)
    chosen = TopicFrequency.objects.filter(topic=question.topic_id, at_most=often)
    return question.has(chosen.filter(Exists(question.of_people_asked_about(counted))))


RULE = Rule(
    code="too_often",
    sentence=_("wants to hear about this less often"),
    plural=_("want to hear about this less often"),
    mend=_("Wait until a week, or a month, has passed since the last message about this."),
    binds_routine=False,
    excludes=excludes,
)
