"""What a host may name, and what it costs to name it."""

import asyncio
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import fields

import msa_recovery
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.compose import Plugs
from msa_recovery.sample import sample_directory
from tools.reference_parts import attributes_of

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


@pytest.mark.parametrize("name", msa_recovery.__all__)
def test_every_public_name_says_what_it_is(name: str) -> None:
    """Itself: what it inherits does not count."""
    value = getattr(msa_recovery, name)
    assert value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__


@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        for name in ("Recovery", "AsyncRecovery")
        for method in vars(getattr(msa_recovery, name))
        if not method.startswith("_")
    ],
)
def test_every_call_says_what_it_does(name: str, method: str) -> None:
    assert getattr(msa_recovery, name).__dict__[method].__doc__


ANSWERS = [
    getattr(msa_recovery, name) for name in ("Caller", "Helpdesk", "Origin", "Policy", "Problem", "Reply", "View")
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_every_attribute_says_what_it_is(answer: type) -> None:
    assert sorted(each.name for each in fields(answer)) == sorted(attributes_of(answer))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_every_moment_says_that_it_is_aware(answer: type) -> None:
    said = attributes_of(answer)
    moments = [
        each.name for each in fields(answer) if re.search(r"\bdatetime\b(?!\.)", inspect.formatannotation(each.type))
    ]
    assert [] == [name for name in moments if "aware" not in said[name]]


def test_every_number_of_the_policy_names_its_source() -> None:
    said = attributes_of(msa_recovery.Policy)
    sourced = re.compile(r"\bR[0-9]+|seed|NIST|63B|CNIL|ASVS|RFC|decision [0-9]+")
    without = {name for name, text in said.items() if not sourced.search(text)}
    ours = {"journey_lifetime", "signed_in_lifetime", "show_masks"}
    assert {"name", *ours} == without


def test_every_fault_is_named_by_a_call_that_raises_it() -> None:
    """The three that are classes of faults are named where the calls are described as a whole."""
    calls = [value.__doc__ or "" for value in vars(msa_recovery.Recovery).values() if callable(value)]
    calls += [msa_recovery.Recovery.__doc__ or "", msa_recovery.Policy.__doc__ or ""]
    faults = [
        name
        for name in msa_recovery.__all__
        if inspect.isclass(value := getattr(msa_recovery, name)) and issubclass(value, Exception)
    ]
    assert ["RecoveryError"] == [name for name in faults if not any(name in said for said in calls)]


def test_every_parameter_of_compose_is_explained() -> None:
    said = msa_recovery.compose.__doc__ or ""
    given = [*inspect.signature(msa_recovery.compose).parameters, *Plugs.__annotations__]
    assert [] == [name for name in given if not re.search(rf"^ +{name}:|``{name}``", said, re.MULTILINE)]


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
