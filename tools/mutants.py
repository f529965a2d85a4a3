"""Change the domain one operator at a time, and see whether a test notices: ``make mutants``.

The changes are cosmic-ray's, the runs are ours: each mutant lives in a fork of a process that has imported everything
but the library, and meets only the tests that come through the function it changes, up to the first that fails. What
was found out is kept in build/mutants.jsonl, so that a run that was broken off goes on where it was.

``FLAGS="ledger.py guards.py"`` names files, ``--survivors`` asks again about those that survived, ``--report`` only
writes the table.
"""

import ast
import hashlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from difflib import unified_diff
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from coverage import CoverageData

_ROOT = Path(__file__).resolve().parent.parent
_DOMAIN = _ROOT / "src" / "msa_recovery" / "domain"
_KEPT = _ROOT / "build" / "mutants.jsonl"
_SEEN = _ROOT / "build" / "mutants.coverage"
_PAGE = _ROOT / "docs" / "verification.md"
_BEGIN, _END = "<!-- mutants: begin -->", "<!-- mutants: end -->"
_TESTS = (
    "tests/unit/domain",
    "tests/unit/test_challenge.py",
    "tests/unit/test_contacts.py",
    "tests/unit/test_drawing.py",
    "tests/unit/test_identifiers.py",
    "tests/unit/test_scxml.py",
    "tests/unit/test_temporary.py",
    "tests/docs/test_charts.py",
    "tests/docs/test_reference.py",
    "tests/property/test_differential.py",
    "tests/property/test_step.py",
    "tests/property/test_moments.py",
)
"""Those that take a second or less each, and speak of the domain alone."""

# Each operator becomes its opposite and its neighbour. The rest of cosmic-ray's table (`+` to `<<`) dies on its first
# use, and would only make the share of the killed look better.
_OPERATORS = (
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer"),
    *("RemoveDecorator", "ZeroIterationForLoop", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub"),
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt")
    ),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("GtE_Lt", "Is_IsNot", "IsNot_Is")),
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul")
    ),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("BitOr_BitAnd", "BitAnd_BitOr", "LShift_RShift", "RShift_LShift")),
)
_LONGEST = 60
"""Seconds of the processor; whoever takes longer is caught in a loop that no test would wait for."""

_ASKED_NOBODY = 99
"""What a child ends with in which no test ran."""


@frozen
class Mutant:
    """One file with one change.

    Attributes:
        file: which.
        line: where.
        operator: what cosmic-ray calls the change.
        source: the whole file, changed.
        change: the lines that differ.
    """

    file: str
    line: int
    operator: str
    source: str
    change: str

    @property
    def name(self) -> str:
        """The same in every run, as long as the file is."""
        return hashlib.sha256(f"{self.file}\0{self.source}".encode()).hexdigest()[:20]


