"""For the page of a person: may we write to them, and which groups they are in."""

from collections.abc import Mapping
from itertools import islice

from django.db.models import BigIntegerField, Case, QuerySet, Value, When
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.eligibility.decide import question_for, rules_for, with_address
from outreach.eligibility.rule import Rule
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_by, rule_of
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.registry import known_facts
from outreach.preferences.models import Topic
from outreach.recipients import panels
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer

TOPICS_A_QUERY = 20
RULES_A_QUERY = 50
MOST_TOPICS = 200
MOST_GROUPS = 200


class MayWePanel:
    key = "may_we"
    title = gettext_lazy("May we write to them?")
    position = 30

    def is_shown(self, viewer: Viewer) -> bool:
        return True

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        topics = Topic.objects.filter(tenant=recipient.tenant, is_active=True)[:MOST_TOPICS]
        refusals = refusals_of(recipient, list(topics), Channel.EMAIL)
        return Table(
            columns=(_("About"), _("By e-mail, now"), _("What would change it")),
            rows=tuple(_answer(topic, refused) for topic, refused in refusals),
            empty=_("There is no topic yet to write about."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        return []


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
                        Cell(text=membership.reason),
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
        return []


def register_panels() -> None:
    panels.register(MayWePanel())
    panels.register(GroupsPanel())


def refusals_of(
    recipient: Recipient, topics: list[Topic], channel: str
) -> list[tuple[Topic, tuple[Rule, ...]]]:
    """What `may_contact` says for each topic, some topics a query."""
    found: list[tuple[Topic, tuple[Rule, ...]]] = []
    remaining = iter(topics)
    while some := list(islice(remaining, TOPICS_A_QUERY)):
        asked = {topic.pk: question_for(topic, channel) for topic in some}
        rules = {pk: rules_for(question) for pk, question in asked.items()}
        says_no = {
            f"no_{pk}_{rule.code}": Case(
                When(rule.excludes(question), then=Value(1)), default=Value(0)
            )
            for pk, question in asked.items()
            for rule in rules[pk]
        }
        people = with_address(Recipient.objects.filter(pk=recipient.pk), channel)
        row = people.annotate(**says_no).values(*says_no).get()
        for topic in some:
            refused = (rule for rule in rules[topic.pk] if row[f"no_{topic.pk}_{rule.code}"])
            found.append((topic, tuple(refused)))
    return found


def groups_by_rule(recipient: Recipient) -> list[ContactGroup]:
    """The groups whose rule finds this person, those with a broken rule apart."""
    rules = ContactGroup.objects.filter(tenant=recipient.tenant, kind=ContactGroup.Kind.RULE)
    groups = {group.pk: group for group in rules.order_by("name")[:MOST_GROUPS]}
    known = known_facts(recipient.tenant)
    questions = (_asking_if_in(group, recipient, known) for group in groups.values())
    asked = (question for question in questions if question is not None)
    found: set[int] = set()
    while some := list(islice(asked, RULES_A_QUERY)):
        found |= set(some[0].union(*some[1:]))
    return [group for key, group in groups.items() if key in found]


def _asking_if_in(
    group: ContactGroup, recipient: Recipient, known: Mapping[str, Fact]
) -> "QuerySet[Recipient, int] | None":
    """A query for the group's key where the person is in it; None where its rule is broken."""
    try:
        people = people_by(rule_of(group, known=known), tenant=group.tenant)
    except BrokenRule:
        return None
    key = Value(group.pk, output_field=BigIntegerField())
    member = people.filter(pk=recipient.pk).order_by()
    return member.annotate(group_key=key).values_list("group_key", flat=True)


def _answer(topic: Topic, refused: tuple[Rule, ...]) -> tuple[Cell, ...]:
    if not refused:
        return Cell(text=topic.name), Cell(text=_("yes")), Cell()
    reasons = get_text_list([str(rule.sentence) for rule in refused], _("and"))
    return (
        Cell(text=topic.name),
        Cell(text=_("no: this person %(reasons)s") % {"reasons": reasons}),
        Cell(text=refused[0].mend),
    )


def _group(group: ContactGroup, viewer: Viewer) -> Cell:
    return Cell(text=group.name, url=viewer.page_of(ContactGroup, group.pk))


def _why(group: ContactGroup, recipient: Recipient, viewer: Viewer) -> Cell:
    if not viewer.page_of(ContactGroup, group.pk):
        return Cell()
    url = viewer.url("outreach_contactgroup_why", group.pk, recipient.pk)
    return Cell(text=_("Why?"), url=url)
