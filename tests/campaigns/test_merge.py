import re
import time
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaigns.merge import FIELDS, check_line, check_text, fields_used, fill

MARIA = {
    "given_name": "Maria",
    "family_name": "Rossi",
    "full_name": "Maria Rossi",
    "company": "Enoteca Rossi",
}
NOBODY = dict.fromkeys(FIELDS, "")


def complaints(check: Callable[[str], None], template: str) -> list[str]:
    try:
        check(template)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    ("template", "for_maria", "for_nobody"),
    [
        ("Dear {{ given_name | friend }},", "Dear Maria,", "Dear friend,"),
        ("Dear {{given_name|dear guest}},", "Dear Maria,", "Dear dear guest,"),
        (
            "{{ full_name | You }} of {{ company | us }}",
            "Maria Rossi of Enoteca Rossi",
            "You of us",
        ),
        ("no field at all", "no field at all", "no field at all"),
        ("{ one brace } is {fine}", "{ one brace } is {fine}", "{ one brace } is {fine}"),
    ],
)
def test_fields_are_filled(template: str, for_maria: str, for_nobody: str) -> None:
    check_text(template)
    assert fill(template, MARIA) == for_maria
    assert fill(template, NOBODY) == for_nobody


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_needs_words_for_people_of_whom_it_is_not_known(field: str) -> None:
    """Words of ours would be in another language than the text, or fit in no sentence."""
    (said,) = complaints(check_text, f"Dear Mr {{{{ {field} }}}}")
    assert f"Write {{{{ {field} | … }}}}" in said
    assert fill(f"Dear {{{{ {field} }}}}", NOBODY) == "Dear "


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("Dear {{ given_nam }}", "Did you mean “given_name”?"),
        ("{{ password }}", "There is no field “password”. There are: given_name"),
        ("{{ ''.__class__ }}", "There is no field"),
        ("{{ given_name.__class__ }}", "There is no field"),
        ("{{ }}", "There is no field"),
        ("{{ given_name", "“{{” does not belong to a field"),
        ("given_name }}", "“}}” does not belong to a field"),
        ("{{ given_name } }", "“{{” does not belong to a field"),
        ("{% include 'admin/login.html' %}", "“{%” does not belong to a field"),
        ("{# hidden #}", "“{#” does not belong to a field"),
        ("{{ given_name | }}", "the words to use instead"),
        ("{{ given_name | upper | safe }}", "the words to use instead"),
        ("https://example.com/?name={{ given_name }}", "cannot be part of a web address"),
    ],
)
def test_what_is_wrong_is_said_when_it_is_saved(template: str, says: str) -> None:
    assert says in " ".join(complaints(check_text, template))


@pytest.mark.parametrize("character", ["\r", "\n", "\r\nBcc: all@example.com", "\x00", "\u2028"])
def test_a_subject_is_one_line(character: str) -> None:
    with pytest.raises(ValidationError, match="on one line"):
        check_line(f"A tasting{character}")


def test_a_value_is_not_searched_for_fields_and_stays_on_its_line() -> None:
    hostile = {**MARIA, "given_name": "{{ company }}\r\nBcc: x@example.com\x00"}
    assert fill("Dear {{ given_name }}!", hostile) == "Dear {{ company }} Bcc: x@example.com!"


def test_fields_used_names_only_known_ones() -> None:
    assert fields_used("{{ given_name | you }} {{ nonsense }} {{company}}") == {
        "given_name",
        "company",
    }


@given(st.text(alphabet="{}%#| \n\rgiven_name'.<>:/x", max_size=200))
def test_filling_never_fails_and_what_passes_the_check_leaves_no_braces(template: str) -> None:
    filled = fill(template, NOBODY)
    if not complaints(check_text, template):
        assert not re.search(r"\{\{|\}\}", filled)


@pytest.mark.parametrize(
    "hostile",
    ["{{" * 50_000, "{{x}}" * 20_000, "http://" * 15_000 + "{{", "\n" * 100_000, "}" * 99_999],
)
def test_a_hundred_kilobytes_are_answered_at_once(hostile: str) -> None:
    begun = time.monotonic()
    fill(hostile, MARIA)
    assert 1 <= len(complaints(check_line, hostile)) <= 5
    assert time.monotonic() - begun < 2
