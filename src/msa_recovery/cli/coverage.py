"""``msa-recovery coverage``: which rows of the charts the journeys of some stores took, and which none ever did."""

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from .stores import STORE, opened_store

__all__ = ["coverage"]


def coverage(
    stores: Annotated[list[str], typer.Argument(help=f"Stores, each {STORE}.", metavar="STORE...")],
    every: Annotated[bool, typer.Option("--all", help="Show each row with how often it fired.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say which rows of the charts no journey of these stores ever took, by their audit. Safe beside running hosts.

    A row that production never takes is a path that nobody has tried there: msa-recovery chart --format md says what it
    is for. Facts are not verified here: see audit verify.
    """
    from msa_recovery.exploration.coverage import LABELS, taken

    counted = taken(row for store in stores for row in _rows(store))
    for row, times in counted.items():
        if every or (times == 0 or row not in LABELS):
            known = "" if row in LABELS else "  (no chart has it any more)"
            typer.echo(json.dumps({"row": row, "fired": times}) if as_json else f"{times:>8}  {row}{known}")
    if not as_json:
        fired = sum(counted[row] > 0 for row in LABELS)
        typer.echo(f"{fired} of {len(LABELS)} rows fired, {counted.total()} times in all")


def _rows(store: str) -> Iterator[str]:
    with opened_store(store) as opened, opened.trail() as trail:
        yield from (fact.row for fact in trail.in_order())
