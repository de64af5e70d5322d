from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.said_against import said_against, said_for_since, wished_since


def excludes(question: Question) -> Q:
    """What they said against the topic, unless they asked for it since: the last word counts."""
    person = OuterRef("outreach_person")
    own, left = (
        question.is_among(
            said.filter(topic=question.topic_id)
            .annotate(outreach_person=F(at))
            .exclude(wished_since(person, question.channel, at=question.at))
            .exclude(said_for_since(person)),
            "outreach_person",
        )
        for said, at, _ in said_against()
    )
    return own | left


RULE = Rule(
    code="told_against",
    sentence=_("told us in their own words that they do not want this"),
    plural=_("told us in their own words that they do not want this"),
    mend=_("Nothing: they can take it back, or choose the topic, on their preference page."),
    binds_routine=False,
    excludes=excludes,
)
