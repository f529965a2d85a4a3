"""The one place that picks adapters: ports in, a ready :class:`Recovery` out, with safe defaults.

What has no safe default must be given: the host's accounts, the keys, and where everything is kept.
"""

from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack, cast

from .application.async_recovery import AsyncRecovery
from .application.recovery import Recovery
from .domain.errors import CallerError, checked
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


_T = TypeVar("_T")

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
        CallerError: a path or a URL, where the extra that it needs is not installed; or an argument that is something
            else than it should be, as a class instead of an object of it.
    """
    return Recovery(_ports(accounts, keys, store, _messengers(messengers or {}, awaited=False), plugs))


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

    Raises:
        CallerError: a path or a URL, where the extra that it needs is not installed.
    """
    return AsyncRecovery(
        _ports(
            cast("AccountDirectory", accounts),
            keys,
            cast("Store", _async_store(store)),
            _messengers(messengers or {}, awaited=True),
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
    from .adapters.keyring import Keys
    from .adapters.meter import ZxcvbnMeter
    from .adapters.secrets_source import SystemSecrets
    from .adapters.vault import Vault
    from .application.questions import Ports

    if unknown := sorted(set(plugs) - Plugs.__optional_keys__):
        raise CallerError(f"{unknown[0]}: nothing of this name is plugged in")
    return Ports(
        accounts=_plugged(accounts, "accounts"),
        store=_plugged(_store(store), "store"),
        clock=plugs.get("clock") or SystemClock(),
        messengers=messengers,
        meter=plugs.get("meter") or ZxcvbnMeter(),
        secrets=plugs.get("secrets") or SystemSecrets(),
        vault=Vault(checked(keys, Keys, "keys")),
        policy=checked(plugs.get("policy") or Policy.msa(), Policy, "policy"),
        helpdesk=checked(plugs.get("helpdesk") or ASSISTANCE_INTERNET, Helpdesk, "helpdesk"),
        observers=tuple(plugs.get("observers", ())),
    )


def _plugged(port: _T, name: str) -> _T:
    """A port, as far as that can be seen before it is asked."""
    if isinstance(port, type):
        raise CallerError(f"{name}: an object, not the class {port.__name__}")
    return port


def _messengers(given: "Mapping[Channel, Messenger | AsyncMessenger]", *, awaited: bool) -> "dict[Channel, Messenger]":
    """The messengers by channel. What is wrong with one would show in nothing but messages that wait."""
    from collections.abc import Mapping

    if not isinstance(given, Mapping):
        raise CallerError(f"messengers: a mapping of channels, not {type(given).__name__}")
    return {_channel(name): _messenger(name, port, awaited=awaited) for name, port in given.items()}


def _channel(name: object) -> "Channel":
    from .domain.account import Channel

    try:
        return Channel(cast("str", name))
    except ValueError:
        raise CallerError(f"messengers: by {', '.join(Channel)}") from None


def _messenger(name: object, port: object, *, awaited: bool) -> "Messenger":
    from inspect import iscoroutinefunction

    deliver = getattr(_plugged(port, f"messengers: {name}"), "deliver", None)
    if not callable(deliver):
        raise CallerError(f"messengers: {name}: {type(port).__name__} has no method deliver")
    if iscoroutinefunction(deliver) and not awaited:
        raise CallerError(f"messengers: {name}: its deliver is async, which compose_async is for")
    return cast("Messenger", port)


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
