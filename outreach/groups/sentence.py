"""Read a rule back as a sentence: "People whose country is Italy, except those in “Press”."."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.calendars.wording import date_in_words
from outreach.groups.facts import Kind, Takes
from outreach.groups.rule import Condition, Match, Rule


def sentence(rule: Rule) -> str:
    """The whole rule, in the active language. What is inside of the rule stands in brackets."""
    if rule.match == Match.ANY:
        return _("People %(clauses)s.") % {"clauses": _one_of(_alternatives(rule))}
    wanted, unwanted = _parted(rule)
    if not unwanted:
        return _("People %(clauses)s.") % {"clauses": _each_of(wanted)}
    words = {"clauses": _each_of(wanted), "unwanted": _one_of(unwanted)}
    if not wanted:
        return _("Everybody except those %(unwanted)s.") % words
    return _("People %(clauses)s, except those %(unwanted)s.") % words


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


def _parted(rule: Rule) -> tuple[list[str], list[str]]:
    """What has to hold, and what must not: "none of" within "all of" reads as an exception.

    Two exceptions make one, and "all of" within "all of" is no more than a longer list.
    """
    if rule.match == Match.NONE:
        return [], _alternatives(rule)
    wanted, unwanted = list[str](), list[str]()
    for part in rule.parts:
        if isinstance(part, Rule) and part.match != Match.ANY:
            more, less = _parted(part)
            wanted += more
            unwanted += less
        else:
            wanted.append(_said(part))
    return wanted, unwanted


def _alternatives(rule: Rule) -> list[str]:
    """What any, or none, of which has to hold; "any of" within is no more than a longer list."""
    found = list[str]()
    for part in rule.parts:
        if isinstance(part, Rule) and part.match == Match.ANY:
            found += _alternatives(part)
        else:
            found.append(_said(part))
    return found


def _said(part: Condition | Rule) -> str:
    """One clause of several; in brackets where its own "and" or "or" could mislead."""
    if not isinstance(part, Rule):
        return clause(part)
    if part.match == Match.ANY:
        said = _alternatives(part)
        return _bracketed(_one_of(said)) if len(said) > 1 else said[0]
    wanted, unwanted = _parted(part)
    if not unwanted:
        return _bracketed(_each_of(wanted)) if len(wanted) > 1 else wanted[0]
    words = {"clauses": _each_of(wanted), "unwanted": _one_of(unwanted)}
    if not wanted:
        return _bracketed(_("all except those %(unwanted)s") % words)
    return _bracketed(_("%(clauses)s, except those %(unwanted)s") % words)


def _each_of(clauses: Sequence[str]) -> str:
    return _joined(clauses, _("%(clauses)s and %(last)s"))


def _one_of(clauses: Sequence[str]) -> str:
    return _joined(clauses, _("%(clauses)s or %(last)s"))


def _joined(clauses: Sequence[str], template: str) -> str:
    if len(clauses) < 2:
        return "".join(clauses)
    return template % {"clauses": ", ".join(clauses[:-1]), "last": clauses[-1]}


def _bracketed(words: str) -> str:
    return f"({words})"


def _in_words(condition: Condition) -> str:
    value = condition.value
    if condition.lookup.takes == Takes.NOTHING:
        return ""
    if isinstance(value, date):
        return date_in_words(value)
    if isinstance(value, Decimal | int):
        return number_format(value, force_grouping=True)
    if condition.fact.kind == Kind.CHOICE:
        labels = dict(condition.fact.choices)
        return str(labels.get(str(value), value))
    return pgettext("a word in a rule of a group", "“%(text)s”") % {"text": value}


def _lowered(label: str) -> str:
    """ "Country" as inside a sentence, but "VAT number" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
