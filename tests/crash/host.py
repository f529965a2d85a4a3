"""The host in a process of its own: a library that keeps everything in files, or in files and on a server, that may be
killed at any point, and is started again."""

import os
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast, final

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.adapters.vault import Vault
from msa_recovery.application import relay
from msa_recovery.application.questions import Ports
from msa_recovery.application.recovery import Recovery
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.policy import Policy
from msa_recovery.sample import sample_accounts
from msa_recovery.testing.tapped import Call, Tapped
from tests.support.house import KEYS

from .numbered import NumberedCodes
from .planted import plant
from .wire import Answer, Order, Setting, receive, send
from .witness import Witness

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["LEASE", "Sleeper"]

LEASE: Final = timedelta(milliseconds=1)
"""For how long a worker of these hosts has a message to itself. Two minutes for each of a hundred deaths would outlast
the code that the message carries."""

_TABLES: Final = ("\nCREATE", "CREATE", "DROP", "ALTER")
"""How a statement begins that changes tables, which SQLite does not count as a change."""

_WRITES: Final = (b"WITH", "WITH")
"""How each statement begins by which the store on a server writes, in a transaction or by itself."""

_COMMIT: Final = b"COMMIT"


@final
class Sleeper:
    """A host that is composed and has opened nothing yet: each process that is forked from it wakes it anew.

    Args:
        setting: what it is started with.
    """

    def __init__(self, setting: Setting) -> None:
        files = setting.files
        self._setting = setting
        self._points = _Points()
        self._witness = Witness(files)
        self._clock, self._calendar = ManualClock(MONDAY_MORNING), ManualClock(MONDAY_MORNING)
        self._directory = SqliteDirectory(files.accounts, Argon2idHasher(TESTS_ONLY), self._calendar)
        inboxes = {channel: SqliteInbox(files.inbox, channel) for channel in Channel}
        self._recovery = Recovery(
            Ports(
                accounts=self._tapped("accounts", setting.disguise(self._directory)),
                store=self._tapped("store", files.open_store()),
                clock=self._tapped("clock", self._clock),
                messengers={channel: self._tapped("messengers", inbox) for channel, inbox in inboxes.items()},
                meter=self._tapped("meter", ZxcvbnMeter()),
                secrets=self._tapped("secrets", NumberedCodes(files.folder)),
                vault=self._tapped("vault", Vault(KEYS)),
                policy=Policy.msa(),
                helpdesk=ASSISTANCE_INTERNET,
            )
        )

    def serves(self, line: "Connection[Any, Any]") -> None:
        """Wake up, and take calls until the person hangs up, or one of them is the last."""
        relay._LEASE = LEASE  # type: ignore[misc]  # pyright: ignore[reportConstantRedefinition]
        if self._setting.bug:
            plant(self._setting.bug)
        self._points.watch()
        while True:
            try:
                order = receive(line)
            except (EOFError, OSError):
                return
            send(line, self._takes(order))

    def _takes(self, order: Order) -> Answer:
        """What comes of a call; nothing, if it is the one that kills."""
        self._clock.set(order.now)
        self._calendar.set(order.today)
        self._witness.hears(order)
        self._points.until(order.kill, every=order.every)
        method = self._settle if order.method == "settle" else getattr(self._recovery, order.method)
        try:
            answer = Answer(method(*order.arguments))
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            answer = Answer(error=error)
        # The last point: all is done, and nobody hears of it.
        self._points.reached()
        self._points.until(None, every=False)
        return answer

    def _settle(self) -> None:
        """The sample people move in."""
        self._directory.add(sample_accounts(self._calendar, Argon2idHasher(TESTS_ONLY)))

    def _tapped(self, port: str, of: object) -> Any:
        return Tapped(port, of, self._listens)

    def _listens(self, call: Call, go: Callable[[], Any]) -> Any:
        if call.port != "vault":
            # Keyed functions change nothing outside: between two of them there is no other moment.
            self._points.reached()
        self._witness.before(call)
        answer = go()
        self._witness.after(call, answer)
        return answer


@final
class _Points:
    """The points of one call at which the process may be killed.

    Every point: before each call of a port, before each moment at which a database makes something last, and before the
    answer. Only those between which something came to last: before the first such moment, and right after each.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._every = True
        self._untouched = True
        self._written = False

    def watch(self) -> None:
        """Follow what is done on every connection that the library opens from now on in this process."""
        event.listen(Engine, "connect", self._follows)

    def until(self, kill: int | None, *, every: bool) -> None:
        """Count from here; die at this one."""
        self._left, self._every, self._untouched, self._written = kill, every, True, False

    def reached(self) -> None:
        """A port is called, or the answer is ready."""
        self._passes(counts=self._every or self._written)
        self._written = False

    def _follows(self, connection: object, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            self._follows_file(connection)
        else:
            self._follows_session(cast("psycopg.Connection[Any]", connection))

    def _follows_session(self, connection: "psycopg.Connection[Any]") -> None:
        """A host that dies before the answer learns nothing of it: so to die after a statement is to die in it."""
        follow = self._lasts

        class Followed(psycopg.Cursor[Any]):
            def execute(self, query: Any, *values: Any, **options: Any) -> Any:
                alone = connection.info.transaction_status is TransactionStatus.IDLE
                follow(lasts=query == _COMMIT or (alone and query[:4] in _WRITES))
                return super().execute(query, *values, **options)

        connection.cursor_factory = Followed

    def _follows_file(self, known: sqlite3.Connection) -> None:
        changes, changed = 0, False

        def executes(statement: str) -> None:
            nonlocal changes, changed
            # A transaction that only read makes nothing last when it ends.
            changed = changed or statement.startswith(_TABLES) or known.total_changes != changes
            lasts = changed and (statement == "COMMIT" or not known.in_transaction)
            self._lasts(lasts=lasts)
            changes, changed = known.total_changes, changed and not lasts

        known.set_trace_callback(executes)

    def _lasts(self, *, lasts: bool) -> None:
        """A statement is about to be executed; whether what it does is there to stay."""
        self._passes(counts=self._written or (lasts and (self._every or self._untouched)))
        self._written = lasts
        self._untouched = self._untouched and not lasts

    def _passes(self, *, counts: bool) -> None:
        if self._left is None or not counts:
            return
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
