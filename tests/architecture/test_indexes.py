"""Django and Celery find only what the index modules name."""

import inspect
import re
from datetime import timedelta
from importlib import import_module

import pytest
from celery import current_app
from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import import_string

import outreach.admin
import outreach.models
import outreach.receivers
import outreach.tasks
from outreach.periodic import PERIODIC, Periodic, celery_schedule
from tests.architecture.house import defines, modules

MODELS = re.compile(r"outreach\.\w+\.(\w+_)?models")
"""Where a room has its tables: models.py, and for one thing of several, <thing>_models.py."""


def _tables_of(module_name: str) -> set[str]:
    module = import_module(module_name)
    return {
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, Model)
        if value.__module__ == module.__name__ and not value._meta.abstract
    }


def _rooms_with(module_name: str, function: str) -> set[str]:
    return {
        module.room
        for module in modules()
        if module.room and module.name == f"outreach.{module.room}.{module_name}"
        if defines(module, function)
    }


def test_every_table_is_in_the_index_of_models() -> None:
    with_models = [module.name for module in modules() if MODELS.fullmatch(module.name)]
    written = {name for module_name in with_models for name in _tables_of(module_name)}
    assert written == set(outreach.models.__all__)


def test_tables_are_written_only_in_the_models_module_of_a_room() -> None:
    for module in modules():
        import_module(module.name)
    elsewhere = [
        model.__module__
        for model in apps.get_app_config("outreach").get_models()
        if not MODELS.fullmatch(model.__module__)
    ]
    assert not elsewhere, f"Tables outside the models of a room: {elsewhere}"


def test_every_admin_is_in_the_index_of_admins() -> None:
    assert set(outreach.admin.ROOMS) == _rooms_with("admin", "register")


def test_every_receiver_is_in_the_index_of_receivers() -> None:
    assert set(outreach.receivers.ROOMS) == _rooms_with("receivers", "connect")


def test_every_room_that_holds_something_of_people_is_in_the_index() -> None:
    assert set(outreach.receivers.HOLDING) == _rooms_with("holdings", "register_holdings")


@pytest.mark.parametrize("periodic", PERIODIC, ids=lambda periodic: str(periodic.name))
def test_periodic_work_is_a_function_without_arguments_that_counts(periodic: Periodic) -> None:
    signature = inspect.signature(import_string(periodic.path))
    assert not signature.parameters, f"{periodic.path} asks for arguments."
    assert signature.return_annotation is int, f"{periodic.path} does not return a count."
    assert periodic.every > timedelta(0)


def test_every_sweep_is_listed_as_periodic_work() -> None:
    sweeps = {f"{module.name}.sweep" for module in modules() if defines(module, "sweep")}
    assert sweeps <= {periodic.path for periodic in PERIODIC}, "A sweep that nobody runs."


def test_periodic_work_has_names_of_its_own() -> None:
    assert len({periodic.name for periodic in PERIODIC}) == len(PERIODIC)


def test_celery_knows_a_task_for_each_periodic_work() -> None:
    ours = {name for name in current_app.tasks if name.startswith("outreach.")}
    assert ours == {periodic.task for periodic in PERIODIC}


def test_celery_beat_runs_all_periodic_work() -> None:
    assert {entry["task"] for entry in celery_schedule().values()} == {
        periodic.task for periodic in PERIODIC
    }
