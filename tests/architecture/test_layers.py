import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Field, Model

from tests.architecture.house import APP, NOT_ROOMS, ROOT, room_of, rooms


def test_imports_keep_to_the_layers() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_package_is_a_room_with_a_place_in_the_order() -> None:
    packages = {path.parent.name for path in APP.glob("*/__init__.py")} - NOT_ROOMS
    assert packages == set(rooms()), "Give it a layer in pyproject.toml, or take it out there."


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
