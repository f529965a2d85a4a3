"""What a transport says later of a message that it took: that it never arrived.

That one arrived is not kept. Nobody says so of a decoy's, and whether anybody is behind an account would show (R13).
"""

from logging import getLogger
from typing import Final

from attrs import evolve

from msa_recovery.domain.audit import Fact, FactName

from . import questions as ask
from .errors import Contended
from .questions import Script
from .records import MessageId, OutboxState
from .relay import settled
from .world import World

__all__ = ["lost"]

_LOGGER: Final = getLogger("msa_recovery")


def lost(world: World, name: MessageId) -> Script[bool]:
    """Keep of a message that was handed over that it never arrived. It stays over, and no journey and no ledger is
    touched: anybody may have said so (R15). Whether it is kept, now or before; not of one that waits or is not there.
    """
    row = yield from ask.message(name)
    if row is None or row.state not in (OutboxState.DELIVERED, OutboxState.LOST):
        return False
    if row.state is OutboxState.DELIVERED:
        now = yield from ask.now()
        after = evolve(row, state=OutboxState.LOST)
        if not (yield from settled(world, after, Fact(FactName.MESSAGE_LOST), now)):
            raise Contended
        _LOGGER.warning("message %s by %s did not arrive", row.id, row.channel)
    return True
