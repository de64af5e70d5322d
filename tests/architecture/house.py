"""The house as its files show it: rooms in their order, modules, and their syntax trees."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "outreach"
NOT_ROOMS = {"management", "migrations", "templatetags"}


@dataclass(frozen=True, slots=True)
class Module:
    """A source file; `name` as imported, `room` empty for what is in no room."""

    path: Path
    name: str
    room: str

    @property
    def shown(self) -> str:
        return str(self.path.relative_to(ROOT))

    def tree(self) -> ast.Module:
        return _parse(self.path)


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def rooms() -> tuple[str, ...]:
    """All rooms, the lowest first, as the import contract in pyproject.toml orders them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["id"] == "layers")
    return tuple(layer for layer in reversed(layers) if (APP / layer).is_dir())


def room_of(module_name: str) -> str:
    """ "ledger" for "outreach.ledger.models"; empty for what is in no room."""
    parts = module_name.split(".")
    return parts[1] if parts[0] == "outreach" and len(parts) > 1 and parts[1] in rooms() else ""


def modules() -> Iterator[Module]:
    """Every source file of the app but migrations."""
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            name = ".".join(parts).removesuffix(".__init__")
            yield Module(path, name, room_of(name))


def defines(module: Module, function: str) -> bool:
    """Whether a module has a function of that name at its top."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name == function for node in module.tree().body
    )
