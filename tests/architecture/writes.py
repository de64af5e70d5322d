"""Which tables a module writes, as far as its text alone can tell.

Followed are model classes that are imported by name, their querysets, and names that are bound
to either in the same function, by assignment, by a loop, or by the type of an argument. Not
followed: related managers (`campaign.aims`), attributes, SQL, and what another function returns.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module

from django.db.models import Model

ON_MANY = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
}
ON_ONE = {"save", "delete"}
GIVES_ONE = {"create", "get", "first", "last", "earliest", "latest"}


class Kind(Enum):
    TABLE = auto()
    MANY = auto()
    ONE = auto()


@dataclass(frozen=True, slots=True)
class Thing:
    """What an expression stands for: a model class, a queryset of it, or one row."""

    model: type[Model]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Write:
    model: type[Model]
    verb: str
    line: int


def writes_of(tree: ast.Module) -> Iterator[Write]:
    reader = _Reader()
    reader.visit(tree)
    yield from reader.writes


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names: dict[str, Thing | None] = {}
        self.writes: list[Write] = []

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module and node.module.partition(".")[0] in {"outreach", "project", "django"}:
            module = import_module(node.module)
            for alias in node.names:
                found = getattr(module, alias.name, None)
                if isinstance(found, type) and issubclass(found, Model):
                    self.names[alias.asname or alias.name] = Thing(found, Kind.TABLE)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outside = dict(self.names)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.names[argument.arg] = self._of_type(argument.annotation)
        self.generic_visit(node)
        self.names = outside

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, self._thing(node.value))

    def visit_For(self, node: ast.For) -> None:
        many = self._thing(node.iter)
        one = Thing(many.model, Kind.ONE) if many and many.kind is Kind.MANY else None
        self._bind(node.target, one)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute):
            thing, verb = self._thing(node.func.value), node.func.attr
            verbs = {Kind.MANY: ON_MANY, Kind.ONE: ON_ONE, Kind.TABLE: set[str]()}
            if thing and verb in verbs[thing.kind]:
                self.writes.append(Write(thing.model, verb, node.lineno))

    def _bind(self, target: ast.expr, thing: Thing | None) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = thing
        elif isinstance(target, ast.Tuple):  # row, is_new = X.objects.get_or_create()
            for position, part in enumerate(target.elts):
                self._bind(part, thing if position == 0 else None)

    def _thing(self, node: ast.expr) -> Thing | None:
        match node:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(value=value, attr="objects"):
                return _if(self._thing(value), Kind.TABLE, Kind.MANY)
            case ast.Call(func=ast.Attribute(value=value, attr=verb)):
                to = Kind.ONE if verb in GIVES_ONE | {"get_or_create"} else Kind.MANY
                return _if(self._thing(value), Kind.MANY, to)
            case ast.Call(func=func):
                return _if(self._thing(func), Kind.TABLE, Kind.ONE)
            case ast.Subscript(value=value, slice=part):
                to = Kind.MANY if isinstance(part, ast.Slice) else Kind.ONE
                return _if(self._thing(value), Kind.MANY, to)
        return None

    def _of_type(self, annotation: ast.expr | None) -> Thing | None:
        match annotation:
            case ast.Name():
                return _if(self._thing(annotation), Kind.TABLE, Kind.ONE)
            case ast.BinOp(left=left, right=ast.Constant(value=None)):
                return self._of_type(left)
            case ast.Subscript(value=ast.Name(id="QuerySet"), slice=ast.Name() as row):
                return _if(self._thing(row), Kind.TABLE, Kind.MANY)
        return None


def _if(thing: Thing | None, kind: Kind, to: Kind) -> Thing | None:
    return Thing(thing.model, to) if thing and thing.kind is kind else None
