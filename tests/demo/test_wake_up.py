"""The demo's broker: a wake-up call is there whole or not at all, and a broken one wakes nobody."""

import os
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

import project.celery  # noqa: F401  (so that "wake-up" is known)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def channel(folder: Path) -> Iterator[Any]:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    with Connection("wake-up://localhost", transport_options=options) as connection:
        yield connection.channel()


def test_a_call_comes_out_as_it_went_in(channel: Any, folder: Path) -> None:
    channel._put("celery", {"task": "outreach.dispatch"})
    assert channel._get("celery") == {"task": "outreach.dispatch"}
    assert list(folder.glob("*.msg*")) == []
    with pytest.raises(Empty):
        channel._get("celery")


def test_nobody_sees_a_call_before_it_is_written(
    channel: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    put_in_place = os.replace

    def look_first(source: Path, target: Path) -> None:
        with pytest.raises(Empty):
            channel._get("celery")
        seen.append(target)
        put_in_place(source, target)

    monkeypatch.setattr(os, "replace", look_first)
    channel._put("celery", {"task": "outreach.dispatch"})
    assert len(seen) == 1
    assert channel._get("celery") == {"task": "outreach.dispatch"}


@pytest.mark.parametrize("written", ["", '{"task": "outre'])
def test_half_a_call_wakes_nobody_and_ends_nobody(channel: Any, folder: Path, written: str) -> None:
    (folder / "1_half.celery.msg").write_text(written)
    with pytest.raises(Empty):
        channel._get("celery")
