"""Which tests run here, and how Hypothesis looks for examples."""

import os
import re

import pytest
from django.db import connection
from hypothesis import settings

import project.celery  # noqa: F401  (without it Celery would look for a broker of its own)

ONLY_WHEN_ASKED = ("broker", "browser", "demo", "package")
"""Marks of tests that need more than this process: run by `-m` alone."""

# The same examples each time, so that a green run stays green; a developer gets fresh ones.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("few", settings.get_profile("ci"), max_examples=10)
settings.register_profile("dev", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here, so that a skipped test is always worth a look."""
    asked_for = set(re.findall(r"\w+", config.option.markexpr))
    left_out = {mark for mark in ONLY_WHEN_ASKED if mark not in asked_for}
    if connection.vendor != "postgresql":
        left_out.add("postgres")
    kept: list[pytest.Item] = []
    deselected: list[pytest.Item] = []
    for item in items:
        has_mark = any(mark.name in left_out for mark in item.iter_markers())
        (deselected if has_mark else kept).append(item)
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = kept
