"""The decision for many people in one pass: SQL of a row for each with its first reason, if any.

`decide.with_reason` asks one rule after the other about each person. Here whom a rule excludes by
rows that are few is found once, as a set of people with the number of the rule; the least number
of a person counts. The sets and what is asked besides are parts of the same conditions.
"""

from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from outreach.eligibility.addressed import with_address
from outreach.eligibility.compiled import excluded_sets, excludes_besides
from outreach.eligibility.decide import REASON, rules_for
from outreach.eligibility.rule import ADDRESS, Question
from outreach.recipients.models import Recipient

PERSON = "outreach_person"


def decided_of(people: QuerySet[Recipient], question: Question) -> tuple[str, list[Any]]:
    """SQL and parameters of rows of PERSON, ADDRESS and REASON for these people.

    Raises EmptyResultSet where there can be nobody.
    """
    asked = rules_for(question)
    others = [
        When(excludes_besides(rule, question), then=Value(number))
        for number, rule in enumerate(asked, 1)
    ]
    rows = with_address(people.order_by(), question.channel, within=question.within).annotate(
        **{PERSON: F("pk")},
        outreach_other=Case(*others, default=Value(0), output_field=IntegerField()),
    )
    columns = rows.values_list(PERSON, ADDRESS, "outreach_other")
    asking, of_asking = columns.query.get_compiler(people.db).as_sql()
    refused, of_refused = _refused(question, people.db)
    codes = " ".join(["WHEN %s THEN %s"] * len(asked))
    of_codes = [each for number, rule in enumerate(asked, 1) for each in (number, rule.code)]
    sql = f"""
        SELECT {PERSON}, {ADDRESS}, CASE
            CASE WHEN outreach_other = 0 OR refused.number < outreach_other
                THEN COALESCE(refused.number, 0) ELSE outreach_other END
            {codes} ELSE '' END AS {REASON}
        FROM ({asking}) AS asked LEFT JOIN ({refused}) AS refused ON refused.person = {PERSON}
    """  # noqa: S608  (only names of our own are put in)
    return sql, [*of_codes, *of_asking, *of_refused]


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
