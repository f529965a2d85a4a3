"""What docstrings say, and what the code behind them is and does, side by side."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from attrs import fields, has

from tools.surface import members_of

_SECTION: Final = re.compile(r"^(Args|Attributes|Raises|Returns):\n((?:^(?: .*)?\n?)*)", re.MULTILINE)
_ENTRY: Final = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)

_UNIT: Final = re.compile(
    # how long a stretch, how large a thing
    r"\b(?:seconds?|milliseconds?|microseconds|minutes?|hours?|days?|code points|characters|digits|bytes|KiB|bits"
    r"|cents)\b"
    # how many of what
    r"|\bhow (?:many|often|much)\b|\bso many\b|\bthe count\b|\bat most ``limit``|\bof a hundred\b"
    r"|^(?:wrong |right |current |temporary )*(?:codes|guesses|answers|letters|messages|journeys|accounts|comparisons"
    r"|effects|origins|passwords|threads)\b"
    # a number that is no amount, and says so
    r"|\b(?:place|version|form|probability|weights?|port|statuses|rank|epoch|any number)\b"
)
_STRETCH: Final = re.compile(r"\b(?:how (?:long|far)|time|timedelta|waits?|length of time)\b")
_MOMENT: Final = re.compile(r"\baware\b|\bas clocks in metropolitan France\b")


def entries(doc: str | None, section: str) -> dict[str, str]:
    """What a section of a docstring says of each name."""
    text = next((found[2] for found in _SECTION.finditer(cleandoc(doc or "") + "\n") if found[1] == section), "")
    return {name: " ".join(said.split()) for name, said in _ENTRY.findall(text)}


def lead(doc: str | None) -> str:
    """What a docstring says before its sections."""
    return _SECTION.split(cleandoc(doc or "") + "\n", maxsplit=1)[0]


# -- what there is -----------------------------------------------------------------------------------------------------


@cache
def tree(module: ModuleType) -> ast.Module:
    """The source of a module."""
    return ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))


def text_under(module: ModuleType, name: str) -> str:
    """The text that stands under the assignment of this name, there or in the module that it is imported from."""
    body = tree(module).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if name in [each.id for each in targets if isinstance(each, ast.Name)]:
            return _text(after)
    package = module.__name__ if hasattr(module, "__path__") else module.__name__.rpartition(".")[0]
    for found in ast.walk(tree(module)):
        if isinstance(found, ast.ImportFrom) and name in [each.name for each in found.names]:
            return text_under(import_module(f"{'.' * found.level}{found.module}", package), name)
    return ""


def _text(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
        case _:
            return ""


def attributes(documented: type) -> dict[str, str]:
    """What an instance has, each with its type: the fields of attrs, or what an exception keeps of its arguments."""
    if has(documented):
        return {each.name: _written(each.type) for each in fields(documented) if not each.name.startswith("_")}
    if not issubclass(documented, Exception) or "__init__" not in vars(documented):
        return {}
    init = next(node for node in ast.walk(_class(documented)) if getattr(node, "name", "") == "__init__")
    given = {
        each.arg: ast.unparse(each.annotation)
        for each in ast.walk(init)
        if isinstance(each, ast.arg) and each.annotation
    }
    return {
        node.targets[0].attr: given.get(ast.unparse(node.value), "")
        for node in ast.walk(init)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    }


def _class(documented: type) -> ast.ClassDef:
    body = tree(import_module(documented.__module__)).body
    return next(node for node in body if isinstance(node, ast.ClassDef) and node.name == documented.__name__)


def methods(documented: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, as they are called."""
    for name in members_of(documented):
        member = inspect.getattr_static(documented, name)
        yield name, member.fget if isinstance(member, property) else getattr(member, "__func__", member)


def parameters(function: Any) -> dict[str, str]:
    """The parameters of a function that have a type, each with it."""
    try:
        taken = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {each.name: _written(each.annotation) for each in taken if each.annotation is not each.empty}


def _written(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


# -- units -------------------------------------------------------------------------------------------------------------


def unsaid(kind: str, said: str, of_all: str = "") -> str | None:
    """What a text leaves open about a value of this type, if it is a number, a stretch of time or a moment.

    Args:
        kind: the type, as it is written.
        said: the text.
        of_all: what is said of all values of the class or function.
    """
    both = f"{said} {of_all}"
    if re.search(r"(?<![.\w])datetime(?:\.datetime)?(?![.\w])", kind) and not _MOMENT.search(both):
        return "whether it is aware"
    if "timedelta" in kind and not (_STRETCH.search(both) or _UNIT.search(said)):
        return "how long what takes"
    if re.fullmatch(r"(?:int|float|tuple\[int, int\])(?: \| None)?", kind) and not _UNIT.search(said):
        return "the unit, or how many of what"
    return None


# -- exceptions --------------------------------------------------------------------------------------------------------


def raised(module: ModuleType, name: str, method: str | None = None) -> set[str]:
    """The exceptions that a function raises by name, or any other function that it names, in whatever module of the
    library that is; of a class one of its methods, or what happens when one is made."""
    found: set[str] = set()
    open_, seen = [(module, name, method)], set[tuple[str, str, str | None]]()
    while open_:
        at, function, of = open_.pop()
        if (at.__name__, function, of) in seen:
            continue
        seen.add((at.__name__, function, of))
        for node in _nodes(at, function, of):
            if isinstance(node, ast.Raise) and node.exc is not None:
                what = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                if isinstance(value := _value(at, what), type) and issubclass(value, Exception):
                    found.add(value.__name__)
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in {"self", "cls"}
            ):
                open_.append((at, function, node.attr))
            elif isinstance(node, ast.Name | ast.Attribute):
                value = _value(at, node)
                if inspect.isfunction(value) and value.__module__.startswith("msa_recovery."):
                    open_.append((import_module(value.__module__), value.__qualname__, None))
    return found


def _nodes(module: ModuleType, name: str, method: str | None) -> Iterator[ast.AST]:
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            yield from ast.walk(node)
        if isinstance(node, ast.ClassDef) and node.name == name:
            for part in node.body:
                named = part.name if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) else ""
                if named == method or (method is None and named in {"", "__init__", "__attrs_post_init__"}):
                    yield from ast.walk(part)


def _value(module: ModuleType, node: ast.expr) -> object:
    """What a name stands for in a module, or a name of a module that it knows."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute) and inspect.ismodule(of := _value(module, node.value)):
        return getattr(of, node.attr, None)
    return None
