"""A known identifier and one that nobody has, in lockstep: each thing is done to both, and must look the same.

Each stands in a house of its own, of the same keys; both houses draw the same secrets at the same moments. What is seen
must then be the same to the letter, handles included, but for the masks; what is done and kept, by kind and size.
"""

import json
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from typing import Any, Final, final

import attrs
from attrs import evolve, frozen

from msa_recovery.application.errors import CallerError, InfrastructureError
from msa_recovery.application.ports import Purpose
from msa_recovery.application.records import Change, StoredLedger
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.ledger import Ledger, OriginTag, TemporaryPassword
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.tapped import Call

from . import cases
from .house import ELSEWHERE, HERE, House

__all__ = ["Do", "Pair", "Side", "blank", "seen", "shape"]

_MASKS: Final = (
    (re.compile(r"(06|07|••) •• •• •• \d\d"), "mask of a mobile"),
    (re.compile(r"[a-z•]•{5}@[a-z•]•{5}\.(fr|com|net|org|eu|re|••)"), "mask of an e-mail address"),
)


def blank(text: str) -> str:
    """A text without what its masks show; a mask that no decoy may have stays."""
    for mask, name in _MASKS:
        text = mask.sub(name, text)
    return text


def _plain(value: Any) -> Any:
    match value:
        case Secret():
            return value.reveal()
        case datetime():
            return value.isoformat()
        case Exception():
            return {"raised": type(value).__name__, "text": str(value), "repr": repr(value), "more": vars(value)}
        case _ if attrs.has(type(value)):
            return {
                "is": type(value).__name__,
                **{one.name: getattr(value, one.name) for one in attrs.fields(type(value))},
            }
        case _:
            return list(value)


def seen(value: object) -> str:
    """All that a host is given, as text: every field of the reply and its view, or of what was raised."""
    return blank(json.dumps(value, default=_plain, ensure_ascii=False))


def shape(value: Any) -> Any:
    """What a value looks like to somebody who cannot read it: texts and bytes by length, masks by form.

    Whether the directory knows the account stands in the journey; that is not looked at.
    """
    match value:
        case Enum() | datetime() | bool() | int() | None:
            return value
        case str() | bytes():
            return type(value).__name__, len(blank(value) if isinstance(value, str) else value)
        case Mapping():
            return [(shape(key), shape(one)) for key, one in value.items()]
        case tuple() | list():
            return [shape(one) for one in value]
        case _ if attrs.has(type(value)):
            names = (field.name for field in attrs.fields(type(value)) if field.name != "genuine")
            return {name: shape(getattr(value, name)) for name in names}
        case _:
            return type(value).__name__


@final
class Side:
    """One house, what somebody tries there, and the last page of each journey that was begun, by its handle."""

    def __init__(self, house: House, identifier: str, ledger: Pseudonym) -> None:
        self.house = house
        self.identifier = identifier
        self.ledger = ledger
        self.pages: dict[str, Reply] = {}
        self._fails: int | None = None
        self._heard: list[tuple[str, object]] = []
        house.tap = self._listen

    def _listen(self, call: Call, go: Callable[[], Any]) -> Any:
        self._heard.append((str(call), shape(call.arguments[0]) if call.method == "commit" else None))
        if call.port != "vault" and self._fails is not None:
            self._fails -= 1
            if self._fails < 0:
                raise ConnectionError("the line is dead")
        return go()

    @contextmanager
    def failing(self, after: int | None) -> Generator[None]:
        """After so many calls no port answers."""
        self._fails = after
        try:
            yield
        finally:
            self._fails = None

    def remember(self, ledger: Ledger) -> None:
        """The account, or its decoy, has this behind it: drawn by Hypothesis, under the names of this house."""
        vault = self.house.vault
        names = {
            cases.HERE: OriginTag(vault.pseudonym(f"origin:{HERE.origin.network}" if HERE.origin else "")),
            cases.ELSEWHERE: OriginTag(
                vault.pseudonym(f"origin:{ELSEWHERE.origin.network}" if ELSEWHERE.origin else "")
            ),
        }

        def named(origin: OriginTag | None) -> OriginTag | None:
            return None if origin is None else names.get(origin, origin)

        def issued(password: TemporaryPassword | None) -> TemporaryPassword | None:
            nobodys = vault.digest(Purpose.TEMPORARY_PASSWORD, b"nobody's")
            return None if password is None else evolve(password, digest=nobodys)

        ours = evolve(
            ledger,
            sign_ins=tuple(evolve(tries, origin=named(tries.origin)) for tries in ledger.sign_ins),
            sends=tuple(evolve(sent, origin=named(sent.origin) or OriginTag("")) for sent in ledger.sends),
            sent_password=issued(ledger.sent_password),
            letter_password=issued(ledger.letter_password),
        )
        assert self.house.store.commit(Change(ledger=StoredLedger(self.ledger, ours), write_ledger=True))

    def did(self, do: "Do") -> "_Looked":
        """What one thing looks like."""
        self._heard.clear()
        try:
            said = do(self)
        except (CallerError, InfrastructureError) as error:
            said = error
        if isinstance(said, Reply):
            self.pages[said.handle.reveal()] = said
        return _Looked(seen(said), tuple(what for what, _ in self._heard), [it for _, it in self._heard if it])


Do = Callable[[Side], object]
"""One thing that somebody does."""


@final
@frozen
class _Looked:
    """What one thing looked like: what was seen, which calls were made in their order, what was written."""

    seen: str
    calls: tuple[str, ...]
    written: list[object]


@final
class Pair:
    """Both sides.

    Attributes:
        known: where the directory knows the identifier.
        unknown: where it does not.
        written: whether what is written is compared as well, and what becomes of messages.
    """

    def __init__(self, known: Side, unknown: Side, *, written: bool = True) -> None:
        self.known = known
        self.unknown = unknown
        self.written = written

    def do(self, name: str, thing: Do) -> None:
        """Do the same on both sides, which must look the same."""
        expected, looked = self.known.did(thing), self.unknown.did(thing)
        _same(f"what is seen after {name}", expected.seen, looked.seen)
        _same(f"the work of {name}", expected.calls, looked.calls)
        if self.written:
            _same(f"what is kept after {name}", expected.written, looked.written)

    def relay(self) -> None:
        """Messages leave, out of everybody's sight: the store alone is asked the same."""
        expected, looked = (side.did(lambda side: side.house.host.relay()) for side in (self.known, self.unknown))
        if not self.written:
            return
        _same("what the relay says", expected.seen, looked.seen)
        _same("the work of the relay", _of_store(expected.calls), _of_store(looked.calls))
        _same("what the relay leaves behind", expected.written, looked.written)


def _same(what: str, known: object, unknown: object) -> None:
    """Fail with the first difference alone: the whole of both fills pages."""
    if known != unknown:
        raise AssertionError(f"{what}: {next(_differences(known, unknown), 'their types differ')}")


def _differences(known: Any, unknown: Any, at: str = "") -> Iterator[str]:
    if isinstance(known, dict) and isinstance(unknown, dict) and set(known) == set(unknown):
        for name in known:
            yield from _differences(known[name], unknown[name], f"{at}.{name}")
    elif isinstance(known, list) and isinstance(unknown, list) and len(known) == len(unknown):
        for place, one in enumerate(known):
            yield from _differences(one, unknown[place], f"{at}[{place}]")
    elif known != unknown:
        yield f"{at or 'it'} is {known!r} of the known one, {unknown!r} of the other"


def _of_store(calls: tuple[str, ...]) -> list[str]:
    return [call for call in calls if call.startswith(("store.", "accounts."))]
