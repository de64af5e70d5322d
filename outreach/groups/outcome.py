"""What a group comes to: its rule in words, how many people, and some of them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from outreach.groups.bounded import NOBODY, Counted, counted
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_by, rule_of
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.groups.people_page import Person, with_details
from outreach.groups.rule_editor import RuleEditor
from outreach.groups.sentence import sentence
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Recipient

SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` says why there is nothing to count; `sample` is None for who may not see people."""

    is_saved: bool
    sentence: str = ""
    people: Counted = NOBODY
    sample: list[Person] | None = None
    problem: str = ""


def outcome_of(group: ContactGroup, *, with_people: bool) -> Outcome:
    """Of a group as it is saved."""
    is_rule = group.kind == ContactGroup.Kind.RULE
    try:
        said = sentence(rule_of(group)) if is_rule else ""
        return _counted(members_of(group), said, group, with_people=with_people)
    except BrokenRule as broken:
        return Outcome(is_saved=True, problem=str(broken))


def outcome_of_rows(editor: RuleEditor, *, tenant: str, with_people: bool) -> Outcome:
    """Of a rule as it is being written; nothing is kept."""
    try:
        rule = editor.rule()
        people = people_by(rule, tenant=tenant)
        return _counted(people, sentence(rule), None, with_people=with_people)
    except ValidationError as error:
        return Outcome(is_saved=False, problem=" ".join(error.messages))
    except BrokenRule as broken:
        return Outcome(is_saved=False, problem=str(broken))


def _counted(
    people: QuerySet[Recipient], said: str, group: ContactGroup | None, *, with_people: bool
) -> Outcome:
    first = people.order_by("name", "pk")[:SAMPLE]
    with asking_of_many():
        return Outcome(
            is_saved=group is not None,
            sentence=said,
            people=counted(people),
            sample=with_details(first, group) if with_people else None,
        )
