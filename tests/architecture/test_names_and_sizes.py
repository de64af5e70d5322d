import ast

from tests.architecture.house import modules

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc"}
LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 50


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [module.shown for module in modules() if SAYS_NOTHING & set(module.name.split("."))]
    assert not found, f"Name each for what it does: {found}"


def test_files_stay_small() -> None:
    long = {
        module.shown: count
        for module in modules()
        if (count := len(module.path.read_text(encoding="utf-8").splitlines())) > LINES_OF_A_FILE
    }
    assert not long, f"More than {LINES_OF_A_FILE} lines hold two things: {long}"


def test_functions_stay_small() -> None:
    long = {
        f"{module.shown}:{node.lineno} {node.name}": count
        for module in modules()
        for node in ast.walk(module.tree())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (count := (node.end_lineno or node.lineno) - node.lineno + 1) > LINES_OF_A_FUNCTION
    }
    assert not long, f"More than {LINES_OF_A_FUNCTION} lines hold two things: {long}"
