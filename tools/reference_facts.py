"""Make ``docs/reference/facts.md``, the list of the audit facts: a part of ``python -m tools.reference``."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msa_recovery
from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import LAST, TAKEN_UP_AGAIN, Fact, FactName
from msa_recovery.domain.compiler import EFFECTS
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.lines import lines
from tools.reference_parts import attributes_of, cell, code, page_of, table

__all__ = ["CHAINS", "HOLDS", "MAY_HOLD", "facts", "written_by"]

_ALL: Final = (
    (FactName.JOURNEY_BEGUN, "journey", "account", "journey"),
    (FactName.ROW_FIRED, "journey row", "account reason", "journey"),
    (FactName.SIGN_IN_REFUSED, "account", "reason", "account"),
    (FactName.SIGN_IN_ALARM, "account", "journey", "journey account"),
    (FactName.INTENT_REFUSED, "account journey", "", "account"),
    (FactName.MESSAGE_DELIVERED, "account journey", "", "message"),
    (FactName.MESSAGE_DROPPED, "", "account journey row", "message"),
    (FactName.MESSAGE_POSTPONED, "account journey", "", "message"),
    (FactName.MESSAGE_FAILED, "account journey", "", "message"),
    (FactName.MESSAGE_RETRIED, "account journey", "", "message"),
    (FactName.MESSAGE_LOST, "account journey", "", "message"),
    (FactName.UNBLOCKED, "account", "", "account"),
    (FactName.JOURNEY_PURGED, "journey", "", "journey"),
    (FactName.FACTS_ERASED, "row", "", "erased"),
    (FactName.FORGOTTEN, "", "", "forgotten"),
    (FactName.SPRAY_ALARM, "", "", "alarm"),
)

HOLDS: Final[Mapping[FactName, frozenset[str]]] = {name: frozenset(always.split()) for name, always, *_ in _ALL}
"""What each fact always holds, besides its name, when it was and its place. A test looks at facts."""

MAY_HOLD: Final[Mapping[FactName, frozenset[str]]] = {name: frozenset(may.split()) for name, _, may, _ in _ALL}
"""What some facts of a name hold."""

CHAINS: Final[Mapping[FactName, tuple[str, ...]]] = {name: tuple(chains.split()) for name, *_, chains in _ALL}
"""What each is a link of: how the name of its chain begins."""

_SOURCES: Final = Path(msa_recovery.__file__).parent
_FIELDS: Final = ("account", "journey", "row", "reason")
_FLOORS: Final = ("domain", "application", "adapters")


def written_by() -> Mapping[FactName, tuple[str, ...]]:
    """What makes each fact: an effect of the chart by its name, anything else by its file."""
    found: dict[FactName, dict[str, None]] = {name: {} for name in FactName}
    for floor in _FLOORS:
        for path in sorted((_SOURCES / floor).rglob("*.py")):
            for name, function in _made_in(ast.parse(path.read_text(encoding="utf-8"))):
                by = function if function in EFFECTS else path.relative_to(_SOURCES).as_posix()
                found[name][by] = None
    return {name: tuple(by) for name, by in found.items()}


def _made_in(tree: ast.AST) -> Iterator[tuple[FactName, str]]:
    """Each place where a fact is made, ``Fact(FactName.X, ...)`` or ``draft.note(FactName.X)``, with its function."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and call.args and ast.unparse(call.func) in ("Fact", "draft.note"):
                    of, _, name = ast.unparse(call.args[0]).partition(".")
                    if of == "FactName":
                        yield FactName[name], function.name


def _rows_with(effect: str) -> Iterator[str]:
    return (line.label for chart in CHARTS.values() for line in lines(chart) if effect in line.effects)


def facts() -> str:
    """The page as it should be."""
    meaning, by = attributes_of(FactName), written_by()

    def maker(name: str) -> str:
        if name not in EFFECTS:
            return f"`{name}`"
        return f"the effect [`{name}`](effects.md) of {code(_rows_with(name))}"

    def holds(name: FactName) -> str:
        said = [code(field for field in _FIELDS if field in HOLDS[name])]
        said += [f"sometimes {code(field for field in _FIELDS if field in MAY_HOLD[name])}"] if MAY_HOLD[name] else []
        return "; ".join(filter(None, said))

    def ends(name: FactName) -> str:
        taken_up = ", unless it is taken up again" if name in TAKEN_UP_AGAIN else ""
        return f", which it ends{taken_up}" if name in LAST else ""

    rows = (
        (
            f"`{name}`",
            cell(meaning[name.name]),
            holds(name),
            f"{' or '.join(f'`{chain}:`' for chain in CHAINS[name])}{ends(name)}",
            "every row" if name is FactName.ROW_FIRED else "<br>".join(map(maker, by[name])),
        )
        for name in FactName
    )
    lead = (
        "What is kept of what happened. Every fact has a name, a moment (`at`, UTC) and its place in a chain; what "
        "else it holds is said here. Whoever is told a fact gets an `AuditRow`. How facts are protected and verified, "
        "and what each reason means: [the audit](../audit.md)."
    )
    heads = ("fact", "it is written when", "holds", "its chain", "by")
    fields_of = (
        (f"`{name}`", cell(said)) for name, said in ({**attributes_of(AuditRow), **attributes_of(Fact)}).items()
    )
    return page_of(
        "Audit facts",
        lead,
        table(heads, rows),
        ("## The fields", ""),
        table(("field", "it holds"), fields_of),
    )
