"""The relay: takes promised messages from the outbox and hands them to the messengers, out of sight of whoever asked.

Also what else is due without anybody asking: effects on the directory that a crash left open.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar, assert_never, final

from attrs import evolve, frozen

from msa_recovery.domain.account import Account, Channel, Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import passed

from . import questions as ask
from .auditing import chain_of_message, linked
from .deciding import apply_intents
from .errors import InfrastructureError
from .messages import Delivered, Delivery, Message, Rejected, TryLater
from .outgoing import Parcel, address_of, open_parcel
from .questions import Script
from .records import AuditRow, Change, OutboxRow, OutboxState, StoredLedger
from .world import World

__all__ = ["Relayed", "relay"]

_T = TypeVar("_T")

_LEASE: Final = timedelta(minutes=2)
"""For how long a worker has a message to itself; then the worker is taken for dead."""

_FIRST_RETRY: Final = timedelta(seconds=15)
"""The wait after the first failure; each further one doubles it."""

_LONGEST_RETRY: Final = timedelta(hours=1)
"""Where the doubling ends. A secret is tried again until it expires."""

_NOTICE_PATIENCE: Final = timedelta(days=3)
"""For how long a notice is tried again before an operator has to look."""

_FEWEST_TRIES: Final = 8
"""How often it is tried at least, over an hour: where no relay ran for days, the first failure is not the last word."""


@final
@frozen
class Relayed:
    """What one run of the relay did.

    Attributes:
        delivered: messages handed over, or discarded because nobody is behind the identifier.
        retried: messages that will be tried again.
        dropped: messages whose secret expired or whose contact changed.
        dead: messages that an operator has to look at.
        applied: accounts whose open effects on the directory were applied.
    """

    delivered: int = 0
    retried: int = 0
    dropped: int = 0
    dead: int = 0
    applied: int = 0

    @property
    def total(self) -> int:
        """How much there was to do."""
        return self.delivered + self.retried + self.dropped + self.dead + self.applied


def relay(world: World, limit: int) -> Script[Relayed]:
    """Deliver up to ``limit`` messages, and apply the open effects of up to ``limit`` accounts.

    What fails for one of them keeps no other one waiting: the first failure is raised when all the rest is done.
    """
    applied = yield from _each(_apply_open(world, account) for account in (yield from ask.open_intents(limit)))
    now = yield from ask.now()
    relayed = yield from _each(
        _relay(world, row, now) for row in (yield from ask.claim(now, now + _LEASE, limit, world.channels))
    )
    for outcome in (*applied, *relayed):
        if isinstance(outcome, InfrastructureError):
            raise outcome
    return Relayed(
        delivered=relayed.count(OutboxState.DELIVERED),
        retried=relayed.count(OutboxState.WAITING),
        dropped=relayed.count(OutboxState.DROPPED),
        dead=relayed.count(OutboxState.DEAD),
        applied=len(applied),
    )


def _each(scripts: Iterable[Script[_T]]) -> Script[list[_T | InfrastructureError]]:
    """What each script returns, or the failure that it raises."""
    outcomes: list[_T | InfrastructureError] = []
    for script in scripts:
        try:
            outcomes.append((yield from script))
        except InfrastructureError as failure:
            outcomes.append(failure)
    return outcomes


def _apply_open(world: World, account: Pseudonym) -> Script[None]:
    ledger = yield from ask.load_ledger(account)
    yield from apply_intents(world, ledger.open_intents)


def _relay(world: World, row: OutboxRow, now: datetime) -> Script[OutboxState]:
    """Take one message as far as it goes; where it is then."""
    after, fact, ledger = yield from _handle(world, row, now)
    told = AuditRow(now, row.account, row.journey, fact)
    links, head = linked(world.vault, chain_of_message(row.id), row.head, (told,))
    after = evolve(after, head=head)
    yield from ask.commit(Change(outbox=(after,), audit=links, ledger=ledger, write_ledger=ledger is not None))
    return after.state


def _handle(world: World, row: OutboxRow, now: datetime) -> Script[tuple[OutboxRow, Fact, StoredLedger | None]]:
    """What becomes of one message, and of its account's ledger if that changes."""
    parcel = open_parcel(row, world.vault)
    account = yield from ask.get(parcel.key)
    if not parcel.genuine and not (row.until is not None and passed(row.until, now)):
        return _over(row, OutboxState.DELIVERED), Fact(FactName.MESSAGE_DELIVERED), None
    # What would have been too late for somebody is dropped for nobody as well: the audit does not tell them apart.
    address = parcel.to if parcel.secret is None else _address(world, row, parcel, account, now)
    if not address:
        freed = yield from _without_letter(row, parcel)
        return _over(row, OutboxState.DROPPED), Fact(FactName.MESSAGE_DROPPED), freed
    message = Message(
        kind=parcel.kind,
        channel=row.channel,
        to=address,
        language=parcel.language,
        help=world.helpdesk if account is None else account.fund,
        written_at=parcel.written_at,
        secret=parcel.secret,
        until=row.until,
    )
    try:
        delivery: Delivery = yield from ask.deliver(message, row.id)
    except InfrastructureError:
        delivery = TryLater()
    freed = (yield from _without_letter(row, parcel)) if isinstance(delivery, Rejected) else None
    return (*_after(row, parcel, delivery, now), freed)


