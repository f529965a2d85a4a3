"""How a bug is planted into the domain of this process, and taken out again.

A bug is either another text in place of one that a module holds, or another row in place of one of the chart's.
"""

import importlib
import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType
from typing import Any, final

from attrs import evolve, frozen

from msa_recovery.domain import machine
from msa_recovery.domain.compiler import EFFECTS, Cell, Row
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import ChartName, State

__all__ = ["AnotherRow", "AnotherText", "Bug", "planted"]


@final
@frozen
class AnotherText:
    """In a module of the domain, some text that stands there once is another one."""

    module: str
    before: str
    after: str


@final
@frozen
class AnotherRow:
    """A row leads elsewhere, lacks a guard or an effect, or has one effect more."""

    label: str
    chart: ChartName = ChartName.RECOVERY
    target: State | None = None
    without_guard: str = ""
    without_effect: str = ""
    with_effect: str = ""


@final
@frozen
class Bug:
    """One bug.

    Attributes:
        breaks: what it breaks: the number of an invariant, or the row that it is planted into.
        what: it is, in a few words.
        change: what is planted.
    """

    breaks: str
    what: str
    change: AnotherText | AnotherRow


@contextmanager
def planted(bug: Bug) -> Generator[None]:
    """As long as this lasts, the domain has the bug."""
    undo = _another_text(bug.change) if isinstance(bug.change, AnotherText) else _another_row(bug.change)
    try:
        yield
    finally:
        undo()


def _another_text(change: AnotherText) -> Callable[[], None]:
    """Only the code of functions is exchanged, so that whoever holds one has the bug as well."""
    module = importlib.import_module(f"msa_recovery.domain.{change.module}")
    source = inspect.getsource(module)
    if source.count(change.before) != 1:
        raise LookupError(f"{change.module}: {source.count(change.before)} times {change.before!r}")
    fresh = _codes(compile(source.replace(change.before, change.after), module.__file__ or "", "exec"))
    exchanged: list[tuple[FunctionType, CodeType]] = []
    for function in _functions(module):
        code = fresh.get(function.__code__.co_qualname)
        if code is not None and code != function.__code__:
            exchanged.append((function, function.__code__))
            function.__code__ = code
    if not exchanged:
        raise LookupError(f"{change.module}: no function holds {change.before!r}")

    def undo() -> None:
        for function, code in exchanged:
            function.__code__ = code

    return undo


def _codes(code: CodeType) -> dict[str, CodeType]:
    found = {code.co_qualname: code}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _codes(constant)
    return found


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            yield value
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for held in vars(value).values():
                function = held.fget if isinstance(held, property) else held
                if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                    yield function


def _another_row(change: AnotherRow) -> Callable[[], None]:
    """In the table that is run and in the chart that it was made of: who compares the two sees no difference."""
    table: dict[Any, Cell] = vars(machine)["_TABLE"]
    chart = machine.CHARTS[change.chart]
    cells = chart.cells
    key, cell = next((key, cell) for key, cell in cells.items() if change.label in [row.label for row in cell.rows])
    changed = evolve(cell, rows=tuple(_changed(row, change) if row.label == change.label else row for row in cell.rows))

    def put(cells: Mapping[tuple[State, EventName], Cell]) -> None:
        # The chart is frozen for everybody else.
        object.__setattr__(chart, "cells", cells)
        table[change.chart, *key] = cells[key]

    put({**cells, key: changed})
    return lambda: put(cells)


def _changed(row: Row, change: AnotherRow) -> Row:
    names = [name for name, _ in row.guards]
    kept = [place for place, name in enumerate(names) if name != change.without_guard]
    effects = [name for name in row.effects if name != change.without_effect]
    effects += [change.with_effect] if change.with_effect else []
    changed = evolve(
        row,
        target=change.target or row.target,
        conditions=tuple(row.conditions[place] for place in kept),
        guards=tuple(row.guards[place] for place in kept),
        effects=tuple(effects),
        actions=tuple(EFFECTS[name] for name in effects),
    )
    if changed == row:
        raise LookupError(f"{row.label}: nothing is changed")
    return changed
