"""A secret is shown to nobody who does not ask for it (R54)."""

import asyncio
import copy
import dataclasses
import inspect
import json
import logging
import marshal
import pickle
import pprint
import traceback
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import attrs
import msgspec
import pytest

from msa_recovery.domain.errors import NotText
from msa_recovery.domain.secret import Secret

TEXT = "Brouette-7-bleue"


def test_reveal_gives_the_text() -> None:
    assert TEXT == Secret(TEXT).reveal()


@pytest.mark.parametrize("value", [None, 42, b"0042", ["0042"], Secret("0042")], ids=repr)
def test_what_is_no_text_is_no_secret(value: object) -> None:
    """R35"""
    with pytest.raises(NotText):
        Secret(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(repr(Secret(TEXT)), id="repr"),
        pytest.param(str(Secret(TEXT)), id="str"),
        pytest.param(f"{Secret(TEXT)}", id="format"),
        pytest.param(f"{Secret(TEXT)!r}", id="format, repr"),
        pytest.param(f"{Secret(TEXT):>40}", id="format with a width"),
        pytest.param("%s" % Secret(TEXT), id="percent"),  # noqa: UP031
        pytest.param(repr([Secret(TEXT)]), id="within a list"),
        pytest.param(str(ValueError(Secret(TEXT))), id="within an exception"),
    ],
)
def test_whatever_prints_a_secret_prints_the_same_nothing(shown: str) -> None:
    """R54"""
    assert "<secret>" == shown.strip("[] ")


def test_a_traceback_with_the_values_of_its_variables_does_not_show_it() -> None:
    """R54"""

    def fails(secret: Secret) -> None:
        raise ValueError(secret)

    with pytest.raises(ValueError, match="<secret>") as raised:
        fails(Secret(TEXT))
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert TEXT not in "".join(shown.format())


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_cannot_be_pickled(protocol: int) -> None:
    """R54"""
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(Secret(TEXT), protocol)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_secret_cannot_be_copied(copied: object) -> None:
    """R54"""
    assert callable(copied)
    with pytest.raises(TypeError, match="never pickled or copied"):
        copied(Secret(TEXT))


def test_a_secret_cannot_be_hashed() -> None:
    """Else a set of them would be a store of them."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(Secret(TEXT))


@pytest.mark.parametrize("text", ["", TEXT, "0042", "é", "\ud800", "\x00"])
def test_two_secrets_of_the_same_text_are_equal(text: str) -> None:
    assert Secret(text) == Secret(text)


@pytest.mark.parametrize("other", ["0043", "042", "00420", "", "０042", "\ud800"])
def test_two_secrets_of_different_texts_are_not(other: str) -> None:
    assert Secret("0042") != Secret(other)


def test_a_secret_does_not_equal_its_text() -> None:
    assert Secret("0042") != "0042"


# -- whoever walks over attributes -------------------------------------------------------------------------------------


@attrs.frozen
class _Form:
    typed: Secret


@dataclass
class _Record:
    typed: Secret


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(vars, id="vars"),
        pytest.param(lambda secret: secret.__getstate__(), id="getstate"),
        pytest.param(inspect.getmembers, id="inspect"),
        pytest.param(lambda secret: [getattr(secret, name) for name in type(secret).__slots__], id="slots"),
        pytest.param(lambda secret: attrs.asdict(_Form(secret)), id="attrs.asdict"),
        pytest.param(lambda secret: dataclasses.asdict(_Record(secret)), id="dataclasses.asdict"),
        pytest.param(lambda secret: json.dumps({"a": secret}, default=str), id="json, default=str"),
        pytest.param(lambda secret: json.dumps({"a": secret}, default=vars), id="json, default=vars"),
        pytest.param(json.dumps, id="json"),
        pytest.param(msgspec.json.encode, id="msgspec"),
        pytest.param(marshal.dumps, id="marshal"),
        pytest.param(pprint.pformat, id="pprint"),
        pytest.param(lambda secret: f"{secret:d}", id="format of a number"),
        pytest.param(lambda secret: sorted(cast(list[str], [secret, Secret("b")])), id="order"),
        pytest.param(lambda secret: secret + "", id="addition"),
        pytest.param(bytes, id="bytes"),
        pytest.param(list, id="list"),
        pytest.param(weakref.ref, id="weak reference"),
    ],
)
def test_nothing_that_looks_at_a_secret_finds_its_text(look: Callable[[Secret], object]) -> None:
    """R54: it finds something else, or is refused, and the refusal does not show it either."""
    try:
        found = look(Secret(TEXT))
    except (AttributeError, TypeError, ValueError) as refused:
        found = "".join(traceback.TracebackException.from_exception(refused, capture_locals=True).format())
    # The source line of a traceback shows names only: the text stands in none.
    assert TEXT not in f"{found!r} {found}"


def test_a_log_line_with_a_secret_among_its_arguments_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    """R54"""
    secret = Secret(TEXT)
    logging.getLogger("host").warning("%s %r", secret, [secret])
    assert ["<secret> [<secret>]"] == [record.getMessage() for record in caplog.records]


def test_an_error_of_a_worker_thread_does_not_show_it() -> None:
    """R54: it comes back with the frames of the thread."""

    def fails(secret: Secret) -> None:
        raise ValueError(secret)

    with ThreadPoolExecutor(1) as pool:
        error = pool.submit(fails, Secret(TEXT)).exception()
    assert error is not None
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert "<secret>" in (text := "".join(shown.format()))
    assert TEXT not in text


def test_a_task_that_asyncio_describes_does_not_show_it() -> None:
    """R54: with asyncio's debug mode on, as a host has it in development."""

    async def waits(secret: Secret) -> str:
        await asyncio.sleep(0)
        return repr(asyncio.current_task()) + repr(secret)

    assert TEXT not in asyncio.run(waits(Secret(TEXT)), debug=True)
