"""What an operator does with a message that failed for good: have it tried again, or drop it; always with a fact."""

from attrs import evolve

from msa_recovery.domain.audit import Fact, FactName

from . import questions as ask
from .errors import Contended, NotADeadLetter, SecretOfNoUse, UnknownMessage
from .outgoing import open_parcel
from .questions import Script
from .records import MessageId, OutboxRow, OutboxState
from .relay import settled, why_useless, without_letter
from .world import World

__all__ = ["drop", "retry"]

_BY_HAND = "by_an_operator"


def retry(world: World, name: MessageId) -> Script[None]:
    """Let the relay have a dead letter again, as if it had never been tried; never one whose secret is of no use."""
    row = yield from _dead_letter(name)
    now = yield from ask.now()
    useless = yield from why_useless(row, open_parcel(row, world.vault), now)
    if useless is not None:
        raise SecretOfNoUse(useless)
    again = evolve(row, state=OutboxState.WAITING, due=now, tries=0)
    if not (yield from settled(world, again, Fact(FactName.MESSAGE_RETRIED), now)):
        raise Contended


def drop(world: World, name: MessageId) -> Script[None]:
    """End a dead letter: what it held is gone. One that was to be posted makes room for another, within the cap."""
    row = yield from _dead_letter(name)
    now = yield from ask.now()
    freed = yield from without_letter(row, open_parcel(row, world.vault))
    over = evolve(row, state=OutboxState.DROPPED, sealed=b"")
    if not (yield from settled(world, over, Fact(FactName.MESSAGE_DROPPED, _BY_HAND), now, freed)):
        raise Contended


def _dead_letter(name: MessageId) -> Script[OutboxRow]:
    row = yield from ask.message(name)
    if row is None:
        raise UnknownMessage
    if row.state is not OutboxState.DEAD:
        raise NotADeadLetter(row.state)
    return row