def mutants(path: Path) -> Iterator[Mutant]:
    """Each change of a file that may matter while the program runs."""
    source = path.read_text("utf-8")
    unread = _unread(ast.parse(source))
    tree, seen = get_ast(source), {source}
    for name in _OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = [place for node in ast_nodes(tree) for place in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(places):
            changed = mutate_code(source, operator, occurrence)
            if changed is None or changed in seen or any(first <= start < last for first, last in unread):
                continue
            seen.add(changed)
            lines = unified_diff(source.splitlines(), changed.splitlines(), lineterm="", n=0)
            change = "\n".join(line for line in lines if line[:2] not in {"--", "++", "@@"})
            yield Mutant(path.name, start[0], name, changed, change)


_Place = tuple[int, int]


def _unread(tree: ast.Module) -> list[tuple[_Place, _Place]]:
    """What only a type checker reads: annotations, and that a class is final."""
    found: list[ast.expr | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign() | ast.arg():
                found.append(node.annotation)
            case ast.FunctionDef():
                found.append(node.returns)
            case _:
                pass
        decorators = getattr(node, "decorator_list", ())
        found += (each for each in decorators if isinstance(each, ast.Name) and each.id == "final")
    # A decorator is said to begin at its sign.
    return [
        ((each.lineno, each.col_offset - 1), (each.end_lineno or 0, each.end_col_offset or 0)) for each in found if each
    ]


# -- which tests come through a function -------------------------------------------------------------------------------


def _look() -> None:
    """Run the tests once, noting for each line which of them come there."""
    if _SEEN.exists() and not _newer(_python(_DOMAIN)):
        return
    _SEEN.parent.mkdir(exist_ok=True)
    command = ["pytest", "-q", "-p", "no:cacheprovider", "--cov", "--cov-context=test", "--cov-report=", *_TESTS]
    environment = {**os.environ, "COVERAGE_FILE": str(_SEEN), "HYPOTHESIS_PROFILE": "mutants"}
    subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", *command, "--cov-fail-under=0"], cwd=_ROOT, env=environment, check=True
    )


def _python(path: Path) -> Iterator[Path]:
    return path.rglob("*.py") if path.is_dir() else iter((path,))


def _newer(paths: Iterator[Path]) -> list[Path]:
    """Which of these files are newer than that run."""
    return [path for path in paths if path.stat().st_mtime > _SEEN.stat().st_mtime]


@cache
def _unseen() -> list[str]:
    """The files of tests that are newer than that run: who knows where they come."""
    newer = [path for folder in _TESTS for path in _newer(_python(_ROOT / folder)) if path.name.startswith("test_")]
    return [str(path.relative_to(_ROOT)) for path in newer]


@cache
def _contexts(file: str) -> dict[int, list[str]]:
    data = CoverageData(str(_SEEN))
    data.read()
    return data.contexts_by_lineno(str(_DOMAIN / file))


@cache
def _functions(file: str) -> tuple[tuple[int, int, int], ...]:
    """Where the body of each function begins, and where it ends, the innermost last."""
    tree = ast.parse((_DOMAIN / file).read_text("utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return tuple(sorted((node.lineno, node.body[0].lineno, node.end_lineno or 0) for node in found))


def tests_of(mutant: Mutant) -> Iterator[list[str]]:
    """What may notice: everything where the change is read at import, else what comes through the function.

    First come the tests that bear the file's name, alone: they notice most of it, and the others need not be read then.
    """
    within = [(first, last) for _, first, last in _functions(mutant.file) if first <= mutant.line <= last]
    names = set(_TESTS)
    if within:
        first, last = within[-1]
        lines = _contexts(mutant.file)
        contexts = {context for line in range(first, last + 1) for context in lines.get(line, ())}
        # What runs while something is imported is of no test, and may matter to all.
        names = names if "" in contexts else {context.rsplit("|", 1)[0] for context in contexts}
    # Files whose names begin alike are tested by one: deviation.py, deviations_of_limits.py ...
    begins = f"test_{mutant.file.removesuffix('.py').partition('_')[0]}"
    own = [name for name in names if begins in name]
    if not within:
        own += [str(path.relative_to(_ROOT)) for path in (_ROOT / _TESTS[0]).glob(f"{begins}*.py")]
    yield from filter(None, (sorted(own), _unseen(), sorted(names.difference(own), key=_quickest_first)))


def _quickest_first(name: str) -> tuple[bool, str]:
    """A page that is rendered anew tells of any constant; a property takes the longest."""
    return not name.startswith(("tests/docs", "tests/unit/test_")), name


# -- a run -------------------------------------------------------------------------------------------------------------


@frozen
class _Changed(MetaPathFinder, Loader):
    """Imports one file of the domain as it was changed."""

    mutant: Mutant

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname != f"msa_recovery.domain.{self.mutant.file.removesuffix('.py')}":
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(_DOMAIN / self.mutant.file))

    def exec_module(self, module: Any) -> None:
        exec(compile(self.mutant.source, str(_DOMAIN / self.mutant.file), "exec"), module.__dict__)  # noqa: S102 - ours


def _fork(mutant: Mutant) -> int:
    """Start the tests of a mutant in a process of its own, which ends with what pytest ends with."""
    child = os.fork()
    if child:
        return child
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST, _LONGEST + 1))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    sys.meta_path.insert(0, _Changed(mutant))
    quiet = ["-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-p", "no:cov"]
    # pytest would warn of what was imported before it, and warnings are errors.
    quiet += ["-o", "addopts=", "-o", "filterwarnings=", "--import-mode=importlib"]
    ended = next((code for tests in tests_of(mutant) if (code := _asked(tests, quiet))), 0)
    os._exit(int(ended))


def _asked(tests: list[str], quiet: list[str]) -> int:
    """What pytest ends with. It is given files: to look for a thousand tests by their names takes it longer than to run
    them."""
    ended = pytest.main([*quiet, *dict.fromkeys(name.partition("::")[0] for name in tests)], plugins=[_Only(tests)])
    if ended in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED}:
        os._exit(_ASKED_NOBODY)
    return ended


class _Only:
    """A plugin of pytest: of what was collected, only these are run, and all of a file or folder that is named.

    Attributes:
        names: of tests, files and folders.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = frozenset(names)
        self.whole = tuple(name for name in names if "::" not in name)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the others out."""
        items[:] = [item for item in items if item.nodeid in self.names or item.nodeid.startswith(self.whole)]


