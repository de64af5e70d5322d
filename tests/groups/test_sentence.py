from typing import Any

import pytest
from django.utils import translation

from outreach.groups.rule import block_as_json, validate
from outreach.groups.sentence import sentence
from tests.builders import make_group, make_topic
from tests.groups.people import asks, in_italy, rule_that

pytestmark = pytest.mark.django_db


def _said(*conditions: Any, match: str = "all") -> str:
    return sentence(validate(rule_that(*conditions, match=match)))


def test_b3_a_rule_is_read_back_as_a_sentence() -> None:
    make_topic("Tastings and visits", slug="tastings")

    said = _said(in_italy(), asks("interest", "includes", "tastings"))

    assert said == "People whose country is Italy and who are interested in “Tastings and visits”."


def test_any_of_three() -> None:
    group = make_group(name="Press")

    said = _said(
        in_italy(),
        asks("contact.city", "starts", "San"),
        asks("group", "excludes", str(group.pk)),
        match="any",
    )

    assert said == (
        "People whose country is Italy, whose city begins with “San” or who are not in “Press”."
    )


def _block(match: str, *parts: Any) -> dict[str, Any]:
    return block_as_json(match, parts)


CITY = {name: asks("contact.city", "equals", name) for name in ("Asti", "Alba", "Cuneo")}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            _block("all", in_italy(), _block("any", CITY["Asti"], CITY["Alba"])),
            "People whose country is Italy and (whose city is “Asti” or whose city is “Alba”).",
        ),
        (
            _block("all", in_italy(), _block("none", CITY["Asti"], CITY["Alba"])),
            "People whose country is Italy, except those whose city is “Asti” or whose city is "
            "“Alba”.",
        ),
        (
            _block("all", in_italy(), _block("none", CITY["Asti"]), _block("none", CITY["Alba"])),
            "People whose country is Italy, except those whose city is “Asti” or whose city is "
            "“Alba”.",
        ),
        (_block("none", in_italy()), "Everybody except those whose country is Italy."),
        (
            _block("any", CITY["Asti"], _block("none", in_italy())),
            "People whose city is “Asti” or (all except those whose country is Italy).",
        ),
        (
            _block("any", CITY["Asti"], _block("all", in_italy(), _block("none", CITY["Alba"]))),
            "People whose city is “Asti” or (whose country is Italy, except those whose city is "
            "“Alba”).",
        ),
        (
            _block("none", CITY["Asti"], _block("all", in_italy(), CITY["Alba"])),
            "Everybody except those whose city is “Asti” or (whose country is Italy and whose "
            "city is “Alba”).",
        ),
        (
            _block("all", _block("all", in_italy(), CITY["Asti"]), CITY["Alba"]),
            "People whose country is Italy, whose city is “Asti” and whose city is “Alba”.",
        ),
        (
            _block("any", _block("any", in_italy(), CITY["Asti"]), CITY["Alba"]),
            "People whose country is Italy, whose city is “Asti” or whose city is “Alba”.",
        ),
        (_block("all", _block("any", CITY["Cuneo"])), "People whose city is “Cuneo”."),
    ],
)
def test_b3_conditions_inside_of_conditions_are_read_back(rule: Any, said: str) -> None:
    assert _said(*rule["conditions"], match=rule["match"]) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (asks("contact.city", "empty"), "whose city is not known"),
        (asks("contact.customer_since", "before", "2024-03-05"), "is before March 5, 2024"),
        (asks("contact.customer_since", "in_last", 90), "is in the last 90 days"),
        (asks("contact.customer_since", "longer_ago", 1200), "is more than 1,200 days ago"),
        (
            asks("contact.customer_since", "not_in_last", 90),
            "whose customer since is not in the last 90 days, or is not known",
        ),
        (asks("contact.last_order", "not_in_last", 90), "who placed no order in the last 90 days"),
        (asks("message.last", "not_in_last", 30), "who were not written to in the last 30 days"),
        (asks("message.bounced", "no"), "from whose address no mail came back"),
        (asks("reply.last", "empty"), "who never wrote to us"),
        (asks("person.stage", "differs", "lapsed"), "whose stage is not lapsed"),
        (asks("person.language", "equals", "it"), "whose language is Italian"),
        (asks("contact.city", "equals", "%(value)s"), "whose city is “%(value)s”"),
    ],
)
def test_one_condition(condition: Any, said: str) -> None:
    with translation.override("en"):
        assert said in _said(condition)


@pytest.mark.parametrize(
    ("language", "country", "date", "word"),
    [
        (
            "it",
            "Persone il cui paese è: Germania e che ci hanno scritto negli ultimi 30 giorni.",
            "Persone a cui abbiamo scritto l’ultima volta il giorno 31 maggio 2026.",
            "Persone per cui il dato «{label}» contiene «Alba».",
        ),
        (
            "es",
            "Personas cuyo país es: Alemania y que nos escribieron en los últimos 30 días.",
            "Personas a quienes escribimos por última vez el 31 de mayo de 2026.",
            "Personas cuyo dato “{label}” contiene “Alba”.",
        ),
        (
            "ru",
            "Люди, чья страна: Германия и которые писали нам в последние 30 суток.",
            "Люди, которым мы в последний раз писали 31 мая 2026 года.",
            "Люди, у которых поле «{label}» содержит «Alba».",  # noqa: RUF001
        ),
    ],
)
def test_d4_customers_read_a_rule_in_their_language(
    language: str, country: str, date: str, word: str
) -> None:
    with translation.override(language):
        in_germany = asks("person.country", "equals", "DE")
        assert _said(in_germany, asks("reply.last", "in_last", 30)) == country
        assert _said(asks("message.last", "equals", "2026-05-31")) == date
        assert _said(asks("contact.city", "contains", "Alba")) == word.format(label="city")
