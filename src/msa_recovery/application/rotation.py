"""The keys that what is kept still needs: judged before the first call, and freed by sealing anew (R10).

What is sealed is sealed anew with the key that seals now. What is only digested cannot be: a code or a temporary
password needs its key until it is dead, and says until when.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar, final

from attrs import evolve, frozen

from . import questions as ask
from .checkpoints import checkpoint
from .errors import KeysMissing
from .outgoing import reseal_edit, reseal_intent, reseal_message
from .questions import Question, Script
from .records import Change, IntentRow, KeyUse, OutboxRow, StoredJourney
from .subject import reseal_key
from .world import World

__all__ = ["Resealed", "reseal", "start"]

_PAGE: Final = 100

_Row = TypeVar("_Row", StoredJourney, OutboxRow, IntentRow)


@final
@frozen
class Resealed:
    """What one run over everything that is kept did.

    Attributes:
        journeys: journeys sealed anew.
        messages: messages sealed anew.
        intents: effects on the directory sealed anew.
        still: which other keys are needed for now, by what, and until when.
    """

    journeys: int
    messages: int
    intents: int
    still: tuple[KeyUse, ...]


def start(world: World) -> Script[None]:
    """Make sure that the ring has every key that what is kept needs.

    Raises:
        KeysMissing: it lacks some.
    """
    now = yield from ask.now()
    missing = tuple(
        use for use in (yield from ask.keys_besides(world.vault.signer, now)) if not world.vault.holds(use.key)
    )
    if missing:
        raise KeysMissing(frozenset(use.key for use in missing), sum(use.rows for use in missing))


def reseal(world: World) -> Script[Resealed]:
    """Seal anew what an earlier key of the ring sealed, batch by batch. Safe beside anything else, and to run again.

    A row that somebody changes at the same moment is left as they write it; the next run finds it.

    Raises:
        KeysMissing: a key that sealed some of it is not in the ring; nothing was changed.
    """
    yield from start(world)
    journeys = yield from _each(world, ask.journeys_to_reseal, partial(_journey, world))
    messages = yield from _each(world, ask.messages_to_reseal, partial(reseal_message, vault=world.vault))
    intents = yield from _each(world, ask.intents_to_reseal, partial(reseal_intent, vault=world.vault))
    # The facts so far need no earlier key from now on: this vouches for them.
    yield from checkpoint(world)
    now = yield from ask.now()
    return Resealed(journeys, messages, intents, (yield from ask.keys_besides(world.vault.signer, now)))


def _each(
    world: World,
    page_after: Callable[[str, _Row | None, int], Question[tuple[_Row, ...]]],
    resealed: Callable[[_Row], _Row],
) -> Script[int]:
    """Seal anew all rows of one kind, page by page; how many there were."""
    count, after = 0, None
    while rows := (yield from page_after(world.vault.signer, after, _PAGE)):
        anew = tuple(new for row in rows if (new := resealed(row)) is not row)
        yield from ask.commit(Change(resealed=anew))
        count, after = count + len(anew), rows[-1]
    return count


def _journey(world: World, stored: StoredJourney) -> StoredJourney:
    """The journey sealed anew; itself if it names an earlier key by nothing but its code."""
    if stored.sealed_keys <= {world.vault.signer}:
        return stored
    journey, profile = stored.journey, stored.journey.profile
    edits = tuple(reseal_edit(edit, journey.id, world.vault) for edit in journey.edits)
    account = stored.account if profile is None else reseal_key(stored.account, profile, journey.id, world.vault)
    return evolve(stored, journey=evolve(journey, edits=edits), account=account)
