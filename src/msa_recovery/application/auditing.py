"""Facts become links of their chains: what a MAC covers, and how the facts of each kind of thing are added."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import JourneyId

from . import questions as ask
from .errors import Contended
from .facts import AccountHead, AuditRow, Ended, Head, KeptFact
from .ports import Purpose, Vault
from .questions import Script
from .records import Change, IntentRow, MessageId, StoredLedger
from .world import ATTEMPTS, World

__all__ = [
    "chain_of_account",
    "chain_of_forgotten",
    "chain_of_journey",
    "chain_of_message",
    "covered",
    "kept",
    "linked",
    "microseconds",
    "note_of_account",
    "note_of_nobody",
    "tells_of_nobody",
    "tombstone",
]

_ALARM: Final = "alarm:"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def chain_of_journey(journey: JourneyId) -> str:
    """The chain of what happened in a journey; its head stands in the journey's row."""
    return f"journey:{journey}"


def chain_of_account(account: Pseudonym) -> str:
    """The chain of what happened to an account outside of its journeys; its head stands beside the ledger."""
    return f"account:{account}"


def chain_of_forgotten(name: str) -> str:
    """What the chain of an account is called once the account is forgotten; ``name`` says nothing of it."""
    return f"forgotten:{name}"


def chain_of_message(message: MessageId) -> str:
    """The chain of what became of a message; its head stands in the message's row, so that no relay ever touches a
    journey."""
    return f"message:{message}"


def covered(fact: KeptFact) -> bytes:
    """What the MAC of a fact covers of it, beside the MAC before."""
    return _covered(
        fact.chain, str(fact.number), str(fact.at), fact.account, fact.journey, fact.name, fact.row, reason=fact.reason
    )


def _covered(*texts: str, reason: str | None) -> bytes:
    # Each after its length, so that no two lists are alike; that there is no reason is not the same as an empty one.
    every = texts if reason is None else (*texts, reason)
    return "".join([f"{len(text)}:{text}" for text in every]).encode("utf-8", "surrogatepass")


def microseconds(moment: datetime) -> int:
    """A moment as facts hold it: microseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def kept(row: AuditRow) -> KeptFact:
    """A fact as a store keeps it, before the store gives it a place."""
    return KeptFact(
        sequence=0,
        at=microseconds(row.at),
        account=row.account,
        journey=row.journey,
        name=row.fact.name.value,
        row=row.fact.row,
        reason=None if row.fact.reason is None else row.fact.reason.value,
        chain=row.chain,
        number=row.number,
        mac=row.mac,
    )


def linked(vault: Vault, chain: str, head: Head, rows: Iterable[AuditRow]) -> tuple[tuple[AuditRow, ...], Head]:
    """The facts as the next links of a chain, and where it ends then."""
    links: list[AuditRow] = []
    for row in rows:
        fact, number, at = row.fact, head.count + 1, str(microseconds(row.at))
        reason = None if fact.reason is None else fact.reason.value
        # As covered() has it of what is kept then, without the way there: this is in the path of every event.
        body = _covered(chain, str(number), at, row.account, row.journey, fact.name.value, fact.row, reason=reason)
        head = Head(number, vault.digest(Purpose.AUDIT, b"fact", head.mac, body))
        links.append(AuditRow(row.at, row.account, row.journey, fact, chain, number, head.mac))
    return tuple(links), head


def note_of_account(
    world: World, stored: StoredLedger, rows: tuple[AuditRow, ...], applied: tuple[IntentRow, ...] = ()
) -> Script[None]:
    """Add facts to the chain of an account, and close the effects that they tell of."""
    for _ in range(ATTEMPTS):
        links, head = linked(world.vault, chain_of_account(stored.account), stored.head, rows)
        moved = AccountHead(stored.account, head, stored.head.count)
        if (yield from ask.commit(Change(audit=links, account_head=moved, applied=applied))):
            return
        stored = yield from ask.load_ledger(stored.account)
    raise Contended


def note_of_nobody(world: World, fact: Fact) -> Script[None]:
    """Keep a fact that tells of no single account. It is a chain of its own, which ends with it."""
    now = yield from ask.now()
    name = yield from ask.draw_journey_id()
    links, _ = linked(world.vault, f"{_ALARM}{name}", Head(), (AuditRow(now, "", "", fact),))
    yield from ask.commit(Change(audit=links))


def tells_of_nobody(row: AuditRow) -> bool:
    """Whether a fact was kept by :func:`note_of_nobody`."""
    return row.chain.startswith(_ALARM)


def tombstone(world: World, ended: Ended, now: datetime) -> AuditRow:
    """The last fact of a journey that is deleted: from then on it says how long its chain is (R59)."""
    row = AuditRow(now, "", ended.journey, Fact(FactName.JOURNEY_PURGED))
    (link,), _ = linked(world.vault, chain_of_journey(ended.journey), ended.head, (row,))
    return link