def _without_letter(row: OutboxRow, parcel: Parcel) -> Script[StoredLedger | None]:
    """The ledger once a letter can never arrive: another one may then be posted, within the cap."""
    if row.channel is not Channel.LETTER or parcel.secret is None:
        return None
    stored = yield from ask.load_ledger(row.account)
    letter = stored.ledger.letter_password
    if letter is None or letter.until != row.until:
        return None
    # Not taken away: a journey that waits for it would lapse, and show that its account has changed (R13).
    return evolve(stored, ledger=evolve(stored.ledger, letter_password=evolve(letter, digest=b"")))


def _address(world: World, row: OutboxRow, parcel: Parcel, account: Account | None, now: datetime) -> tuple[str, ...]:
    """Where a secret goes: to the contact that the journey froze, if it is still the same, and only in time (R12)."""
    if account is None or row.until is None or passed(row.until, now):
        return ()
    address = address_of(account, parcel.contact, row.channel)
    if address is None or world.vault.fingerprint("\n".join(address)) != row.contact:
        return ()
    return address


def _over(row: OutboxRow, state: OutboxState) -> OutboxRow:
    """The row of a message that is over: what it held is gone."""
    return evolve(row, state=state, sealed=b"")


def _after(row: OutboxRow, parcel: Parcel, delivery: Delivery, now: datetime) -> tuple[OutboxRow, Fact]:
    match delivery:
        case Delivered():
            return _over(row, OutboxState.DELIVERED), Fact(FactName.MESSAGE_DELIVERED)
        case Rejected():
            return _over(row, OutboxState.DEAD), Fact(FactName.MESSAGE_FAILED)
        case TryLater(retry_at):
            waited = now - parcel.written_at
            if parcel.secret is None and waited >= _NOTICE_PATIENCE and row.tries >= _FEWEST_TRIES:
                return _over(row, OutboxState.DEAD), Fact(FactName.MESSAGE_FAILED)
            due = now + min(_FIRST_RETRY * (1 << min(row.tries, 16)), _LONGEST_RETRY)
            # Looked at then at the latest, whatever the transport says: nothing waits for ever, and no end goes untold.
            end = row.until or parcel.written_at + _NOTICE_PATIENCE
            later = evolve(row, tries=row.tries + 1, due=max(due, min(retry_at or due, end)))
            return later, Fact(FactName.MESSAGE_POSTPONED)
        case _:
            assert_never(delivery)
