"""``msa-recovery keys``: make, inspect and rotate the file that holds a host's root keys. No key is ever shown."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from .complaints import complaint, told_in_one_line
from .stores import STORE, KeysPath, StorePlace, opened_store, recovering

if TYPE_CHECKING:
    from msa_recovery.adapters.keyring import Keys
    from msa_recovery.application.records import KeyUse

__all__ = ["keys_app"]

keys_app = typer.Typer(rich_markup_mode=None)

_KeyId = Annotated[str, typer.Argument(help="The id of a key of the file.", metavar="ID", show_default=False)]

_MOMENT: Final = "%Y-%m-%d %H:%M UTC"


@keys_app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    """Make, inspect and rotate the file that holds a host's root keys.

    To rotate: add a key and bring the file to every host; use it and bring the file again; reseal; and drop the old
    key once nothing needs it.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@keys_app.command()
def new(path: KeysPath) -> None:
    """Make new keys in a new file that only its owner can read.

    A file that is there already is never touched: without its keys, whatever they made is lost.
    """
    from msa_recovery.adapters.keyring import Keys, write_keys

    keys = Keys.generate()
    with told_in_one_line(path):
        if path.exists():
            raise complaint(f"{path} exists: it is left as it is")
        write_keys(path, keys)
    typer.echo(f"{path}: made, with the key {keys.signer}; keep a copy in a safe place")


@keys_app.command()
def check(
    path: KeysPath,
    store: Annotated[
        str | None,
        typer.Option(help=f"Say as well which rows of this store need which key: {STORE}.", metavar="STORE"),
    ] = None,
) -> None:
    """Say whether a file holds usable keys, the ids of its keys, and what needs them."""
    keys = _read(path)
    verifying = ", ".join(key.key_id for key in keys.ring[1:]) or "no other"
    typer.echo(f"{path}: usable; {keys.signer} signs, {verifying} still verifies")
    if store is None:
        return
    uses = _uses(store, keys)
    _tell(uses)
    missing = sorted({use.key for use in uses if not keys.holds(use.key)})
    if missing:
        raise complaint(f"{path} lacks {', '.join(missing)}: put it back, or those rows are lost")


@keys_app.command()
def add(path: KeysPath) -> None:
    """Add a new key that verifies and does not sign yet: the first step of a rotation."""
    from msa_recovery.adapters.keyring import RootKey

    key = RootKey.generate()
    _write(path, _read(path).with_key(key))
    typer.echo(f"{path}: {key.key_id} is added; bring the file to every host, then: keys use {path} {key.key_id}")


@keys_app.command()
def use(path: KeysPath, key_id: _KeyId) -> None:
    """Let a key of the file sign from now on; the others go on verifying."""
    with told_in_one_line(path):
        keys = _read(path).signed_by(key_id)
    _write(path, keys)
    typer.echo(f"{path}: {key_id} signs; bring the file to every host, then: keys reseal {path} STORE")


@keys_app.command()
def reseal(path: KeysPath, store: StorePlace) -> None:
    """Seal anew, with the key that signs, what other keys sealed; and say what still needs one, until when.

    Safe beside running hosts, and to run again. A checkpoint vouches for the audit so far. What is only digested,
    a code or a temporary password, needs its key until it is dead.
    """
    keys = _read(path)
    with recovering(path, store) as recovery:
        done = recovery.reseal()
    typer.echo(
        f"{store}: sealed anew with {keys.signer}: {done.journeys} journeys, {done.messages} messages, "
        f"{done.intents} effects"
    )
    _tell(done.still)


@keys_app.command()
def drop(path: KeysPath, key_id: _KeyId, store: StorePlace) -> None:
    """Take a key out of the file, once nothing in the store needs it: the last step of a rotation."""
    keys = _read(path)
    with told_in_one_line(path):
        left = keys.without(key_id)
    needed = tuple(each for each in _uses(store, left) if each.key == key_id)
    if needed:
        _tell(needed)
        raise complaint(f"{key_id} is still needed: it stays")
    _write(path, left)
    typer.echo(f"{path}: {key_id} is gone; bring the file to every host, and destroy the copies of that key")


def _read(path: Path) -> "Keys":
    from msa_recovery.adapters.keyring import read_keys

    with told_in_one_line(path):
        return read_keys(path)


def _write(path: Path, keys: "Keys") -> None:
    from msa_recovery.adapters.keyring import write_keys

    with told_in_one_line(path):
        write_keys(path, keys)


def _uses(store: str, keys: "Keys") -> "tuple[KeyUse, ...]":
    """What in a store needs other keys than the one that signs."""
    from msa_recovery.adapters.clocks import SystemClock

    with opened_store(store) as opened:
        return opened.keys_besides(keys.signer, SystemClock().now())


def _tell(uses: "tuple[KeyUse, ...]") -> None:
    for use in sorted(uses, key=lambda use: (use.key, use.place)):
        until = "" if use.until is None else f", the last one until {use.until.strftime(_MOMENT)}"
        typer.echo(f"  {use.key} is needed by {use.rows} of the {use.place}{until}")
    if not uses:
        typer.echo("  no other key is needed")
