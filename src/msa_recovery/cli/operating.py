"""What an operator asks of a store: journeys, and what may be deleted. No secret and no identifier is shown:
accounts appear under their pseudonyms."""

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from errno import ENOENT
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from attrs import evolve

from msa_recovery.domain.policy import Policy

from .complaints import told_in_one_line

if TYPE_CHECKING:
    from msa_recovery.adapters.sqlite_store import SqliteStore
    from msa_recovery.application.ports import AccountDirectory
    from msa_recovery.application.records import StoredJourney
    from msa_recovery.application.recovery import Recovery

__all__ = ["AsJson", "KeysPath", "Limit", "StorePath", "journeys", "opened_store", "purge", "recovering", "show"]

KeysPath = Annotated[Path, typer.Argument(help="The file that holds the keys.", metavar="KEYS", show_default=False)]
StorePath = Annotated[Path, typer.Argument(help="The SQLite file of the store.", metavar="STORE", show_default=False)]
Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, nothing cut.")]

_BATCH: Final = 100
_RETENTION: Final = Policy.msa().retention.days
_DRAWN: Final = 32
_SHORT: Final = 8
"""A name that was drawn or digested has 32 characters or more; at a glance the first ones tell it from the others."""

_MOMENT: Final = "%Y-%m-%d %H:%M:%S"


def journeys(
    store: StorePath,
    finished: Annotated[bool, typer.Option("--finished", help="Those that are over, the latest first.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the journeys of a store that are under way, the next deadline first. Moments are UTC."""
    with opened_store(store) as opened:
        found = opened.finished(limit) if finished else opened.under_way(limit)
    show([_journey(each) for each in found], as_json=as_json)


def purge(
    keys: KeysPath,
    store: StorePath,
    days: Annotated[int, typer.Option(min=1, help="How long a finished journey is kept.")] = _RETENTION,
) -> None:
    """Delete what is kept long enough: journeys that finished longer ago, with their messages that are over, ledgers in
    which nothing has counted for as long, and whose the facts of the audit of more than a year ago were.

    Safe beside running hosts. A host does the same with Recovery.purge(), by its policy's retention and
    audit_retention. What is taken from the audit leaves tombstones, signed with the key of KEYS that signs.
    """
    from msa_recovery.adapters.clocks import SystemClock

    kept, gone = timedelta(days=days), 0
    with recovering(keys, store, evolve(Policy.msa(), retention=kept)) as recovery:
        while batch := recovery.purge(_BATCH):
            gone += batch
    before = SystemClock().now() - kept
    typer.echo(f"{store}: {gone} deleted: what was over before {before.strftime(_MOMENT)} UTC, and facts in their time")


@contextmanager
def recovering(
    keys: Path, store: Path, policy: Policy | None = None, accounts: "AccountDirectory | None" = None
) -> "Generator[Recovery]":
    """A host of a store that is there already, with nobody in its directory when none is given."""
    from msa_recovery.adapters.clocks import SystemClock
    from msa_recovery.adapters.keyring import read_keys
    from msa_recovery.adapters.memory_directory import MemoryDirectory
    from msa_recovery.adapters.password_hashing import Argon2idHasher
    from msa_recovery.adapters.sqlite_store import SqliteStore
    from msa_recovery.compose import compose

    with told_in_one_line(keys):
        ring = read_keys(keys)
    nobody = MemoryDirectory((), Argon2idHasher(), SystemClock())
    with told_in_one_line(store):
        kept = SqliteStore(_existing(store))
        with compose(accounts=accounts or nobody, keys=ring, store=kept, policy=policy or Policy.msa()) as recovery:
            yield recovery


def _existing(store: Path) -> Path:
    """The path of a store that is there already: none is made by looking at it.

    Raises:
        FileNotFoundError: there is none.
    """
    if not store.exists():
        raise FileNotFoundError(ENOENT, strerror(ENOENT), str(store))
    return store


@contextmanager
def opened_store(store: Path) -> "Generator[SqliteStore]":
    """A store that is there already; what goes wrong with it ends the command with one line."""
    from msa_recovery.adapters.sqlite_store import SqliteStore

    with told_in_one_line(store):
        opened = SqliteStore(_existing(store))
        try:
            yield opened
        finally:
            opened.close()


def _journey(stored: "StoredJourney") -> dict[str, Any]:
    journey, profile = stored.journey, stored.journey.profile
    return {
        "journey": journey.id,
        "account": "" if profile is None else profile.pseudonym,
        "chart": journey.chart,
        "state": journey.state,
        "deadline": journey.deadline,
        "finished": stored.finished_at,
        "language": stored.language,
    }


def show(rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows that have the same headings: in columns, or each as JSON."""
    rows = list(rows)
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=datetime.isoformat))
        return
    if not rows:
        typer.echo("none")
        return
    lines = [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(rows[0], *lines, strict=True)]
    for line in (list(rows[0]), *lines):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case datetime():
            return value.strftime(_MOMENT)
        case str():
            # What follows a dot tells the messages of a journey apart.
            name, dot, rest = value.partition(".")
            return f"{name[:_SHORT]}{dot}{rest}" if len(name) >= _DRAWN else value
        case _:
            return str(value)
