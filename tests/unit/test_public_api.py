"""What a host may name, and what it costs to name it."""

import ast
import asyncio
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import msa_recovery
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.sample import sample_directory
from tools.surface import PUBLIC

SOURCES = Path(msa_recovery.__file__).parents[1]

HEAVY = (
    "argon2",
    "asyncio",
    "babel",
    "cryptography",
    "email_validator",
    "phonenumbers",
    "pytest",
    "rich",
    "ssl",
    "statemachine",
    "typer",
    "zxcvbn",
)


def run(program: str) -> str:
    """What a fresh interpreter prints that runs this program, with warnings as errors."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, and programs that stand in this file
        [sys.executable, "-W", "error", "-c", program],
        env={"PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == done.stderr
    return done.stdout.strip()


def test_every_public_name_exists() -> None:
    assert [] == [name for name in msa_recovery.__all__ if not hasattr(msa_recovery, name)]


def test_public_names_are_sorted_and_stand_once() -> None:
    assert sorted(set(msa_recovery.__all__)) == msa_recovery.__all__


def test_nothing_else_is_public() -> None:
    """But for the folders of the package, which other names lead to."""
    names = {name for name, value in vars(msa_recovery).items() if name[0] != "_" and not inspect.ismodule(value)}
    assert set(msa_recovery.__all__) == names


TYPED: Final = (
    "msa_recovery",
    "msa_recovery.application.async_ports",
    "msa_recovery.contrib.celery_tasks",
    "msa_recovery.contrib.forms",
    "msa_recovery.contrib.schedule",
    "msa_recovery.contrib.worker",
    "msa_recovery.web",
)


@pytest.mark.parametrize("module", TYPED)
def test_every_name_of_a_host_is_used_in_the_typing_tests(module: str) -> None:
    """Imported alone, nothing would be judged of it."""
    programs = (SOURCES.parent / "typing_tests").glob("*.py")
    nodes = [node for path in programs for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    assert [] == [name for name in PUBLIC[module] if name not in used]


def test_importing_the_library_imports_nothing_heavy() -> None:
    program = "import sys; from msa_recovery import *; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    assert [] == [name for name in run(program).split() if name in HEAVY]


def test_the_scan_of_what_is_imported_sees_what_is_there() -> None:
    program = "import sys; from msa_recovery import *; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    assert {"attr", "msa_recovery"} <= set(run(program).split())


_COMPOSED = """
import gettext, sys
gettext.textdomain("of the host")
import msa_recovery
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
msa_recovery.compose(accounts=None, keys=Keys.generate(), store=MemoryStore()).begin(msa_recovery.Caller())
print("statemachine" in sys.modules, gettext.textdomain())
"""


def test_composing_leaves_the_hosts_gettext_domain_alone() -> None:
    """Importing python-statemachine changes it: that is put back."""
    assert "True of the host" == run(_COMPOSED)


# -- compose -----------------------------------------------------------------------------------------------------------


def test_a_host_needs_to_say_only_what_has_no_safe_default() -> None:
    needed = [
        name
        for name, parameter in inspect.signature(msa_recovery.compose).parameters.items()
        if parameter.default is inspect.Parameter.empty and parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    assert ["accounts", "keys", "store"] == needed


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_is_a_store_on_a_file(tmp_path: Path, kind: type[str | Path]) -> None:
    directory = sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY))
    path, keys = tmp_path / "recovery.sqlite", Keys.generate()
    with msa_recovery.compose(accounts=directory, keys=keys, store=kind(path)) as recovery:
        reply = recovery.begin(msa_recovery.Caller())
    with msa_recovery.compose(accounts=directory, keys=keys, store=kind(path)) as again:
        assert msa_recovery.State.IDENTIFYING is again.resume(reply.handle, msa_recovery.Caller()).view.state


def test_an_async_host_may_keep_it_in_a_file_too(tmp_path: Path) -> None:
    directory = sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY))

    async def begun() -> msa_recovery.State:
        async with msa_recovery.compose_async(
            accounts=directory, keys=Keys.generate(), store=tmp_path / "recovery.sqlite"
        ) as recovery:
            return (await recovery.begin(msa_recovery.Caller())).view.state

    assert msa_recovery.State.IDENTIFYING is asyncio.run(begun())


def test_without_its_extra_a_file_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY))
    monkeypatch.delitem(sys.modules, "msa_recovery.adapters.sqlite_store", raising=False)
    monkeypatch.delitem(sys.modules, "msa_recovery.adapters.sqlite_file", raising=False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(msa_recovery.CallerError, match=r"pip install 'msa-recovery\[sql\]'"):
        msa_recovery.compose(accounts=directory, keys=Keys.generate(), store="recovery.sqlite")


def test_both_ways_to_compose_take_the_same() -> None:
    sync, awaited = (
        list(inspect.signature(compose).parameters) for compose in (msa_recovery.compose, msa_recovery.compose_async)
    )
    assert sync == awaited
