"""The relay: takes promised messages from the outbox and hands them to the messengers, out of sight of whoever asked.

Also what else is due without anybody asking: effects on the directory that a crash left open.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from logging import getLogger
from typing import Final, TypeVar, assert_never, final

from attrs import evolve, frozen

from msa_recovery.domain.account import Account, Channel, Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.errors import RecoveryError
from msa_recovery.domain.journey import passed
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.policy import DAY

from . import questions as ask
from .auditing import chain_of_message, linked
from .deciding import apply_intents
from .errors import InfrastructureError, WrongAnswer
from .messages import Delivered, Delivery, Message, MessageKind, Rejected, TryLater
from .outgoing import Parcel, address_of, open_parcel
from .questions import Script
from .records import AuditRow, Change, OutboxRow, OutboxState, StoredLedger
from .world import World

__all__ = ["PATIENCE", "Relayed", "apply_effects", "deliver", "relay", "settled", "why_useless", "without_letter"]

_T = TypeVar("_T")

_LOGGER: Final = getLogger("msa_recovery")

_LEASE: Final = timedelta(minutes=2)
"""For how long a worker has a message to itself; then the worker is taken for dead."""

PATIENCE: Final = timedelta(seconds=50)
"""For how long a messenger may take to answer: one that begins in the first half of a lease answers within it."""

_FIRST_RETRY: Final = timedelta(seconds=15)
"""The wait after the first failure; each further one doubles it."""

_LONGEST_RETRY: Final = timedelta(hours=1)
"""Where the doubling ends."""

_MOST_JITTER: Final = 0.5
"""How much of a wait is added to it at most, by chance: what failed together must not come back together."""

_EXPIRED: Final = "expired"
_SUPERSEDED: Final = "superseded"
_MOVED: Final = "contact_changed"
"""Why a message was dropped, in its fact."""


@final
@frozen
class Relayed:
    """What one run of the relay did.

    Attributes:
        delivered: messages handed over, or discarded because nobody is behind the identifier.
        retried: messages that will be tried again.
        dropped: messages whose secret expired or was replaced, or whose contact changed.
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

    def __add__(self, other: "Relayed") -> "Relayed":
        return Relayed(
            self.delivered + other.delivered,
            self.retried + other.retried,
            self.dropped + other.dropped,
            self.dead + other.dead,
            self.applied + other.applied,
        )


def relay(world: World, limit: int) -> Script[Relayed]:
    """Deliver up to ``limit`` messages, and apply the open effects of up to ``limit`` accounts.

    What fails for one of them keeps no other one waiting: the first failure is raised when all the rest is done.
    """
    outcomes = yield from _each((apply_effects(world, limit), deliver(world, limit, world.channels)))
    applied, relayed = (_or_raised(outcome) for outcome in outcomes)
    return applied + relayed


def apply_effects(world: World, limit: int) -> Script[Relayed]:
    """Apply the open effects of up to ``limit`` accounts."""
    applied = yield from _each(_apply_open(world, account) for account in (yield from ask.open_intents(limit)))
    for outcome in applied:
        _or_raised(outcome)
    return Relayed(applied=len(applied))


def deliver(world: World, limit: int, channels: AbstractSet[Channel]) -> Script[Relayed]:
    """Deliver up to ``limit`` messages of these channels, of which only those that the host serves are taken."""
    now = yield from ask.now()
    mine = world.channels & channels
    relayed = yield from _each(_relay(world, row) for row in (yield from ask.claim(now, now + _LEASE, limit, mine)))
    states = [_or_raised(outcome) for outcome in relayed]
    return Relayed(
        delivered=states.count(OutboxState.DELIVERED),
        retried=states.count(OutboxState.WAITING),
        dropped=states.count(OutboxState.DROPPED),
        dead=states.count(OutboxState.DEAD),
    )


def _or_raised(outcome: _T | InfrastructureError) -> _T:
    if isinstance(outcome, InfrastructureError):
        raise outcome
    return outcome


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


def _relay(world: World, row: OutboxRow) -> Script[OutboxState | None]:
    """Take one message as far as it goes; where it is then. ``None`` for one that was given back untried."""
    # Not the moment of the claim: those before it in the batch may have taken their time.
    now = yield from ask.now()
    if passed(row.due - _LEASE / 2, now):
        yield from ask.commit(Change(outbox=(evolve(row, due=now),)))
        return None
    try:
        after, fact, ledger = yield from _handle(world, row, now)
    except InfrastructureError:
        # A row that cannot be read is tried as often as any other, and no more: then somebody looks at it.
        after, fact = yield from _put_off(world, row, None, now)
        yield from settled(world, after, fact, now)
        raise
    yield from settled(world, after, fact, now, ledger)
    return after.state


def settled(
    world: World, after: OutboxRow, fact: Fact, now: datetime, ledger: StoredLedger | None = None
) -> Script[bool]:
    """Commit where a message is from now on, with the fact that says so; ``False`` when somebody else was quicker."""
    told = AuditRow(now, after.account, after.journey, fact)
    links, head = linked(world.vault, chain_of_message(after.id), after.head, (told,))
    change = Change(outbox=(evolve(after, head=head),), audit=links, ledger=ledger, write_ledger=ledger is not None)
    return (yield from ask.commit(change))


