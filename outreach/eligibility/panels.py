"""For the page of a person: may we write to them?"""

from dataclasses import replace
from itertools import islice

from django.db.models import Case, Value, When
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.eligibility.addressed import with_address
from outreach.eligibility.compiled import excludes
from outreach.eligibility.decide import question_for, rules_for
from outreach.eligibility.rule import Keys, Rule
from outreach.preferences.models import Topic
from outreach.recipients import panels
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer

TOPICS_A_QUERY = 20
MOST_TOPICS = 200


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


def register_panels() -> None:
    panels.register(MayWePanel())


def refusals_of(
    recipient: Recipient, topics: list[Topic], channel: str
) -> list[tuple[Topic, tuple[Rule, ...]]]:
    """What `may_contact` says for each topic, some topics a query."""
    found: list[tuple[Topic, tuple[Rule, ...]]] = []
    remaining, within = iter(topics), Keys((recipient.pk,))
    while some := list(islice(remaining, TOPICS_A_QUERY)):
        asked = {topic.pk: replace(question_for(topic, channel), within=within) for topic in some}
        rules = {pk: rules_for(question) for pk, question in asked.items()}
        says_no = {
            f"no_{pk}_{rule.code}": Case(
                When(excludes(rule, question), then=Value(1)), default=Value(0)
            )
            for pk, question in asked.items()
            for rule in rules[pk]
        }
        people = with_address(Recipient.objects.filter(pk=recipient.pk), channel, within=within)
        with asking_of_many():  # or it takes longer to compile the query than to run it
            row = people.annotate(**says_no).values(*says_no).get()
        for topic in some:
            refused = (rule for rule in rules[topic.pk] if row[f"no_{topic.pk}_{rule.code}"])
            found.append((topic, tuple(refused)))
    return found


def _answer(topic: Topic, refused: tuple[Rule, ...]) -> tuple[Cell, ...]:
    if not refused:
        return Cell(text=topic.name), Cell(text=_("yes")), Cell()
    reasons = get_text_list([str(rule.sentence) for rule in refused], _("and"))
    return (
        Cell(text=topic.name),
        Cell(text=_("no: this person %(reasons)s") % {"reasons": reasons}),
        Cell(text=refused[0].mend),
    )
