"""What must be seen nowhere, and how it may look where it is seen all the same."""

import base64
import hashlib
import json
import re
import traceback
from collections.abc import Iterator
from functools import cache
from typing import Final, final
from urllib.parse import quote

from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.cli.cast import Member
from msa_recovery.domain.contacts import PhoneNumber, pretty
from msa_recovery.domain.secret import Secret

__all__ = ["LONGEST", "Hay", "Spied", "disguises", "of_member", "shown_by"]

_SHORTEST: Final = 5
"""In bytes. What is shorter stands in a file by chance, and tells as little."""

_GRAM: Final = 8

LONGEST: Final = 40
"""In bytes: of what is longer, the beginning is looked for."""

_EMPTY: Final = re.compile(rb"\0{64,}")

_HASHES: Final = ("md5", "sha1", "sha256", "sha512")


def disguises(text: str, *, hashed: bool = True) -> Iterator[bytes]:
    """Everything that says this text to whoever reads it with the usual tools.

    A plain hash of a code is as good as the code: ten thousand of them are computed in no time.

    Args:
        text: what is looked for.
        hashed: whether a hash counts: that of a handle is what the store is meant to keep.
    """
    plain = text.encode()
    yield from {plain, text.upper().encode(), text.lower().encode(), text[::-1].encode()}
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "latin-1"):
        yield text.encode(encoding, "replace")
    yield json.dumps(text)[1:-1].encode()
    yield repr(plain)[2:-1].encode()
    yield from {quote(text, safe="").encode(), quote(text, safe="").lower().encode()}
    yield "".join(f"%{byte:02X}" for byte in plain).encode()
    yield from _as_text(plain)
    if hashed:
        for name in _HASHES:
            digest = hashlib.new(name, plain).digest()
            yield digest
            yield from _as_text(digest)


def _as_text(raw: bytes) -> Iterator[bytes]:
    yield from {raw.hex().encode(), raw.hex().upper().encode(), base64.b32encode(raw).rstrip(b"=")}
    # In the middle of something longer a text begins at any of three places of a group of base64; the characters at its
    # edges depend on its neighbours.
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        inner = encoded[(0, 2, 3)[before] : len(encoded) // 4 * 4 - (0 if (before + len(raw)) % 3 == 0 else 4)]
        yield from {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}


@cache
def _needles(text: str, *, hashed: bool) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
    """The first bytes of every disguise that is long enough to be looked up, and all that are looked for."""
    needles = tuple({needle[:LONGEST] for needle in disguises(text, hashed=hashed) if len(needle) >= _SHORTEST})
    return frozenset(needle[:_GRAM] for needle in needles if len(needle) >= _GRAM), needles


@final
class Hay:
    """A heap of bytes in which a text is found at once, whatever its disguise."""

    def __init__(self, heap: bytes) -> None:
        self._heap = heap
        # Most of a database is empty.
        self._grams = {
            part[place : place + _GRAM] for part in _EMPTY.split(heap) for place in range(len(part) - _GRAM + 1)
        }

    def holds(self, text: str, *, hashed: bool = True) -> bool:
        """Whether it stands there."""
        grams, needles = _needles(text, hashed=hashed)
        if self._grams.isdisjoint(grams):
            needles = tuple(needle for needle in needles if len(needle) < _GRAM)
        return any(needle in self._heap for needle in needles)


@final
class Spied:
    """Collects what must be seen nowhere, as it comes up."""

    def __init__(self) -> None:
        self._texts: dict[str, bool] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, text: str) -> bool:
        return text in self._texts

    def add(self, *texts: str | Secret, hashed: bool = True) -> None:
        """From now on these are looked for."""
        for each in texts:
            text = each.reveal() if isinstance(each, Secret) else each
            if len(text) >= _SHORTEST:
                self._texts.setdefault(text, hashed)

    def found_in(self, heap: bytes) -> list[str]:
        """Which of them stand there, in whatever disguise."""
        hay = Hay(heap)
        return [text for text, hashed in self._texts.items() if hay.holds(text, hashed=hashed)]


def of_member(member: Member) -> Iterator[str]:
    """Everything about a sample person that belongs to nobody else."""
    yield from (member.key, member.password)
    yield from member.identifiers
    yield from _of_account(member.held)
    for proof in member.held.proofs:
        yield from member.answers(proof.kind)


def _of_account(held: HeldAccount) -> Iterator[str]:
    account = held.account
    yield from (*account.names, *account.postal_address)
    for identifier in account.identifiers:
        yield from (identifier.digits, identifier.canonical)
    for contact in account.contacts:
        yield contact.value.text
        if isinstance(contact.value, PhoneNumber):
            national = pretty(contact.value)
            yield from (national, national.replace(" ", ""), contact.value.text.removeprefix("+33"))


# Commands and test doubles stand for a host's code.
_THE_HOSTS: Final = ("/msa_recovery/cli/", "/msa_recovery/testing/", "/tests/")


def shown_by(error: BaseException) -> str:
    """What a host's log holds of an error with ``exc_info`` and the values of variables: every exception of its chain,
    and every frame of ours. What the host's own frames hold is the host's."""
    shown: list[str] = []
    one: BaseException | None = error
    while one is not None:
        shown += [type(one).__name__, str(one), repr(one), *traceback.format_exception_only(one)]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            file = frame.f_code.co_filename
            if "msa_recovery/" in file and not any(folder in file for folder in _THE_HOSTS):
                shown += [f"{name}={value!r}" for name, value in frame.f_locals.items()]
        one = one.__cause__ or one.__context__
    return "\n".join(shown)
