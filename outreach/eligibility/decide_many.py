"""The decision for many people in one pass: SQL of a row for each with its first reason, if any.

`decide.with_reason` asks one rule after the other about each person. Here whom a rule excludes by
rows that are few is found once, as a set of people with the number of the rule; the least number
of a person counts. The sets and what is asked besides are parts of the same conditions.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from outreach.eligibility.addressed import with_address
from outreach.eligibility.compiled import excluded_sets, excludes_besides
from outreach.eligibility.decide import REASON, rules_for
from outreach.eligibility.rule import ADDRESS, Question
from outreach.eligibility.shape import given
from outreach.kept_plans import Statement, bound
from outreach.ledger.plan import DECIDED, Part
from outreach.recipients.found_once import found_once
from outreach.recipients.many_rows import once
from outreach.recipients.models import Recipient

PERSON = "outreach_person"
# Only names of our own are put into the SQL below, and SQL that Django made.


def decided_of(people: QuerySet[Recipient], question: Question) -> list[Part]:
    """What is decided of these people, who are `within` a range. Raises EmptyResultSet for none."""
    numbered, params = _numbered(people, question)
    asked = rules_for(question)
    codes = " ".join(["WHEN %s THEN %s"] * len(asked))
    of_codes = [each for number, rule in enumerate(asked, 1) for each in (number, rule.code)]
    sql = f"""
        SELECT {PERSON}, {ADDRESS}, CASE number {codes} ELSE '' END AS {REASON}
        FROM ({numbered}) AS numbered
    """  # noqa: S608
    values = [*of_codes, *bound(params, given(question), connections[people.db])]
    return [*_found_once(question, people.db), Part(DECIDED, sql, values)]


def _found_once(question: Question, using: str) -> Iterator[Part]:
    """What the question's SQL names besides tables."""
    people = question.within.of("recipient") if question.within else Q()
    for name, rows in found_once(people).items():
        sql, params = rows.query.get_compiler(using).as_sql()
        yield Part(name, sql, list(params))


class Counts(NamedTuple):
    """People by the code of their first reason, "" for none; those at how many `places`."""

    by_reason: dict[str, int]
    places: int


def counts_of(people: QuerySet[Recipient], question: Question) -> Counts:
    """How many of these people there are for each reason."""
    codes = [*(rule.code for rule in rules_for(question)), ""]
    try:
        numbered, params = _numbered(people, question)
    except EmptyResultSet:  # a group that can have no member
        return Counts({}, 0)
    connection = connections[people.db]
    sql = f"""
        WITH numbered AS {once(connection)} ({numbered})
        SELECT number, COUNT(*) FROM numbered GROUP BY number UNION ALL
        SELECT 0, COUNT(DISTINCT {ADDRESS}) FROM numbered WHERE number = {len(codes)}
    """  # noqa: S608
    counted: dict[int, int] = dict(Statement(sql, tuple(params)).rows(given(question), connection))
    places = counted.pop(0)
    return Counts({codes[number - 1]: count for number, count in counted.items()}, places)


def _numbered(people: QuerySet[Recipient], question: Question) -> tuple[str, list[Any]]:
    """SQL of rows of PERSON, ADDRESS and the number of the first rule that says no; as open.

    Where none does, a number after the last. Each part is named once: SQLite would work it out
    anew for each place where it is named.
    """
    no_rule = Value(len(rules_for(question)) + 1)
    others = [
        When(no, then=Value(number))
        for number, rule in enumerate(rules_for(question), 1)
        if (no := excludes_besides(rule, question, people.db)) is not None
    ]
    rows = with_address(people.order_by(), question.channel, within=question.within).annotate(
        **{PERSON: F("pk")},
        outreach_other=Case(*others, default=no_rule, output_field=IntegerField()),
    )
    columns = rows.values_list(PERSON, ADDRESS, "outreach_other")
    asking, of_asking = columns.query.get_compiler(people.db).as_sql()
    refused, of_refused = _refused(question, people.db)
    least = "MIN" if connections[people.db].vendor == "sqlite" else "LEAST"
    sql = f"""
        SELECT {PERSON}, {ADDRESS},
            {least}(outreach_other, COALESCE(refused.number, %s)) AS number
        FROM ({asking}) AS asked LEFT JOIN ({refused}) AS refused ON refused.person = {PERSON}
    """  # noqa: S608
    return sql, [no_rule.value, *of_asking, *of_refused]


def _refused(question: Question, using: str) -> tuple[str, list[Any]]:
    """SQL of rows of person and number: the first rule by which they are in a set."""
    nobody = Recipient._meta.db_table
    found, params = [f"SELECT id AS person, 0 AS number FROM {nobody} WHERE 1 = 0"], []  # noqa: S608
    for number, rule in enumerate(rules_for(question), 1):
        for sql, of_set in excluded_sets(rule, question, using):
            found.append(f"SELECT keys.*, {number} FROM ({sql}) AS keys")  # noqa: S608
            params += of_set
    union = " UNION ALL ".join(found)
    return (
        f"SELECT person, MIN(number) AS number FROM ({union}) AS found GROUP BY person",  # noqa: S608
        params,
    )
