"""What the documents name is there: files, and tests by their names."""

import ast
import re

import pytest

from tests.architecture.house import ROOT

NAMED = re.compile(r"`((?:outreach|tests|benchmarks|project)/[\w/.]+\.\w+)(?:::(\w+))?`")
LAW = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")


def missing(path: str, test: str) -> bool:
    file = ROOT / path
    if not file.is_file():
        return True
    if not test:
        return False
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return test not in {each.name for each in body if isinstance(each, ast.FunctionDef)}


def test_what_the_page_on_the_law_names_is_there() -> None:
    named = NAMED.findall(LAW)
    assert len(named) > 40
    assert [f"{path}::{test}" for path, test in named if missing(path, test)] == []


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("outreach/nowhere.py", ""),
        ("tests/architecture/test_documents.py", "test_nothing"),
    ],
)
def test_what_is_not_there_is_noticed(path: str, test: str) -> None:
    assert missing(path, test)


def test_every_duty_on_the_page_has_a_place_and_a_test_or_is_the_hosts() -> None:
    rows = [line for line in LAW.splitlines() if line.startswith("| ") and "what " not in line[:40]]
    duties = [row for row in rows if "nothing: your provider" not in row and "| test |" not in row]
    assert [row for row in duties if "`outreach/" not in row or "`tests/" not in row] == []