def _forget() -> None:
    """Import what the library and its tests need, and forget both: each child imports its own, and nothing else."""
    with Path(os.devnull).open("w", encoding="utf-8") as nothing, redirect_stdout(nothing):
        pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider", *_TESTS])
    for name in [name for name in sys.modules if name.split(".")[0] in {"msa_recovery", "tests", "tools"}]:
        del sys.modules[name]


def _kept() -> dict[str, dict[str, str]]:
    if not _KEPT.exists():
        return {}
    return {row["name"]: row for row in map(json.loads, _KEPT.read_text("utf-8").splitlines())}


def _keep(mutant: Mutant, ended: int) -> None:
    row = {"name": mutant.name, "file": mutant.file, "line": mutant.line, "operator": mutant.operator}
    row |= {"change": mutant.change, "result": "killed" if ended else "survived"}
    with _KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{mutant.file}:{mutant.line} {mutant.operator} {row['result']}", flush=True)


def _sound(file: str, line: int) -> None:
    """Nothing fails where nothing is changed: else every mutant would count as killed."""
    whole = (_DOMAIN / file).read_text("utf-8")
    unchanged = Mutant(file, line, "none", whole, "")
    _, ended = os.waitpid(_fork(unchanged), 0)
    _heard(unchanged, ended)
    if ended:
        raise SystemExit(f"{file}: the tests fail without any change ({ended})")


def _heard(mutant: Mutant, ended: int) -> None:
    """A mutant that met no test is neither killed nor alive."""
    if os.WIFEXITED(ended) and os.WEXITSTATUS(ended) == _ASKED_NOBODY:
        raise SystemExit(f"{mutant.file}:{mutant.line} {mutant.operator}: the tests did not run")


def _run(files: list[str], *, again: bool) -> None:
    kept, running = _kept(), dict[int, Mutant]()

    def wait() -> None:
        child, ended = os.wait()
        mutant = running.pop(child)
        _heard(mutant, ended)
        _keep(mutant, ended)

    def unknown(mutant: Mutant) -> bool:
        known = kept.get(mutant.name)
        return known is None or (again and known["result"] == "survived")

    for file in files:
        asked = [mutant for mutant in mutants(_DOMAIN / file) if unknown(mutant)]
        if not asked:
            continue
        # All tests where the file has no function, else those that come through its first one.
        first = _functions(file)[0][1] if _functions(file) else 0
        _sound(file, first)
        for mutant in asked:
            if len(running) == (os.cpu_count() or 1):
                wait()
            running[_fork(mutant)] = mutant
        while running:
            wait()
        # Whatever else made the tests fail meanwhile would have killed them all.
        _sound(file, first)
    _sound(files[0], 0)


def _line(what: str, mutants: int, tried: int, killed: int) -> str:
    return f"| {what} | {mutants} | {tried} | {killed} | {killed / max(tried, 1):.0%} |"


def _report(files: list[str]) -> None:
    kept, rows = _kept(), ["| file | mutants | tried | killed | share |", "|---|---|---|---|---|"]
    every, left = [0, 0, 0], list[dict[str, str]]()
    for file in files:
        if not any(row["file"] == file for row in kept.values()):
            continue
        names = [mutant.name for mutant in mutants(_DOMAIN / file)]
        results = [kept[name] for name in names if name in kept]
        survived = [row for row in results if row["result"] == "survived"]
        left += survived
        numbers = [len(names), len(results), len(results) - len(survived)]
        every = [one + another for one, another in zip(every, numbers, strict=True)]
        rows.append(_line(file, *numbers))
    rows.append(_line("all of these", *every))
    before, rest = _PAGE.read_text("utf-8").split(_BEGIN)
    _PAGE.write_text("\n".join([before + _BEGIN, "", *rows, "", _END]) + rest.split(_END)[1], "utf-8")
    print(*rows, sep="\n")
    for row in left:
        print(f"survived: {row['file']}:{row['line']} {row['operator']}\n{row['change']}")


def main() -> None:
    """Run what is not known yet, then write the table."""
    every = sorted(path.name for path in _DOMAIN.glob("*.py"))
    files = [file for file in sys.argv[1:] if not file.startswith("--")] or every
    if "--report" not in sys.argv:
        os.chdir(_ROOT)
        os.environ["HYPOTHESIS_PROFILE"] = "mutants"
        _look()
        _forget()
        _run(files, again="--survivors" in sys.argv)
    _report(every)


if __name__ == "__main__":
    main()
