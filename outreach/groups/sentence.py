"""Read a rule back as a sentence: "People whose country is Italy and who are in “Press”."."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from outreach.groups.facts import Kind, Takes
from outreach.groups.rule import Condition, Match, Rule


def sentence(rule: Rule) -> str:
    """The whole rule, in the active language."""
    clauses = [clause(condition) for condition in rule.conditions]
    if len(clauses) == 1:
        return _("People %(clause)s.") % {"clause": clauses[0]}
    template = (
        _("People %(clauses)s and %(last)s.")
        if rule.match == Match.ALL
        else _("People %(clauses)s or %(last)s.")
    )
    return template % {"clauses": ", ".join(clauses[:-1]), "last": clauses[-1]}


def clause(condition: Condition) -> str:
    """One condition, to follow "people": "whose country is Italy"."""
    fact, lookup = condition.fact, condition.lookup
    value = {"value": _in_words(condition)}
    if own := fact.phrases.get(lookup.code):
        return str(own) % value
    return _("whose %(label)s %(phrase)s") % {
        "label": _lowered(str(fact.label)),
        "phrase": str(lookup.phrase) % value,
    }


def _in_words(condition: Condition) -> str:
    value = condition.value
    if condition.lookup.takes == Takes.NOTHING:
        return ""
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal | int):
        return number_format(value, force_grouping=True)
    if condition.fact.kind == Kind.CHOICE:
        labels = dict(condition.fact.choices)
        return str(labels.get(str(value), value))
    return _("“%(text)s”") % {"text": value}


def _lowered(label: str) -> str:
    """ "Country" as inside a sentence, but "VAT number" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
