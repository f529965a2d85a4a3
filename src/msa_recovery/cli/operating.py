"""What an operator asks of a store: journeys, and what may be deleted. No secret and no identifier is shown:
accounts appear under their pseudonyms."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from attrs import evolve

from msa_recovery.domain.policy import Policy

from .stores import KeysPath, StorePlace, opened_store, recovering

if TYPE_CHECKING:
    from msa_recovery.application.records import StoredJourney

__all__ = ["AsJson", "Limit", "journeys", "purge", "show"]

Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, nothing cut.")]

_BATCH: Final = 100
_RETENTION: Final = Policy.msa().retention.days
_DRAWN: Final = 32
_SHORT: Final = 8
"""A name that was drawn or digested has 32 characters or more; at a glance the first ones tell it from the others."""

_MOMENT: Final = "%Y-%m-%d %H:%M:%S"


def journeys(
    store: StorePlace,
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
    store: StorePlace,
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
