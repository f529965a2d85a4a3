"""Stands in the line of every port of a host, looks into its files at the moments that matter, and writes down what it
saw, into a file that outlives the host."""

import json
from hashlib import sha256
from typing import Any, Final, final

from msa_recovery.application.ports import Purpose
from msa_recovery.application.records import Change
from msa_recovery.testing.tapped import Call

from .files import Files, opened
from .record import counted, text_of
from .wire import Order

__all__ = ["LOG", "Witness"]

LOG: Final = "witness.log"

_KINDS: Final = {
    "answer_challenge": "answer",
    "submit_code": "code",
    "sign_in": "sign_in",
    "prove_password": "current",
    "choose_password": "comparison",
}


@final
class Witness:
    """Writes down what a host is about to do and what came of it, and says at once what must never be.

    Args:
        files: what the host keeps.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._order: Order | None = None

    def hears(self, order: Order) -> None:
        """The host takes a call."""
        self._order = order

    def before(self, call: Call) -> None:
        """A port is about to be asked."""
        match str(call):
            case "store.commit":
                self._writes("offered", **_offered(call.arguments[0]))
            case "accounts.apply":
                self._applies(call.arguments[2])
            case "messengers.deliver":
                self._delivers(call.arguments[1])
            case "accounts.proofs" | "accounts.password_matches" if self._is_known(call.arguments[0]):
                self._compares(str(call.arguments[0]))
            case "vault.verify" if self._is_kept(call.arguments[0], call.arguments[1]):
                self._compares(call.arguments[1].hex())
            case _:
                pass

    def after(self, call: Call, answer: Any) -> None:
        """A port has answered."""
        match str(call):
            case "store.commit":
                self._writes("settled", ok=answer)
            case "vault.verify" | "accounts.password_matches":
                self._writes("verdict", right=answer)
            case _:
                pass

    # -- what is looked into -------------------------------------------------------------------------------------------

    def _applies(self, key: str) -> None:
        """An effect may be applied only once its intent is on the disk."""
        account, number, journey = key.split(":")
        with self._files.store_rows() as store:
            kept = store.execute(
                "SELECT 1 FROM intents WHERE account = ? AND number = ? AND journey = ?", (account, number, journey)
            ).fetchone()
        self._writes("applies", key=key)
        if kept is None:
            self._writes("wrong", check="effect", what=f"{key} was applied before it was committed")

    def _delivers(self, key: str) -> None:
        """A message may leave only once its promise is on the disk, and while it waits."""
        with self._files.store_rows() as store:
            kept = store.execute("SELECT state FROM outbox WHERE id = ?", (key,)).fetchone()
        if kept is None:
            self._writes("wrong", check="key", what=f"a message left under {key}, which nothing promised")
        elif kept != ("waiting",):
            self._writes("wrong", check="message", what=f"{key} was {kept[0]} before it was handed over")

    def _compares(self, target: str) -> None:
        """A guess may be compared only once it is counted on the disk."""
        kind = self._kind()
        if not kind or self._order is None:
            return
        with self._files.store_rows() as store:
            counts = counted(store).keys() - self._order.counted
        mine = sorted(guess for guess in counts if guess.startswith(f"{kind}:"))
        self._writes("compares", number=self._order.number, kind=kind, target=target, counts=mine)
        if not mine:
            self._writes("wrong", check="count", what=f"a guess ({kind}) was compared before it was counted")

    def _kind(self) -> str:
        """What the call guesses at; empty when what is compared is no guess."""
        order = self._order
        if order is None or order.method not in ("send", "sign_in"):
            return ""
        if order.method == "sign_in":
            return "sign_in"
        handle, event = order.arguments[0], order.arguments[1]
        kind = _KINDS.get(event.name, "")
        return "" if kind == "comparison" and self._changes(handle.reveal()) else kind

    def _changes(self, handle: str) -> bool:
        """Whether the person has just proved to know the current password: then there is nothing to guess."""
        with self._files.store_rows() as store:
            digest = sha256(handle.encode()).digest()
            row = store.execute("SELECT snapshot FROM journeys WHERE handle = ?", (digest,)).fetchone()
        return row is not None and json.loads(row[0])["journey"]["chart"] == "change"

    def _is_known(self, key: str) -> bool:
        with opened(self._files.accounts) as accounts:
            return accounts.execute("SELECT 1 FROM names WHERE name = ?", (f"key:{key}",)).fetchone() is not None

    def _is_kept(self, purpose: Purpose, digest: bytes) -> bool:
        """Whether it is the digest of somebody's code or temporary password, and not the stand-in for none. The new
        password of a person is compared with the temporary one as a rule of passwords, not as a guess."""
        kind = self._kind()
        if (purpose, kind) not in ((Purpose.CODE, "code"), (Purpose.TEMPORARY_PASSWORD, "sign_in")):
            return False
        table = "journeys" if kind == "code" else "ledgers"
        with self._files.store_rows() as store:
            snapshots = store.execute(f"SELECT snapshot FROM {table}")  # noqa: S608 - one of two names
            return any(text_of(digest) in text for (text,) in snapshots)

    # -- what is written down ------------------------------------------------------------------------------------------

    def _writes(self, line: str, /, **said: Any) -> None:
        # Opened here, so that nothing is open when the host is forked. Written at once: a line is there or not.
        with (self._files.folder / LOG).open("ab", buffering=0) as log:
            log.write(f"{json.dumps({'line': line, **said})}\n".encode())


def _offered(change: Change) -> dict[str, Any]:
    """What a commit is to write, by name and version."""
    journey, ledger = change.journey, change.ledger if change.write_ledger else None
    return {
        "journey": None if journey is None else (journey.journey.id, journey.version),
        "ledger": None if ledger is None else (ledger.account, ledger.version),
        "messages": [(row.id, row.version, row.account, row.channel) for row in change.outbox],
        "intents": [(row.account, row.number, row.key) for row in change.intents],
        "applied": [row.key for row in change.applied],
    }
