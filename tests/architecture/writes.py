"""Which tables a module writes, as far as its text alone can tell.

Followed are model classes, imported by name or within their module, their querysets, the keys and
related managers of a row (`campaign.aims`), and names that are bound to any of these in the same
function: by assignment, a loop, `with`, a comprehension, or the type of an argument. Not followed:
other attributes, what another function returns, and SQL that is put together from pieces.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.db.models import ForeignObjectRel, Model

SQL = re.compile(
    r"\b(?P<verb>insert\s+into|update|delete\s+from|truncate)\s+[\"`]?(?P<table>\w+)", re.IGNORECASE
)
MANAGERS = {"objects", "_default_manager", "_base_manager"}
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
GIVES_ONE_AND_MORE = {"get_or_create", "update_or_create"}


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
    yield from _in_sql(tree)


def _in_sql(tree: ast.Module) -> Iterator[Write]:
    """Statements that name a table of ours and change its rows."""
    tables = {model._meta.db_table: model for model in apps.get_app_config("outreach").get_models()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for found in SQL.finditer(node.value):
                if model := tables.get(found["table"].lower()):
                    yield Write(model, " ".join(found["verb"].split()).upper(), node.lineno)


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names: dict[str, Thing | None] = {}
        self.modules: dict[str, ModuleType] = {}
        self.writes: list[Write] = []

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module and node.module.partition(".")[0] in {"outreach", "project", "django"}:
            module = import_module(node.module)
            for alias in node.names:
                found = getattr(module, alias.name, None)
                if table := _table(found):
                    self.names[alias.asname or alias.name] = table
                elif isinstance(found, ModuleType):
                    self.modules[alias.asname or alias.name] = found

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outside = dict(self.names)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.names[argument.arg] = self._of_type(argument.annotation)
        self.generic_visit(node)
        self.names = outside

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, self._thing(node.value))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._bind(node.target, self._thing(node.value))
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._bind(node.target, self._each_of(node.iter))
        self.generic_visit(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self._bind(node.target, self._each_of(node.iter))
        self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._bind(item.optional_vars, self._thing(item.context_expr))
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        """A comprehension names its rows before what is done with each."""
        for part in getattr(node, "generators", ()):
            self._bind(part.target, self._each_of(part.iter))
        super().generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute):
            thing, verb = self._thing(node.func.value), _in_plain(node.func.attr)
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
            case ast.Await(value=value):
                return self._thing(value)
            case ast.Attribute(value=value, attr=name) if name in MANAGERS:
                return _if(self._thing(value), Kind.TABLE, Kind.MANY)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.modules:
                return _table(getattr(self.modules[module], name, None))
            case ast.Attribute(value=value, attr=name):
                row = self._thing(value)
                return _related(row.model, name) if row and row.kind is Kind.ONE else None
            case ast.Call(func=ast.Attribute(value=value, attr=verb)) if self._many(value):
                gives_one = _in_plain(verb) in GIVES_ONE | GIVES_ONE_AND_MORE
                return _if(self._thing(value), Kind.MANY, Kind.ONE if gives_one else Kind.MANY)
            case ast.Call(func=func):
                return _if(self._thing(func), Kind.TABLE, Kind.ONE)
            case ast.Subscript(value=value, slice=part):
                to = Kind.MANY if isinstance(part, ast.Slice) else Kind.ONE
                return _if(self._thing(value), Kind.MANY, to)
        return None

    def _many(self, node: ast.expr) -> bool:
        thing = self._thing(node)
        return thing is not None and thing.kind is Kind.MANY

    def _each_of(self, node: ast.expr) -> Thing | None:
        return _if(self._thing(node), Kind.MANY, Kind.ONE)

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


def _table(found: object) -> Thing | None:
    """Model itself and classes without a table of their own are none."""
    if isinstance(found, type) and issubclass(found, Model) and hasattr(found, "_meta"):
        return Thing(found, Kind.TABLE)
    return None


def _in_plain(verb: str) -> str:
    """The name of a method without the "a" of its asynchronous twin."""
    plain = verb.removeprefix("a")
    return plain if plain in ON_MANY | ON_ONE | GIVES_ONE else verb


def _related(model: type[Model], name: str) -> Thing | None:
    """What a key or a related manager of a row leads to."""
    if model is Model:  # said of any table
        return None
    for field in model._meta.get_fields():
        if not field.is_relation or not isinstance(field.related_model, type):
            continue
        if name == (
            field.get_accessor_name() if isinstance(field, ForeignObjectRel) else field.name
        ):
            is_many = field.one_to_many or field.many_to_many
            return Thing(field.related_model, Kind.MANY if is_many else Kind.ONE)
    return None
