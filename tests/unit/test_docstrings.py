"""The docstring of every public thing says what it is, in which unit, what is raised, and where a number comes from."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from attrs import has

import msa_recovery
from msa_recovery import AsyncRecovery, AsyncRelay, Policy, Recovery, Relay
from msa_recovery.application import async_ports, ports
from msa_recovery.compose import Plugs
from msa_recovery.domain.compiler import GUARDS
from tests.support.docstrings import (
    attributes,
    entries,
    lead,
    methods,
    parameters,
    raised,
    text_under,
    unsaid,
)
from tools.reference_parts import attributes_of
from tools.surface import PUBLIC, members_of, public_values

ROOT: Final = Path(__file__).parents[2]

PUBLIC_VALUES: Final = public_values()
CLASSES: Final = {whole: value for whole, value in PUBLIC_VALUES.items() if inspect.isclass(value)}
FUNCTIONS: Final = {whole: value for whole, value in PUBLIC_VALUES.items() if inspect.isroutine(value)}
DATA: Final = [whole for whole in PUBLIC_VALUES if whole not in CLASSES and whole not in FUNCTIONS]

PORTS: Final = [set(members_of(getattr(module, name))) for module in (ports, async_ports) for name in module.__all__]

BY_THE_LIBRARY: Final = re.compile(r"\bMade by ``compose|\bSee :(?:class|meth|attr|func):|\bas :func:")
"""Said elsewhere: of what no host makes, and of what has the arguments of another thing."""

SOURCE: Final = re.compile(r"\bR[1-9]\d?\b|\bseed\b|NIST|63B|CNIL|ASVS|\bRFC\b|\bdecision \d+|\binvariant \d+")

NEVER_LET_OUT: Final = MappingProxyType(
    {
        # The handle was drawn, not given.
        "begin": {"UnknownHandle"},
        "sign_in": {"UnknownHandle"},
        "pending": {"UnknownHandle"},
        "begin_change": {"UnknownHandle"},
        # The event is a lapse, which every state accepts and anybody may send.
        "resume": {"EventNotAccepted", "NotAnAgent", "NotForAgents"},
        # The file is shipped.
        "msa_recovery.sample.sample_accounts": {"AccountsFileError"},
        "msa_recovery.sample.sample_directory": {"AccountsFileError"},
        # The answer to a request, which Starlette makes of it.
        "msa_recovery.web.recovery_app": {"HTTPException"},
    }
)
"""What the functions behind a call raise, and why the call does not."""

OF_EVERY_CALL: Final = frozenset({"CallerError", "InfrastructureError", "NotText"})
"""Said where the calls are described as a whole: an argument of another type, a port that failed."""


def follows_a_port(of: type, name: str) -> bool:
    """Whether a method is one of a port that the class implements, whose docstring it keeps to."""
    return any(name in port and port <= set(dir(of)) for port in PORTS)


# -- there is one ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", CLASSES)
def test_every_public_class_says_what_it_is(whole: str) -> None:
    """Itself: what it inherits does not count, nor the signature that dataclasses and enums put there."""
    assert vars(CLASSES[whole]).get("__doc__")


@pytest.mark.parametrize("whole", FUNCTIONS)
def test_every_public_function_says_what_it_does(whole: str) -> None:
    assert FUNCTIONS[whole].__doc__


@pytest.mark.parametrize("whole", DATA)
def test_every_public_value_has_a_text_under_it(whole: str) -> None:
    module, _, name = whole.rpartition(".")
    assert text_under(import_module(module), name)


@pytest.mark.parametrize("whole", CLASSES)
def test_every_public_method_says_what_it_does(whole: str) -> None:
    """Or is a method of a port, which says it."""
    silent = [name for name, method in methods(CLASSES[whole]) if not method.__doc__]
    assert [] == [name for name in silent if not follows_a_port(CLASSES[whole], name)]


@pytest.mark.parametrize("whole", CLASSES)
def test_every_attribute_says_what_it_is_and_nothing_else_does(whole: str) -> None:
    of = CLASSES[whole]
    there, said = attributes(of), entries(of.__doc__, "Attributes")
    assert [] == [name for name in there if name not in said]
    assert not has(of) or [] == [name for name in said if name not in there and f"_{name}" not in dir(of)]


@pytest.mark.parametrize("whole", [whole for whole, of in CLASSES.items() if "__init__" in vars(of) and not has(of)])
def test_every_argument_of_what_a_host_makes_is_explained(whole: str) -> None:
    of = CLASSES[whole]
    said = of.__doc__ or ""
    if not issubclass(of, Exception) and not BY_THE_LIBRARY.search(said):
        explained = entries(said, "Args")
        assert [] == [name for name in parameters(of) if name not in explained and f"``{name}``" not in said]


def test_every_parameter_of_compose_is_explained() -> None:
    said = entries(msa_recovery.compose.__doc__, "Args")
    assert [] == [name for name in parameters(msa_recovery.compose) if name not in said]
    assert [] == [name for name in Plugs.__annotations__ if f"``{name}``" not in said["plugs"]]


# -- units -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", CLASSES)
def test_every_number_and_moment_that_a_class_has_names_its_unit(whole: str) -> None:
    of = CLASSES[whole]
    said = entries(of.__doc__, "Attributes")
    found = {name: unsaid(kind, said.get(name, ""), lead(of.__doc__)) for name, kind in attributes(of).items()}
    if not has(of) and not BY_THE_LIBRARY.search(of.__doc__ or ""):
        args = entries(of.__doc__, "Args")
        found |= {name: unsaid(kind, args.get(name, "")) for name, kind in parameters(of).items() if name in args}
    assert {} == {name: missing for name, missing in found.items() if missing}


@pytest.mark.parametrize("whole", CLASSES)
def test_every_number_and_moment_that_a_method_takes_names_its_unit(whole: str) -> None:
    found = {
        (name, taken): missing
        for name, method in methods(CLASSES[whole])
        if method.__doc__ and not BY_THE_LIBRARY.match(method.__doc__)
        for taken, missing in units_unsaid(method, lead(CLASSES[whole].__doc__)).items()
    }
    assert {} == found


@pytest.mark.parametrize("whole", FUNCTIONS)
def test_every_number_and_moment_that_a_function_takes_names_its_unit(whole: str) -> None:
    owner = getattr(FUNCTIONS[whole], "__self__", None)
    assert {} == units_unsaid(FUNCTIONS[whole], lead(type(owner).__doc__) if owner else "")


def units_unsaid(function: Any, of_all: str) -> dict[str, str]:
    """Of which parameter what is missing; one without an entry of its own is judged by the text as a whole."""
    said = entries(function.__doc__, "Args")
    found = {
        name: unsaid(kind, said.get(name, lead(function.__doc__)), of_all)
        for name, kind in parameters(function).items()
    }
    return {name: missing for name, missing in found.items() if missing}


@pytest.mark.parametrize(
    ("kind", "said", "missing"),
    [
        ("datetime.datetime | None", "when it ends (aware, UTC).", None),
        ("datetime", "when it ends.", "whether it is aware"),
        ("datetime.date", "the day of the payment.", None),
        ("datetime.timedelta", "how long it lives.", None),
        ("datetime.timedelta", "of a letter.", "how long what takes"),
        ("int", "codes that one journey may ask for.", None),
        ("int", "the limit of a journey.", "the unit, or how many of what"),
        ("float", "how long each answer may take, in seconds.", None),
        ("float", "how long each answer may take.", "the unit, or how many of what"),
        ("bool", "whether it is so.", None),
    ],
)
def test_a_unit_that_is_missing_is_seen(kind: str, said: str, missing: str | None) -> None:
    assert missing == unsaid(kind, said)


# -- what is raised ----------------------------------------------------------------------------------------------------


CALLS: Final = [
    name for name in members_of(Recovery) if hasattr(import_module("msa_recovery.application.calls").Calls, name)
]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_names_exactly_what_it_lets_out(name: str) -> None:
    """By the functions behind it, whatever module they are in."""
    calls = import_module("msa_recovery.application.calls")
    let_out = raised(calls, "Calls", name) - OF_EVERY_CALL - NEVER_LET_OUT.get(name, set())
    assert let_out == set(entries(vars(Recovery)[name].__doc__, "Raises"))


@pytest.mark.parametrize("name", NEVER_LET_OUT)
def test_what_is_never_let_out_is_raised_behind_the_call(name: str) -> None:
    if name in FUNCTIONS:
        behind = raised(import_module(FUNCTIONS[name].__module__), FUNCTIONS[name].__name__)
    else:
        behind = raised(import_module("msa_recovery.application.calls"), "Calls", name)
    assert NEVER_LET_OUT[name] <= behind


def test_what_every_call_may_raise_is_said_of_them_as_a_whole() -> None:
    assert [] == [name for name in OF_EVERY_CALL - {"NotText"} if name not in (Recovery.__doc__ or "")]
    assert len(CALLS) > 20


@pytest.mark.parametrize(("of", "model"), [(AsyncRecovery, Recovery), (AsyncRelay, Relay)])
def test_an_awaited_call_refers_to_the_one_that_is_called(of: type, model: type) -> None:
    """Those of its own aside."""
    own = {"of", "aclose", "policy"}
    assert {"close"} >= set(members_of(model)) - set(members_of(of))
    refers = re.compile(rf"See :(?:meth|attr):`{model.__name__}\.(\w+)`")
    found = {name: refers.match(method.__doc__) for name, method in methods(of) if name not in own}
    assert {name: name for name in found} == {name: match and match[1] for name, match in found.items()}


def test_every_fault_is_named_by_a_call_that_lets_it_out() -> None:
    """But for the class of all of them."""
    calls = [value.__doc__ or "" for value in vars(Recovery).values() if callable(value)]
    calls += [Recovery.__doc__ or "", Policy.__doc__ or ""]
    faults = [name for name in msa_recovery.__all__ if raises(getattr(msa_recovery, name))]
    assert ["RecoveryError"] == [name for name in faults if not any(name in said for said in calls)]


def raises(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, Exception)


ELSEWHERE: Final = {
    whole: of
    for whole, of in CLASSES.items()
    if of not in (Recovery, AsyncRecovery) and not raises(of) and not whole.startswith("msa_recovery.testing.")
}
"""The kit's assertions and lines that fail are what it is for."""


