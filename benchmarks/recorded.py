"""Events as ``Recovery`` commits them: what stood in the store before, what happened, and what was written.

They are taken from a journey that really runs, so that every row has the content and the size that it has for people.
"""

from hashlib import sha256
from typing import Any, Final, Self, final

from attrs import evolve, field, frozen

from msa_recovery import ChooseChannel, ChoosePassword, Identify, SignIn, SubmitCode, compose
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.auditing import chain_of_journey, linked
from msa_recovery.application.records import (
    AuditRow,
    Change,
    HandleHash,
    MessageId,
    StoredJourney,
    StoredLedger,
)
from msa_recovery.domain import events
from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.journey import FINAL, JourneyId
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import step
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context, Evidence, Guess, Verdict

from .host import CALLER, IDENTIFIER, Host

__all__ = ["Names", "Recorded", "recorded", "renamed", "taken"]

_PASSWORD: Final = Secret("Brouette-7-bleue")


@final
@frozen
class Recorded:
    """One event.

    Attributes:
        what: which one, in words.
        journey: as it was loaded.
        ledger: as it was loaded.
        event: what happened.
        context: what was known.
        change: what was committed.
        vault: what links its facts to their chain.
    """

    what: str
    journey: StoredJourney
    ledger: StoredLedger
    event: events.Event
    context: Context
    change: Change
    vault: Vault = field(repr=False)


def recorded() -> tuple[Recorded, ...]:
    """A wrong code, the right one, and an accepted password."""
    store, meter = _Tapped(), ZxcvbnMeter()
    meter.prepare()
    keys = Keys.generate()
    vault = Vault(keys)
    host = Host(store, meter, keys)
    recovery = compose(**host.plugs)
    handle = recovery.begin(CALLER).handle
    recovery.send(handle, Identify(IDENTIFIER), CALLER)
    recovery.send(handle, ChooseChannel("sms"), CALLER)
    recovery.relay()
    code = host.phone.secret
    wrong = Secret("0000" if code.reveal() != "0000" else "0001")
    recovery.send(handle, SubmitCode(wrong.reveal()), CALLER)
    mistaken = store.last_event
    recovery.send(handle, SubmitCode(code.reveal()), CALLER)
    submitted = store.last_event
    recovery.relay()
    handle = recovery.send(handle, SignIn(host.phone.secret.reveal()), CALLER).handle
    recovery.send(handle, ChoosePassword(_PASSWORD.reveal(), _PASSWORD.reveal()), CALLER)
    chosen = store.last_event

    context = Context(host.clock.now(), Policy.msa(), submitted[1].ledger.sends[0].origin)
    missed = Guess(Verdict.WRONG, mistaken[1].ledger.code_guesses[-1].guess)
    guess = Guess(Verdict.RIGHT, submitted[1].ledger.code_guesses[-1].guess)
    right = Evidence(guess=guess, fresh_password=_issued(submitted[2]))
    new = Evidence(guess=Guess(Verdict.WRONG))
    every = (
        Recorded(
            "wrong code",
            *mistaken[:2],
            events.SubmitCode(wrong),
            evolve(context, evidence=Evidence(guess=missed)),
            mistaken[2],
            vault,
        ),
        Recorded(
            "right code",
            *submitted[:2],
            events.SubmitCode(code),
            evolve(context, evidence=right),
            submitted[2],
            vault,
        ),
        Recorded(
            "new password",
            *chosen[:2],
            events.ChoosePassword(_PASSWORD, _PASSWORD),
            evolve(context, evidence=new),
            chosen[2],
            vault,
        ),
    )
    for each in every:
        if taken(each, each.journey, each.ledger) != each.change:
            raise AssertionError(f"{each.what}: the step comes to something else than what was committed")
    return every


def _issued(change: Change) -> bytes:
    """The digest of the temporary password that a change brought."""
    assert change.ledger is not None
    assert change.ledger.ledger.sent_password is not None
    return change.ledger.ledger.sent_password.digest


