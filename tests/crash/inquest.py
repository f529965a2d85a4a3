"""Looks at the files after every death and every answer, and says what must never be.

It knows from the witness what was offered to the store, and finds out in the files what became of it.
"""

import json
import sqlite3
from collections import Counter
from datetime import datetime
from typing import Any, Final, final

from attrs import frozen

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.vault import Vault
from msa_recovery.domain.policy import Policy
from tests.support.house import KEYS

from .files import Files, Rows, opened
from .record import counted
from .witness import LOG

__all__ = ["Inquest", "Violation"]

_LOOKS: Final = (
    "CREATE TABLE seen (sequence INTEGER PRIMARY KEY, once TEXT, before TEXT, after TEXT);"
    "CREATE TRIGGER sees_done AFTER INSERT ON done BEGIN INSERT INTO seen (once) VALUES (new.once); END;"
    "CREATE TRIGGER sees_effect AFTER UPDATE OF held ON accounts BEGIN"
    " INSERT INTO seen (before, after) VALUES (old.held, new.held); END;"
)
"""A witness inside the directory's own transactions: what is undone there is undone here."""


@final
@frozen
class Violation:
    """Something that must never be.

    Attributes:
        check: which of the checks found it.
        what: what it found.
    """

    check: str
    what: str

    def __str__(self) -> str:
        return f"{self.check}: {self.what}"


@final
class Inquest:
    """Everything that is checked while a story is played, and after it.

    Args:
        files: what the host keeps.
        clock: the story's.

    Attributes:
        violations: what was found, in order.
        progress: whether the last attempt of a call wrote something into the store.
    """

    def __init__(self, files: Files, clock: ManualClock) -> None:
        self._files = files
        self._clock = clock
        self._read = 0
        (files.folder / LOG).touch()
        self._offered: dict[str, Any] | None = None
        self._request = 0
        self._promised: dict[str, tuple[str, str]] = {}
        self._intended: list[str] = []
        self._compared: dict[int, dict[str, Any]] = {}
        self._must_stay: dict[str, str] = {}
        self.violations: list[Violation] = []
        self.progress = False

    def finds(self, check: str, what: str) -> None:
        """Note a violation."""
        self.violations.append(Violation(check, what))

    # -- before a call -------------------------------------------------------------------------------------------------

    def opens(self, request: int) -> None:
        """A new request is made."""
        self._request = request

    def counted(self) -> frozenset[str]:
        """Every guess that is counted now."""
        with self._files.store_rows() as store:
            return frozenset(counted(store))

    def waiting(self) -> int:
        """How many messages wait."""
        with self._files.store_rows() as store:
            (number,) = store.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
        return int(number)

    def watches_the_directory(self) -> None:
        """From here on every effect on an account is written down, in the transaction that has it."""
        connection = sqlite3.connect(self._files.accounts)
        connection.executescript(_LOOKS)
        connection.close()

    # -- after a call --------------------------------------------------------------------------------------------------

    def after_death(self) -> None:
        """The host is dead: what it had offered last is there whole, or not at all."""
        self.progress = False
        self._files.has_ended()
        self._reads()
        if self._offered is not None:
            self._resolves(self._offered, None)
            self._offered = None
        self._stays()

    def after_answer(self) -> None:
        """The host has answered: a guess that was wrong is counted."""
        self._reads()
        counts = self._stays()
        compared = self._compared.get(self._request)
        if compared is None or compared["right"] or compared["kind"] == "comparison":
            return
        for guess in compared["counts"]:
            if guess in counts:
                self._must_stay[guess] = counts[guess]
            elif compared["kind"] != "answer":
                # Whether an answer was right is not seen here: its count at the end is.
                self.finds("count", f"a wrong guess ({compared['kind']}) is not counted")

    def _stays(self) -> dict[str, str]:
        """A wrong guess stays counted, whatever happens, until it ages out; all that is counted now."""
        with self._files.store_rows() as store:
            counts = counted(store)
        for guess in self._must_stay.keys() - counts.keys():
            if datetime.fromisoformat(self._must_stay.pop(guess)) > self._clock.now():
                self.finds("count", f"a wrong guess ({guess.split(':')[0]}) is no longer counted")
        return counts

    def _reads(self) -> None:
        with (self._files.folder / LOG).open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        for line in text.splitlines():
            self._hears(json.loads(line))

    def _hears(self, said: dict[str, Any]) -> None:
        match said["line"]:
            case "offered":
                self._offered = said
            case "settled":
                if self._offered is not None:
                    self._resolves(self._offered, said["ok"])
                self._offered = None
            case "applies":
                if said["key"] not in self._intended:
                    self.finds("effect", f"{said['key']} was applied, and never committed")
            case "compares":
                self._compared.setdefault(said["number"], {**said, "right": False})
            case "verdict":
                if self._request in self._compared:
                    self._compared[self._request]["right"] |= said["right"]
            case "wrong":
                self.finds(said["check"], said["what"])
            case _:
                raise ValueError(f"the witness said {said}")

    def _resolves(self, offered: dict[str, Any], ok: bool | None) -> None:
        """A commit was offered: find out whether it is there, whole; ``ok`` is what the store said of it, if it did."""
        with self._files.store_rows() as store, opened(self._files.accounts) as accounts:
            parts = _parts(offered, store, accounts)
        there = all(found for _, found in parts) if ok is None else ok
        if ok is not False and any(found is not there for _, found in parts):
            self.finds("whole", f"half of a change is there: {parts}")
        if there:
            self.progress = True
            self._promised.update({name: (who, how) for name, at, who, how in offered["messages"] if at == 0})
            self._intended += (key for _, _, key in offered["intents"])

    # -- at the end ----------------------------------------------------------------------------------------------------

    def closes(self) -> None:
        """Everything was delivered and applied that could be: what became of each promise and each effect?"""
        self._messages()
        self._effects()
        self._guesses()

    def after_purge(self) -> None:
        """Every journey was over long ago, and every message too."""
        with self._files.store_rows() as store:
            for table in ("journeys", "outbox"):
                (left,) = store.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - one of two names
                if left:
                    self.finds("message" if table == "outbox" else "journey", f"{left} {table} were never purged")

    def integrity(self) -> None:
        """The files are whole."""
        for found in self._files.damage():
            self.finds("file", found)

    def _messages(self) -> None:
        vault = Vault(KEYS)
        with opened(self._files.accounts) as accounts, self._files.store_rows() as store:
            keys = accounts.execute("SELECT substr(name, 5) FROM names WHERE name LIKE 'key:%'").fetchall()
            real = {vault.pseudonym(f"account:{key}") for (key,) in keys}
            states = dict(store.execute("SELECT id, state FROM outbox"))
        with opened(self._files.inbox) as inbox:
            known = inbox.has("messages")
            arrived = Counter(key for (key,) in inbox.execute("SELECT key FROM messages")) if known else Counter[str]()
        for name in sorted(self._promised.keys() | states.keys() | arrived.keys()):
            state, genuine = states.get(name), name in self._promised and self._promised[name][0] in real
            if name not in self._promised:
                self.finds("key", f"{name} was never promised ({state}, {arrived[name]} arrived)")
            elif state is None or state == "waiting":
                self.finds("message", f"{name} is {state or 'gone'} in the end")
            elif arrived[name] != (genuine and state == "delivered"):
                self.finds("message", f"{name} is {state}, and {arrived[name]} arrived")

    def _effects(self) -> None:
        with self._files.store_rows() as store:
            left = store.execute("SELECT account, number FROM intents").fetchall()
        if left:
            self.finds("effect", f"still to be applied in the end: {left}")
        with opened(self._files.accounts) as accounts:
            rows = accounts.execute("SELECT once, before, after FROM seen ORDER BY sequence").fetchall()
        done = [once for once, _, _ in rows if once is not None]
        for account in {key.split(":")[0] for key in (*self._intended, *done)}:
            intended = [key for key in self._intended if key.startswith(account)]
            applied = [key for key in done if key.startswith(account)]
            if intended != applied:
                self.finds("effect", f"intended were {intended}, applied {applied}")
        following = [(None, None, None), *rows]
        for (once, _, _), (name, before, after) in zip(following, rows, strict=False):
            if name is None and once is None and not _signed_in_only(before, after):
                self.finds("effect", "an account was changed, and no effect was noted")

    def _guesses(self) -> None:
        """No more guesses than the policy allows were compared with one code."""
        by_code = Counter(said["target"] for said in self._compared.values() if said["kind"] == "code")
        for code, guesses in by_code.items():
            if guesses > Policy.msa().guesses_per_code:
                self.finds("count", f"{guesses} guesses were compared with one code ({code[:16]})")