@pytest.mark.parametrize("whole", ELSEWHERE)
def test_what_a_class_raises_is_said_of_it(whole: str) -> None:
    """When one is made, and by each method; what is said of the class holds for its methods."""
    of = ELSEWHERE[whole]
    module, said = import_module(of.__module__), of.__doc__ or ""
    unsaid_ = {(name, what) for name, what in [("", each) for each in raised(module, of.__name__)] if what not in said}
    for name, method in methods(of):
        # A port may raise anything: whoever asks it makes an InfrastructureError of it.
        if method.__module__ == of.__module__ and not follows_a_port(of, name):
            both = f"{said} {method.__doc__ or ''}"
            unsaid_ |= {(name, what) for what in raised(module, of.__name__, name) if what not in both}
    assert set() == unsaid_


@pytest.mark.parametrize("whole", [whole for whole in FUNCTIONS if not whole.startswith("msa_recovery.testing.")])
def test_what_a_function_raises_is_said_of_it(whole: str) -> None:
    function = FUNCTIONS[whole]
    if inspect.isfunction(function):
        found = raised(import_module(function.__module__), function.__name__)
        let_out = found - NEVER_LET_OUT.get(whole, set())
        assert [] == [what for what in let_out if what not in (function.__doc__ or "")]


def test_the_scan_sees_what_is_raised_two_modules_away() -> None:
    assert "AuditBroken" in raised(import_module("msa_recovery.application.calls"), "Calls", "reseal")


