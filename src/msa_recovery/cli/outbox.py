"""``msa-recovery outbox``: what waits, what failed for good, and what to do with it. No secret and no address is shown,
and no identifier: accounts appear under their pseudonyms."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .complaints import complaint, told_in_one_line
from .operating import AsJson, Limit, show
from .stores import KeysPath, StorePlace, opened_store, recovering

if TYPE_CHECKING:
    from collections.abc import Generator

    from msa_recovery.application.records import OutboxRow
    from msa_recovery.application.recovery import Recovery

__all__ = ["outbox_app"]

outbox_app = typer.Typer(rich_markup_mode=None)

_Name = Annotated[str, typer.Argument(help="The message, as the list shows it.", metavar="MESSAGE", show_default=False)]


@outbox_app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    """See the messages of a store, and have a dead letter, one that failed for good, tried again or dropped."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@outbox_app.command("list")
def list_(
    store: StorePlace,
    dead: Annotated[bool, typer.Option("--dead", help="Those that somebody has to look at.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="Those that were taken, and never arrived.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Those promised last, whatever became of them.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the messages of a store that wait, the longest due first. Moments are UTC."""
    if dead + lost + newest > 1:
        raise typer.BadParameter("one of --dead, --lost and --newest")
    with opened_store(store) as opened:
        if dead:
            found = opened.dead_messages(limit)
        elif lost:
            found = opened.lost_messages(limit)
        elif newest:
            found = opened.newest_messages(limit)
        else:
            found = opened.waiting_messages(limit)
    show([_line(each) for each in found], as_json=as_json)


@outbox_app.command("show")
def show_(keys: KeysPath, store: StorePlace, message: _Name, as_json: AsJson = False) -> None:
    """Show one message: what it is for, whom it was promised to by pseudonym, and what became of it."""
    from msa_recovery.adapters.keyring import read_keys
    from msa_recovery.adapters.vault import Vault
    from msa_recovery.application.outgoing import open_parcel

    row = _named(store, message)
    told: dict[str, Any] = _line(row)
    if row.sealed:
        with told_in_one_line(keys):
            parcel = open_parcel(row, Vault(read_keys(keys)))
        told |= {"kind": parcel.kind, "contact": parcel.contact, "language": parcel.language}
        told |= {"promised": parcel.written_at}
    if as_json:
        show([told], as_json=True)
    else:
        show([{"what": name, "is": value} for name, value in told.items()], as_json=False)


@outbox_app.command()
def retry(keys: KeysPath, store: StorePlace, message: _Name) -> None:
    """Let the relay try a dead letter again, as if it had never been tried.

    Refused when its secret expired, or another one took its place: the person begins anew.
    """
    with _dead_letter(keys, store, message) as (recovery, name):
        recovery.retry_message(name)
    typer.echo(f"{name}: the next relay tries it again")


@outbox_app.command()
def drop(keys: KeysPath, store: StorePlace, message: _Name) -> None:
    """End a dead letter: what it held is deleted. A letter that was to be posted makes room for another one."""
    with _dead_letter(keys, store, message) as (recovery, name):
        recovery.drop_message(name)
    typer.echo(f"{name}: dropped")


@contextmanager
def _dead_letter(keys: Path, store: str, message: str) -> "Generator[tuple[Recovery, str]]":
    name = _named(store, message).id
    with recovering(keys, store) as recovery:
        yield recovery, name


def _named(store: str, message: str) -> "OutboxRow":
    """The message of this name, which may be cut as a list cuts it."""
    with opened_store(store) as opened:
        found = opened.messages_named(message)
    if len(found) != 1:
        many = "no message has" if not found else "several messages have"
        raise complaint(f"{many} the name {message}; outbox list --json shows whole names")
    return found[0]


def _line(row: "OutboxRow") -> dict[str, Any]:
    from msa_recovery.application.records import OutboxState

    return {
        "message": row.id,
        "account": row.account,
        "journey": row.journey,
        "channel": row.channel,
        "state": row.state,
        # Of one that is over it is when its worker would have been taken for dead.
        "due": row.due if row.state is OutboxState.WAITING else None,
        "tries": row.tries,
        "until": row.until,
    }