def taken(known: Recorded, journey: StoredJourney, ledger: StoredLedger) -> Change:
    """Take the step of an event on what was loaded, and make of it what the application commits.

    What is keyed is not made anew: seals, and the MACs that link the facts, are those that are known.
    """
    done = step(Case(journey.journey, ledger.ledger), known.event, known.context)
    now, sealed, after = known.context.now, known.change, done.case.ledger
    assert after is not None
    if sealed.intents:
        after = evolve(after, intents=sealed.intents[-1].number)
    profile = done.case.journey.profile
    account = "" if profile is None else profile.pseudonym
    assert sealed.journey is not None
    links = tuple(
        AuditRow(now, account, journey.journey.id, fact, link.chain, link.number, link.mac)
        for fact, link in zip(done.audit, sealed.audit, strict=True)
    )
    return Change(
        journey=StoredJourney(
            journey=done.case.journey,
            handle=journey.handle,
            language=journey.language,
            account=journey.account,
            answered=journey.answered,
            finished_at=now if done.case.journey.state in FINAL else None,
            version=journey.version,
            head=sealed.journey.head,
        ),
        ledger=ledger if after is ledger.ledger else evolve(ledger, ledger=after),
        write_ledger=after is not ledger.ledger,
        outbox=sealed.outbox,
        intents=sealed.intents,
        audit=links,
    )


# -- the same event, of many accounts ----------------------------------------------------------------------------------


def renamed(known: Recorded, name: str) -> Recorded:
    """The same event of another journey and account; ``name`` is what their names are made of."""
    names = Names.drawn(name)
    change = known.change
    assert change.journey is not None
    assert change.ledger is not None
    rows = (evolve(row, account=names.account, journey=names.journey) for row in change.audit)
    links, head = linked(known.vault, chain_of_journey(names.journey), known.journey.head, rows)
    return evolve(
        known,
        journey=names.journey_of(known.journey),
        ledger=names.ledger_of(known.ledger),
        change=evolve(
            change,
            journey=evolve(names.journey_of(change.journey), head=head),
            ledger=names.ledger_of(change.ledger),
            outbox=tuple(
                evolve(
                    row,
                    id=MessageId(f"{names.journey}.{row.id.partition('.')[2]}"),
                    account=names.account,
                    journey=names.journey,
                )
                for row in change.outbox
            ),
            intents=tuple(evolve(row, account=names.account, journey=names.journey) for row in change.intents),
            audit=links,
        ),
    )


@final
@frozen
class Names:
    """What one journey and its account are called."""

    journey: JourneyId
    account: Pseudonym
    handle: HandleHash

    @classmethod
    def drawn(cls, name: str) -> Self:
        """Names as long as the true ones, and as random, but always the same for the same ``name``."""
        random = sha256(name.encode()).hexdigest()
        return cls(JourneyId(random[:32]), Pseudonym(random[32:]), HandleHash(bytes.fromhex(random)))

    def journey_of(self, stored: StoredJourney) -> StoredJourney:
        """The journey under these names."""
        profile = stored.journey.profile
        assert profile is not None
        return evolve(
            stored,
            journey=evolve(stored.journey, id=self.journey, profile=evolve(profile, pseudonym=self.account)),
            handle=self.handle,
        )

    def ledger_of(self, stored: StoredLedger) -> StoredLedger:
        """The ledger under these names."""
        codes = tuple(evolve(slot, journey=self.journey) for slot in stored.ledger.codes)
        return evolve(stored, account=self.account, ledger=evolve(stored.ledger, codes=codes))


# -- what the driver is listened to ------------------------------------------------------------------------------------

_Commit = tuple[StoredJourney, StoredLedger, Change]
"""What stood in the store before, and the change."""


@final
class _Tapped:
    """A store in memory that remembers the last commit of an event, and what it changed."""

    def __init__(self) -> None:
        self._store = MemoryStore()
        self._journeys: dict[JourneyId, StoredJourney] = {}
        self._ledgers: dict[Pseudonym, StoredLedger] = {}
        self.last_event: _Commit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, change: Change) -> bool:
        """Commit and remember; what no fact tells of is the reservation of a guess."""
        if not self._store.commit(change):
            return False
        journey, ledger = change.journey, change.ledger
        if journey is not None and ledger is not None and change.audit:
            known = self._ledgers.get(ledger.account, StoredLedger(ledger.account, Ledger()))
            self.last_event = (self._journeys[journey.journey.id], known, change)
        if journey is not None:
            self._journeys[journey.journey.id] = evolve(journey, version=journey.version + 1)
        if ledger is not None and change.write_ledger:
            self._ledgers[ledger.account] = evolve(ledger, open_intents=(), version=ledger.version + 1)
        return True