def _handle(world: World, row: OutboxRow, now: datetime) -> Script[tuple[OutboxRow, Fact, StoredLedger | None]]:
    """What becomes of one message, and of its account's ledger if that changes."""
    parcel = open_parcel(row, world.vault)
    account = yield from ask.get(parcel.key)
    # What is of no use to somebody any more is dropped for nobody as well: the audit does not tell them apart.
    useless = yield from why_useless(row, parcel, now)
    if useless is not None:
        return _over(row, OutboxState.DROPPED), Fact(FactName.MESSAGE_DROPPED, useless), None
    if not parcel.genuine:
        return _over(row, OutboxState.DELIVERED), Fact(FactName.MESSAGE_DELIVERED), None
    delivery = yield from _handed_over(world, row, parcel, account)
    match delivery:
        case None:
            freed = yield from without_letter(row, parcel)
            return _over(row, OutboxState.DROPPED), Fact(FactName.MESSAGE_DROPPED, _MOVED), freed
        case Delivered():
            return _over(row, OutboxState.DELIVERED), Fact(FactName.MESSAGE_DELIVERED), None
        case Rejected():
            return _dead(row), Fact(FactName.MESSAGE_FAILED), (yield from without_letter(row, parcel))
        case TryLater(retry_at):
            return (*(yield from _put_off(world, row, retry_at, now)), None)
        case _:
            assert_never(delivery)


def _handed_over(world: World, row: OutboxRow, parcel: Parcel, account: Account | None) -> Script[Delivery | None]:
    """What the messenger answers; ``None`` when the contact that the message was promised to is no longer there.

    By itself, so that no other frame holds the address when a port fails.
    """
    address = parcel.to if parcel.secret is None else _address(world, row, parcel, account)
    if not address:
        return None
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
    except RecoveryError as failure:
        _LOGGER.warning("%s; message %s waits", _fault(row.channel, failure), row.id)
        return TryLater()
    return delivery


def _fault(channel: Channel, failure: RecoveryError) -> str:
    """What a messenger did that none should. Of what it raised only the class: the text may hold an address."""
    if isinstance(failure, WrongAnswer):
        return f"the messenger of {channel} answered {failure.answered}, not Delivered, TryLater or Rejected"
    return f"the messenger of {channel} failed: {type(failure.__cause__ or failure).__name__}"


def why_useless(row: OutboxRow, parcel: Parcel, now: datetime) -> Script[str | None]:
    """Why a secret must not be sent any more, or ``None``: it expired, or another one took its place. For an account
    and for nobody the same is asked."""
    if parcel.secret is None or row.until is None:
        return None
    if passed(row.until, now):
        return _EXPIRED
    stored = yield from ask.load_ledger(row.account)
    return _SUPERSEDED if _is_superseded(row, parcel, stored.ledger) else None


def _is_superseded(row: OutboxRow, parcel: Parcel, ledger: Ledger) -> bool:
    """Whether the account's live secret of this kind is another one than this, told by its end."""
    if parcel.kind is MessageKind.CODE:
        # One that was used is no longer there: sent again, after a crash, it is the same message.
        return any(slot.journey == row.journey and slot.until != row.until for slot in ledger.codes)
    live = ledger.letter_password if row.channel is Channel.LETTER else ledger.sent_password
    return live is None or live.until != row.until or not live.digest


def without_letter(row: OutboxRow, parcel: Parcel) -> Script[StoredLedger | None]:
    """The ledger once a letter can never arrive: another one may then be posted, within the cap."""
    if row.channel is not Channel.LETTER or parcel.secret is None:
        return None
    stored = yield from ask.load_ledger(row.account)
    letter = stored.ledger.letter_password
    if letter is None or letter.until != row.until:
        return None
    # Not taken away: a journey that waits for it would lapse, and show that its account has changed (R13).
    return evolve(stored, ledger=evolve(stored.ledger, letter_password=evolve(letter, digest=b"")))


def _address(world: World, row: OutboxRow, parcel: Parcel, account: Account | None) -> tuple[str, ...]:
    """Where a secret goes: to the contact that the journey froze, if it is still the same (R12)."""
    if account is None:
        return ()
    address = address_of(account, parcel.contact, row.channel)
    if address is None or world.vault.fingerprint("\n".join(address)) != row.contact:
        return ()
    return address


def _over(row: OutboxRow, state: OutboxState) -> OutboxRow:
    """The row of a message that is over: what it held is gone."""
    return evolve(row, state=state, sealed=b"")


def _dead(row: OutboxRow) -> OutboxRow:
    """The row of a message that an operator has to look at: it keeps what it holds, so that it can be tried again."""
    return evolve(row, state=OutboxState.DEAD, tries=row.tries + 1)


def _put_off(world: World, row: OutboxRow, retry_at: datetime | None, now: datetime) -> Script[tuple[OutboxRow, Fact]]:
    """The row of a message that could not leave now: it is tried again, as often as the policy says."""
    if row.tries + 1 >= world.policy.delivery_tries:
        return _dead(row), Fact(FactName.MESSAGE_FAILED)
    due = _next_try(row, retry_at, now, (yield from ask.draw_chance()))
    return evolve(row, tries=row.tries + 1, due=due), Fact(FactName.MESSAGE_POSTPONED)


def _next_try(row: OutboxRow, retry_at: datetime | None, now: datetime, chance: float) -> datetime:
    """When a message that could not be taken is tried again: at the latest when its secret expires, to be dropped.

    Args:
        row: the message.
        retry_at: not before this moment, as the transport said; a day at most is believed.
        now: this moment.
        chance: from 0 up to 1.
    """
    wait = min(_FIRST_RETRY * (1 << min(row.tries, 16)), _LONGEST_RETRY)
    due = now + wait * (1 + _MOST_JITTER * chance)
    if retry_at is not None:
        due = max(due, min(retry_at, now + DAY))
    return due if row.until is None else min(due, row.until)
