"""The one place that picks adapters: ports in, a ready :class:`Recovery` out, with safe defaults.

What has no safe default must be given: the host's accounts, the keys, and where everything is kept.
"""

from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from .application.async_recovery import AsyncRecovery
from .application.recovery import Recovery
from .domain.errors import CallerError
from .domain.helpdesk import ASSISTANCE_INTERNET, Helpdesk
from .domain.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from .adapters.keyring import Keys
    from .adapters.postgres_store import PostgresStore
    from .adapters.sqlite_store import SqliteStore
    from .application.async_ports import AsyncAccountDirectory, AsyncMessenger, AsyncObserver, AsyncStore
    from .application.ports import AccountDirectory, Clock, Messenger, Observer, Secrets, Store, StrengthMeter
    from .application.questions import Ports
    from .domain.account import Channel

    StrPath = str | PathLike[str]

__all__ = ["compose", "compose_async", "store_at"]


_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class Plugs(TypedDict, total=False):
    """What may be left to its default."""

    policy: Policy
    helpdesk: Helpdesk
    clock: "Clock"
    meter: "StrengthMeter"
    secrets: "Secrets"
    observers: "Iterable[Observer | AsyncObserver]"


def compose(
    *,
    accounts: "AccountDirectory",
    keys: "Keys",
    store: "Store | StrPath",
    messengers: "Mapping[Channel, Messenger] | None" = None,
    **plugs: Unpack[Plugs],
) -> Recovery:
    """A ready :class:`Recovery`, for hosts that call.

    Args:
        accounts: the host's accounts.
        keys: the key ring; ``msa-recovery keys new`` makes one.
        store: where everything is kept. ``postgresql://user@host/database`` is a PostgreSQL server (extra
            ``postgres``), that any number of hosts share. A path is an SQLite file (extra ``sql``), made at the first
            use, that threads and processes may share; ``MemoryStore()`` forgets everything with the process.
        messengers: who delivers, by channel; messages of a channel without one wait in the outbox.
        plugs: ``policy`` (``Policy.msa()``), ``helpdesk``, whom a person calls who has not signed in (the source text's
            Assistance Internet), ``clock`` (the system's), ``meter`` (zxcvbn), ``secrets`` (the system's random
            source): each with its default in brackets. ``observers`` (none): who is told each fact of the audit, once
            it is kept.

    Raises:
        CallerError: a path or a URL, where the extra that it needs is not installed.
    """
    return Recovery(_ports(accounts, keys, store, messengers or {}, plugs))


def compose_async(
    *,
    accounts: "AccountDirectory | AsyncAccountDirectory",
    keys: "Keys",
    store: "Store | AsyncStore | StrPath",
    messengers: "Mapping[Channel, Messenger | AsyncMessenger] | None" = None,
    **plugs: Unpack[Plugs],
) -> AsyncRecovery:
    """A ready :class:`AsyncRecovery`, for hosts on asyncio or trio: as :func:`compose`, but a port may be async.

    A port is async in all its methods or in none. What a sync one does runs in worker threads. ``postgresql://...`` is
    a store of asyncio; on trio, give a ``PostgresStore``, which is sync.
    """
    return AsyncRecovery(
        _ports(
            cast("AccountDirectory", accounts),
            keys,
            cast("Store", _async_store(store)),
            cast("Mapping[Channel, Messenger]", messengers or {}),
            plugs,
        )
    )


def _ports(
    accounts: "AccountDirectory",
    keys: "Keys",
    store: "Store | StrPath",
    messengers: "Mapping[Channel, Messenger]",
    plugs: Plugs,
) -> "Ports":
    # Imported here, so that importing the library costs no more than its names.
    from .adapters.clocks import SystemClock
    from .adapters.meter import ZxcvbnMeter
    from .adapters.secrets_source import SystemSecrets
    from .adapters.vault import Vault
    from .application.questions import Ports

    return Ports(
        accounts=accounts,
        store=_store(store),
        clock=plugs.get("clock") or SystemClock(),
        messengers=dict(messengers),
        meter=plugs.get("meter") or ZxcvbnMeter(),
        secrets=plugs.get("secrets") or SystemSecrets(),
        vault=Vault(keys),
        policy=plugs.get("policy") or Policy.msa(),
        helpdesk=plugs.get("helpdesk") or ASSISTANCE_INTERNET,
        observers=tuple(plugs.get("observers", ())),
    )


def store_at(place: "StrPath") -> "SqliteStore | PostgresStore":
    """The store of a path or of a URL, opened at its first use.

    Raises:
        CallerError: the extra that it needs is not installed, or it names no file and no database.
    """
    if _is_postgres(place):
        try:
            from .adapters.postgres_store import PostgresStore
        except ImportError as missing:
            raise _no_postgres(missing) from None
        return PostgresStore(str(place))
    from pathlib import Path

    try:
        from .adapters.sqlite_store import SqliteStore
    except ModuleNotFoundError as missing:
        raise CallerError(f"store: a file needs {missing.name}: pip install 'msa-recovery[sql]'") from None
    return SqliteStore(Path(place))


def _store(store: "Store | StrPath") -> "Store":
    from os import PathLike

    return store_at(store) if isinstance(store, str | PathLike) else store


def _async_store(store: "Store | AsyncStore | StrPath") -> "Store | AsyncStore":
    from os import PathLike

    if _is_postgres(store):
        try:
            from .adapters.postgres_async_store import AsyncPostgresStore
        except ImportError as missing:
            raise _no_postgres(missing) from None
        return AsyncPostgresStore(str(store))
    return _store(store) if isinstance(store, str | PathLike) else store


def _is_postgres(store: object) -> bool:
    return isinstance(store, str) and store.startswith(_POSTGRES)


def _no_postgres(missing: ImportError) -> CallerError:
    return CallerError(f"store: PostgreSQL needs {missing.name}: pip install 'msa-recovery[postgres]'")
