"""``msa-recovery audit``: sign checkpoints over the audit of a store, and say whether it is whole."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from .complaints import told_in_one_line
from .stores import KeysPath, StorePlace, opened_store, recovering

if TYPE_CHECKING:
    from msa_recovery.application.facts import Checkpoint

__all__ = ["audit_app"]

audit_app = typer.Typer(rich_markup_mode=None)


@audit_app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    """Sign checkpoints over the audit of a store, and say whether it is whole."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@audit_app.command()
def checkpoint(keys: KeysPath, store: StorePlace) -> None:
    """Sign over every fact up to now, and print the checkpoint: note it somewhere else, for verify --known.

    Safe beside running hosts. A host does the same with Recovery.checkpoint().
    """
    with recovering(keys, store) as recovery:
        signed = recovery.checkpoint()
    typer.echo(f"{store}: checkpoint {_noted(signed)} covers {signed.facts} facts")


@audit_app.command()
def verify(
    keys: KeysPath,
    store: StorePlace,
    known: Annotated[
        str | None,
        typer.Option(help="A checkpoint that was noted somewhere else: it must be there.", metavar="NUMBER:MAC"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say in one line each what was removed, edited, moved or inserted in the audit, and where; end with 1 then.

    Safe beside running hosts: it looks at one moment. KEYS holds every key that facts name, but for those that a
    checkpoint vouches for.
    """
    from msa_recovery.adapters.keyring import read_keys
    from msa_recovery.adapters.vault import Vault
    from msa_recovery.application.verifying import verified

    noted = None if known is None else _read(known)
    with told_in_one_line(keys):
        vault = Vault(read_keys(keys))
    found = 0
    with opened_store(store) as opened:
        with opened.trail() as trail:
            for found, each in enumerate(verified(trail, vault, noted), start=1):  # noqa: B007 - how many
                line = {"wrong": each.wrong, "where": each.where, "number": each.number, "says": each.says}
                typer.echo(json.dumps(line) if as_json else _printable(each.says))
        last = opened.last_checkpoint()
    if found:
        raise typer.Exit(1)
    if not as_json:
        typer.echo(_whole(store, last))


def _whole(store: str, last: "Checkpoint | None") -> str:
    if last is None:
        return f"{store}: whole, but no checkpoint was ever signed: whole chains may be gone"
    return f"{store}: whole; the last checkpoint is {_noted(last)}, of {last.at:%Y-%m-%d %H:%M UTC}"


def _noted(point: "Checkpoint") -> str:
    return f"{point.number}:{point.mac.hex()}"


def _read(known: str) -> tuple[int, bytes]:
    number, _, mac = known.partition(":")
    try:
        return int(number), bytes.fromhex(mac)
    except ValueError:
        raise typer.BadParameter("--known: a number, a colon and a MAC in hexadecimal digits") from None


def _printable(text: str) -> str:
    """What somebody wrote into the file must not write more than this line, nor steer the terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
