"""What a stranger installs: the package has all that it needs, and nothing that is ours alone."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = Path(__file__).with_name("host")
WITHIN = 300
NOT_OURS = {"__pycache__", ".mypy_cache"}

pytestmark = pytest.mark.package


def run(*command: str | Path, within: int = WITHIN, cwd: Path | None = None) -> str:
    """What it said; none of the settings and paths of these tests reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=within,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def make_environment(place: Path) -> Path:
    """The interpreter of an empty environment."""
    venv.create(place, with_pip=True, clear=True)
    return place / "bin" / "python"


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources, packed by the build backend from a copy: setuptools leaves files behind."""
    work = tmp_path_factory.mktemp("sources")
    left_out = shutil.ignore_patterns(".*", "*.egg-info", "build", *NOT_OURS)
    shutil.copytree(ROOT, work / "tree", ignore=left_out)
    python = make_environment(work / "env")
    run(python, "-m", "pip", "install", "--quiet", "setuptools>=77")
    build = "from setuptools import build_meta; build_meta.build_sdist('dist')"
    run(python, "-c", build, cwd=work / "tree")
    (made,) = (work / "tree" / "dist").iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the packed sources, which proves that nothing is missing from them."""
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", place, sdist)
    (made,) = place.iterdir()
    return made


def files_of_the_app() -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "outreach").rglob("*")
        if path.is_file() and not NOT_OURS & set(path.parts)
    }


def test_the_wheel_has_every_file_of_the_app_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert names == files_of_the_app()
    for suffix in (".html", ".txt", ".css", ".po", ".mo", "py.typed", "0001_initial.py"):
        assert any(name.endswith(suffix) for name in names), suffix


def test_the_sources_have_the_app_and_what_it_is_built_from(sdist: Path) -> None:
    with tarfile.open(sdist) as packed:
        names = {name.partition("/")[2] for name in packed.getnames() if "/" in name}
        files = {name for name in names if "." in name.rpartition("/")[2]} | {"LICENSE"}
    assert files >= files_of_the_app() | {"README.md", "CHANGELOG.md", "pyproject.toml"}
    rooms = {name.partition("/")[0] for name in names if "/" in name}
    assert rooms == {"outreach", "django_outreach_crm.egg-info"}


def test_nothing_that_it_needs_is_held_back(wheel: Path) -> None:
    """An upper bound would keep a host from its own upgrade."""
    needs = [
        each.partition(";")[0].strip() for each in metadata(wheel).get_all("Requires-Dist", [])
    ]
    assert "Django>=5.2" in needs
    assert [each for each in needs if not re.fullmatch(r"[\w-]+>=[\d.]+", each)] == []


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        return message_from_string(packed.read(name).decode())


def test_a_stranger_installs_it_and_migrates_a_host(wheel: Path, tmp_path: Path) -> None:
    python = make_environment(tmp_path / "env")
    run(python, "-m", "pip", "install", "--quiet", wheel)
    installed = run(python, "-m", "pip", "list", "--format", "freeze").lower()
    assert "celery" not in installed
    assert "holidays" not in installed
    shutil.copytree(HOST, tmp_path / "host", ignore=shutil.ignore_patterns(*NOT_OURS))
    said = run(python, "-W", "error", tmp_path / "host" / "look_around.py", cwd=tmp_path)
    assert said.endswith("All is there.\n")
