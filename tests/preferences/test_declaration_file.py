import pytest

from outreach.exceptions import Refused
from outreach.preferences.declaration_file import take_file
from outreach.preferences.declaration_models import DeclaredPerson
from tests.builders import make_actor, make_recipient
from tests.preferences.declaring import make_declaration

pytestmark = pytest.mark.django_db

HEADING = "address,since,source,wording\n"
PROOF = "2024-05-31,the fair in Alba,Yes please"
FILE = (
    f"{HEADING}"
    f"maria@example.com,{PROOF}\n"
    f"nobody@example.com,{PROOF}\n"
    "piero@example.com,yesterday,the fair in Alba,Yes please\n"
)


def test_b7_people_of_a_file_are_in_a_declaration_each_with_their_own_proof() -> None:
    maria = make_recipient("maria@example.com")
    make_recipient("piero@example.com")
    by = make_actor()
    declaration = make_declaration(by=by)

    taken = take_file(declaration, "proofs.csv", FILE.encode(), by=by)

    assert (taken.added, taken.known) == (1, 1)
    assert [row.address for row in taken.strangers] == ["nobody@example.com"]
    assert [(row.number, row.why) for row in taken.refusals] == [
        (4, "since is no date as 2024-05-31 (year, month, day)")
    ]
    person = DeclaredPerson.objects.get()
    assert (person.recipient, person.source, person.wording) == (
        maria,
        "the fair in Alba",
        "Yes please",
    )


def test_a_file_without_the_columns_is_refused() -> None:
    by = make_actor()
    with pytest.raises(Refused, match="wording"):
        take_file(make_declaration(by=by), "proofs.csv", b"address\nmaria@example.com", by=by)