# -- sources -----------------------------------------------------------------------------------------------------------


def test_every_limit_of_the_policy_names_its_source() -> None:
    assert ["name"] == [name for name, said in attributes_of(Policy).items() if not SOURCE.search(said)]


@pytest.mark.parametrize("name", GUARDS)
def test_every_guard_names_its_source(name: str) -> None:
    assert SOURCE.search(GUARDS[name].__doc__ or "")


INVARIANTS: Final = dict(
    re.findall(
        r"^\| (\d+) \| .+ \| ([^|]+) \|$",
        (ROOT / "docs" / "verification.md").read_text("utf-8").partition("### The invariants")[2].partition("###")[0],
        re.MULTILINE,
    )
)


def test_every_invariant_names_its_source() -> None:
    assert [str(number) for number in range(1, 15)] == list(INVARIANTS)
    assert [] == [number for number, source in INVARIANTS.items() if not SOURCE.search(source)]


def test_every_judgement_names_an_invariant_that_is_told() -> None:
    said = [
        text
        for path in (ROOT / "src" / "msa_recovery" / "exploration").glob("invariants_of_*.py")
        for text in judgements(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert len(said) > 50
    named = [re.match(r"invariant (\d+): ", text) for text in said]
    assert [] == [text for text, match in zip(said, named, strict=True) if not match or match[1] not in INVARIANTS]


def judgements(module: ast.Module) -> Iterator[str]:
    """What the functions of a module answer that find a breach, or the beginning of it."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and function.returns and ast.unparse(function.returns) == "str | None":
            for node in ast.walk(function):
                if isinstance(node, ast.Return):
                    yield from texts_of(node.value)


def texts_of(answer: ast.expr | None) -> Iterator[str]:
    match answer:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[first, *_]):
            yield from texts_of(first)
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts_of(one), *texts_of(other))
        case _:
            return


def test_every_public_name_stands_in_one_module() -> None:
    """But for what has one name in the library and another home inside of it."""
    homes: dict[int, list[str]] = {}
    for module, names in PUBLIC.items():
        for name in names:
            value = getattr(import_module(module), name)
            if inspect.isclass(value) or inspect.isfunction(value):
                homes.setdefault(id(value), []).append(f"{module}.{name}")
    assert [] == [places for places in homes.values() if len(places) > 1]
