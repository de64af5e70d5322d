import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Field, Model

from tests.architecture.house import APP, NOT_ROOMS, ROOT, Module, modules, room_of, rooms

# A permission ("outreach.view_run") names no room.
DOTTED = re.compile(r"outreach(\.\w+)+")


def test_imports_keep_to_the_layers() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_package_is_a_room_with_a_place_in_the_order() -> None:
    packages = {path.parent.name for path in APP.glob("*/__init__.py")} - NOT_ROOMS
    assert packages == set(rooms()), "Give it a layer in pyproject.toml, or take it out there."


def _strings_upward(module: Module) -> Iterator[str]:
    """Names of a higher room in a string: the import contract does not see what they lead to."""
    order = rooms()
    for node in ast.walk(module.tree()):
        for name in _named_in(node):
            away = room_of(name)
            if away and order.index(away) > order.index(module.room):
                yield f"{module.name}:{getattr(node, 'lineno', 0)} names {name}"


def _named_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if DOTTED.fullmatch(text):
            yield text
        case ast.Call(func=ast.Attribute(attr="get_model"), args=[*parts]):
            label = ".".join(str(p.value) for p in parts if isinstance(p, ast.Constant))
            if label.startswith("outreach."):
                yield apps.get_model(label).__module__


def test_strings_keep_to_the_layers() -> None:
    wrong = [each for module in modules() if module.room for each in _strings_upward(module)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "code",
    [
        "import_module('outreach.campaigns.models')",
        "import_string('outreach.campaigns.advance.advance')",
        "apps.get_model('outreach', 'Campaign')",
        "apps.get_model('outreach.campaign')",
    ],
)
def test_a_way_round_the_layers_is_found(code: str, tmp_path: Path) -> None:
    path = tmp_path / "count.py"
    path.write_text(code)
    assert list(_strings_upward(Module(path, "outreach.groups.count", "groups")))
    assert not list(_strings_upward(Module(path, "outreach.dispatch.count", "dispatch")))


def _relations() -> "Iterator[tuple[type[Model], Field[Any, Any], type[Model]]]":
    """Each key that a table of ours holds, with the table it leads to."""
    for model in apps.get_app_config("outreach").get_models(include_auto_created=True):
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.is_relation:
                target = field.related_model
                assert isinstance(target, type), f"{field} leads to {target!r}, which is no table."
                yield model, field, target


def test_foreign_keys_keep_to_the_layers() -> None:
    order = rooms()
    wrong = [
        f"{model.__name__}.{field.name} in {home} leads up to {target.__name__} in {away}"
        for model, field, target in _relations()
        if (home := room_of(model.__module__)) and (away := room_of(target.__module__))
        if order.index(away) > order.index(home)
    ]
    assert not wrong, "\n".join(wrong)


def test_foreign_keys_stay_in_the_house() -> None:
    """Of the host only the user model is known; a table of its own may be merged or deleted."""
    wrong = [
        f"{model.__name__}.{field.name} leads to {target._meta.label}"
        for model, field, target in _relations()
        if target is not get_user_model() and not room_of(target.__module__)
    ]
    assert not wrong, "\n".join(wrong)
