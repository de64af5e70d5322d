"""Runs the tests on every Python, Django and database that outreach supports; see --help.

Each pair of Python and Django gets an environment of its own, made by that Python's own venv and
pip and kept for the next time. requirements.txt says which version of everything but Django is
installed, pyproject.toml what outreach needs.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAIRS = (
    ("3.11", "5.2"),
    *((python, django) for python in ("3.12", "3.13") for django in ("5.2", "6.0", "6.1")),
)
DATABASES = ("sqlite", "postgresql")
WITHOUT_BEAT = {"6.1"}
"""django-celery-beat 2.9 does not allow these yet."""

ROOMS_THAT_MATTER = (
    "audiences",
    "dispatch",
    "recipients",
    "preferences",
    "eligibility",
    "approvals",
    "sla",
    "conversations",
    "hosts",
)
TEST_TOOLS = (
    "dj-database-url",
    "hypothesis",
    "import-linter",
    "psycopg[binary]",
    "pytest",
    "pytest-django",
    "pytest-xdist",
    "redis",
    "requests",
    "time-machine",
    "tzdata",
    "waitress",
    "whitenoise",
)
NEEDS_MORE = ("tests/browser", "tests/broker")
"""Need what no job has: a browser, a broker."""


@dataclass(frozen=True, slots=True)
class Job:
    python: str
    django: str
    database: str

    def __str__(self) -> str:
        return f"Python {self.python}, Django {self.django}, {self.database}"


@dataclass(frozen=True, slots=True)
class Outcome:
    job: Job
    versions: str
    said: str
    seconds: float
    is_green: bool


class Failed(Exception):
    """What the message says stops a job."""


def main() -> int:
    asked = _arguments()
    jobs = list(_jobs(asked))
    if not jobs:
        print("No job fits: it is one of", *(f"{p} x {d}" for p, d in PAIRS), sep="\n    ")
        return 2
    outcomes = [_run(job, asked) for job in jobs]
    _show(outcomes)
    return 0 if all(outcome.is_green for outcome in outcomes) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__)
    parser.add_argument("--python", action="append", help="only this one; may be repeated")
    parser.add_argument("--django", action="append", help="only this one; may be repeated")
    parser.add_argument("--database", action="append", choices=DATABASES)
    parser.add_argument("--quick", action="store_true", help="on SQLite too, only some rooms")
    parser.add_argument("--environments", type=Path, default=ROOT / ".venv" / "matrix")
    parser.add_argument("--processes", default=os.environ.get("PROCESSES", "2"))
    return parser.parse_args()


def _jobs(asked: argparse.Namespace) -> Iterator[Job]:
    for python, django in PAIRS:
        for database in DATABASES:
            if (
                python in (asked.python or [python])
                and django in (asked.django or [django])
                and database in (asked.database or [database])
            ):
                yield Job(python, django, database)


def _run(job: Job, asked: argparse.Namespace) -> Outcome:
    began, versions, said, is_green = time.monotonic(), "", "", False
    print(f"\n=== {job}", flush=True)
    try:
        python = _environment(job, asked.environments)
        versions = _versions(job, python)
        for check in (["check", "--fail-level", "WARNING"], ["makemigrations", "--check"]):
            _call([python, "manage.py", *check], job)
        said = _tests(job, python, asked)
        is_green = True
    except Failed as failed:
        said = str(failed)
        print(f"=== failed: {job}: {said}", file=sys.stderr, flush=True)
    return Outcome(job, versions, said, time.monotonic() - began, is_green)


def _environment(job: Job, folder: Path) -> str:
    """The interpreter of an environment that has exactly what this job is about."""
    place = folder / f"{job.python}-{job.django}"
    wanted, limits = _wanted(job), _limits(job)
    made_of, stamp = "\n".join([*wanted, *limits]), place / "made-of.txt"
    python = str(place / "bin" / "python")
    if stamp.exists() and stamp.read_text() == made_of:
        return python
    _call([_interpreter(job.python), "-m", "venv", "--clear", str(place)], job)
    (place / "limits.txt").write_text("\n".join(limits))
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _call([*pip, "-c", str(place / "limits.txt"), *wanted], job)
    stamp.write_text(made_of)
    return python


def _wanted(job: Job) -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = ["celery", "holidays"] + ([] if job.django in WITHOUT_BEAT else ["beat"])
    of_extras = [each for extra in extras for each in project["optional-dependencies"][extra]]
    needs = dict.fromkeys([*project["dependencies"], *of_extras, *TEST_TOOLS])
    return [f"Django=={job.django}.*", *(each for each in needs if _name(each) != "django")]


def _limits(job: Job) -> list[str]:
    """requirements.txt as constraints, which know no extras, and without its Django."""
    lines = (line.partition("#")[0].strip() for line in _read("requirements.txt").splitlines())
    return [re.sub(r"\[.*?\]", "", line) for line in lines if line and _name(line) != "django"]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def _interpreter(version: str) -> str:
    """A Python of this version, wherever its users keep theirs. Raises Failed without one."""
    for candidate in _candidates(version):
        if _has_version(candidate, version):
            return candidate
    raise Failed(
        f"Python {version} is not here. Install it, for example by `pyenv install {version}` or "
        f"`uv python install {version}`, or put a `python{version}` on the PATH."
    )


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    yield f"python{version}"
    if shutil.which("pyenv"):
        root = Path(_first_line(["pyenv", "root"]))
        yield from map(str, sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True))
    if shutil.which("uv"):
        yield _first_line(["uv", "python", "find", version])


def _has_version(python: str, version: str) -> bool:
    """Asked, not believed: a shim of pyenv is on the PATH for versions that are not chosen."""
    ask = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    return bool(python) and _first_line([python, "-c", ask]) == version


def _first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ""
    return done.stdout.strip().partition("\n")[0] if done.returncode == 0 else ""


def _versions(job: Job, python: str) -> str:
    """What the job really runs on, asserted by its own interpreter."""
    expected = [job.python, job.django, job.database]
    return _last_line(_call([python, ".ci/versions.py", *expected], job))


def _tests(job: Job, python: str, asked: argparse.Namespace) -> str:
    is_at_an_end = (job.python, job.django) in (PAIRS[0], PAIRS[-1])
    is_whole = job.database == "sqlite" and is_at_an_end and not asked.quick
    where = [f"--ignore={path}" for path in NEEDS_MORE] if is_whole else _rooms()
    command = [python, "-m", "pytest", "-q", "-n", asked.processes, "-p", "no:cacheprovider"]
    return _last_line(_call([*command, *where], job))


def _rooms() -> Iterable[str]:
    return [f"tests/{room}" for room in ROOMS_THAT_MATTER]


def _call(command: list[str], job: Job) -> str:
    """The output of a command, shown as it comes. Raises Failed with its last line."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **_variables(job)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    said = "".join(lines)
    if process.returncode:
        raise Failed(_last_line(said) or f"{command} ended with {process.returncode}")
    return said


def _last_line(said: str) -> str:
    return said.strip().rpartition("\n")[2].strip("= ")


def _variables(job: Job) -> dict[str, str]:
    few = {"HYPOTHESIS_PROFILE": "few"}  # what a version changes shows with any example
    if job.database == "sqlite":
        return {**few, "DATABASE_URL": "sqlite://:memory:"}
    url = os.environ.get("OUTREACH_POSTGRES_URL")
    if not url:
        raise Failed("OUTREACH_POSTGRES_URL does not say where PostgreSQL is.")
    # A name of its own: other tests may run on the same server.
    name = f"test_outreach_matrix_{os.getpid()}"
    return {**few, "DATABASE_URL": url, "OUTREACH_TEST_DATABASE": name}


def _show(outcomes: list[Outcome]) -> None:
    print("\n=== the matrix")
    for outcome in outcomes:
        mark = "ok    " if outcome.is_green else "FAILED"
        versions = outcome.versions or str(outcome.job)
        print(f"{mark}  {versions:<54}  {outcome.seconds:4.0f} s  {outcome.said}")


if __name__ == "__main__":
    sys.exit(main())