def _parts(offered: dict[str, Any], store: Rows, accounts: Rows) -> "list[tuple[str, bool]]":
    """Each part of a change that the files show, and whether it is there."""

    def found(question: str, *values: object) -> int:
        row = store.execute(question, values).fetchone()
        return 0 if row is None else int(row[0])

    parts: list[tuple[str, bool]] = []
    if offered["journey"] is not None:
        name, version = offered["journey"]
        parts.append(("journey", found("SELECT version FROM journeys WHERE id = ?", name) > version))
    if offered["ledger"] is not None:
        name, version = offered["ledger"]
        parts.append(("ledger", found("SELECT version FROM ledgers WHERE account = ?", name) > version))
    for name, version, _, _ in offered["messages"]:
        parts.append((f"message {name}", found("SELECT version FROM outbox WHERE id = ?", name) > version))
    for account, number, key in offered["intents"]:
        kept = found("SELECT 1 FROM intents WHERE account = ? AND number = ?", account, number) == 1
        done = accounts.execute("SELECT 1 FROM done WHERE once = ?", (key,)).fetchone() is not None
        parts.append((f"intent {number}", kept or done))
    for key in offered["applied"]:
        account, number, journey = key.split(":")
        question = "SELECT 1 FROM intents WHERE account = ? AND number = ? AND journey = ?"
        parts.append((f"applied {number}", found(question, account, number, journey) == 0))
    return parts


def _signed_in_only(before: str, after: str) -> bool:
    """Whether nothing but a usual sign-in, which is no effect of the library's, may have made one of the other."""
    was, became = json.loads(before), json.loads(after)
    was["first_sign_in"] = became["first_sign_in"]
    return bool(was == became)
