"""A host in a process of its own, that answers many people at once until somebody kills it."""

import asyncio
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.ports import Messenger, Purpose
from msa_recovery.application.questions import Ports
from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.testing.tapped import Call, Tapped
from tests.crash.wire import Answer
from tests.support.house import KEYS

from .frames import read, write
from .planted import plant
from .world import POLICY, WITNESS, Place, directory

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["die_with", "recovery_at", "serve"]

_CONNECTIONS: Final = 6
_AT_ONCE: Final = 24
"""Calls that a host takes up at once; the others wait, as in front of any server."""


def serve(place: Place, number: int, lifeline: "Connection[Any, Any]") -> None:
    """Answer calls on this host's socket."""
    if place.bug:
        plant(place.bug)
    asyncio.run(_serve(place, number, lifeline))


async def _serve(place: Place, number: int, lifeline: "Connection[Any, Any]") -> None:
    die_with(lifeline)
    recovery, room, tasks = recovery_at(place, {}), asyncio.Semaphore(_AT_ONCE), set[asyncio.Task[None]]()

    async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                task = asyncio.create_task(call(writer, *(await read(reader))))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except (OSError, asyncio.IncompleteReadError):
            pass

    async def call(writer: asyncio.StreamWriter, name: int, method: str, arguments: tuple[Any, ...]) -> None:
        async with room:
            try:
                answer = Answer(await getattr(recovery, method)(*arguments))
            except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
                answer = Answer(error=error)
        write(writer, (name, answer))

    path = place.folder / f"host-{number}.sock"
    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(line, path)
    await server.serve_forever()


def die_with(lifeline: "Connection[Any, Any]") -> None:
    """End this process when the one that holds the other end of the line is gone."""
    asyncio.get_running_loop().add_reader(lifeline.fileno(), os._exit, 1)


def recovery_at(place: Place, messengers: dict[Channel, Any]) -> AsyncRecovery:
    """The library on the shared store and directory."""
    store: Any = AsyncPostgresStore(place.url, connections=_CONNECTIONS)
    vault: Any = Tapped("vault", Vault(KEYS), _witness(place.folder / WITNESS))
    return AsyncRecovery(
        Ports(
            accounts=directory(place.folder),
            store=store,
            clock=SystemClock(),
            messengers=cast(dict[Channel, Messenger], messengers),
            meter=ZxcvbnMeter(),
            secrets=SystemSecrets(),
            vault=vault,
            policy=POLICY,
            helpdesk=ASSISTANCE_INTERNET,
        )
    )


def _witness(path: Path) -> Callable[[Call, Callable[[], Any]], Any]:
    """Writes down each code that is compared with one, before it is: a line is there whole or not at all."""
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        if call.method == "verify" and call.arguments[0] is Purpose.CODE:
            _, expected, journey, account, _, issue, code = call.arguments
            # Where no code is live there is a stand-in, which has no issue or is the digest of nothing.
            os.write(
                log,
                b"%b %b %b %b %b\n"
                % (account, journey, issue, expected.hex().encode(), sha256(code).hexdigest()[:12].encode()),
            )
        return go()

    return tap
