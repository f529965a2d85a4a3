"""Somebody who sees every call of a recovery's ports, and says at once when one of them breaks an invariant."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, final

from msa_recovery.application.intents import DirectoryIntent
from msa_recovery.application.messages import Delivered, Message
from msa_recovery.application.outgoing import open_intent
from msa_recovery.application.ports import Purpose
from msa_recovery.application.records import Change
from msa_recovery.domain.account import AccountKey, Pseudonym
from msa_recovery.domain.events import EventName
from msa_recovery.domain.ledger import GuessId, Ledger, Mark

from .bench import Bench
from .tapped import Call

Tally = tuple[Pseudonym, EventName]


def marks(ledger: Ledger) -> Iterator[tuple[EventName, Mark]]:
    """Every guess that a ledger counts."""
    tallies = {
        EventName.SUBMIT_CODE: ledger.code_guesses,
        EventName.ANSWER_CHALLENGE: ledger.answers,
        EventName.PROVE_PASSWORD: ledger.current_password_guesses,
        EventName.SIGN_IN: tuple(mark for tries in ledger.sign_ins for mark in tries.tally),
    }
    return ((event, mark) for event, tally in tallies.items() for mark in tally)


@final
class Watch:
    """Listens to a bench, and keeps what it heard.

    Attributes:
        compared: comparisons with a real secret, by ledger and event.
        counted: guesses that were ever counted, by ledger and event.
        delivered: messages that a messenger was given, by key.
        promised: effects on the directory that were committed, by key, each with the event that asked for it.
        applied: effects that the directory was asked for, by key.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._event: EventName | None = None
        self._doing: EventName | None = None
        self._calls_left: int | None = None
        self.compared: Counter[Tally] = Counter()
        self.counted: dict[Tally, set[GuessId]] = {}
        self.delivered: dict[str, Message] = {}
        self.promised: dict[str, tuple[AccountKey, DirectoryIntent, EventName | None]] = {}
        self.applied: dict[str, tuple[AccountKey, DirectoryIntent]] = {}
        bench.tap = self._listen

    def during(self, event: EventName | None, work: Callable[[], Any], calls_left: int | None = None) -> Any:
        """Do something that is known to be this event; the store or the directory fails after so many calls."""
        self._event = self._doing = event
        self._calls_left = calls_left
        try:
            return work()
        finally:
            self._event = self._doing = self._calls_left = None

    def _listen(self, call: Call, go: Callable[[], Any]) -> Any:
        if self._calls_left is not None and call.port in ("store", "accounts"):
            self._calls_left -= 1
            if self._calls_left < 0:
                raise ConnectionError
        match str(call):
            case "vault.verify":
                self._verified(*call.arguments[:2])
            case "accounts.proofs" | "accounts.password_matches":
                self._asked_about(call.arguments[0])
            case "accounts.apply":
                self._applied(*call.arguments)
            case "messengers.deliver":
                answer = go()
                if isinstance(answer, Delivered):
                    message, key = call.arguments
                    self.delivered[key] = message
                return answer
            case "store.commit":
                return self._committed(call.arguments[0], go())
            case _:
                pass
        return go()

    def _committed(self, change: Change, done: bool) -> bool:
        if done and change.ledger is not None and change.write_ledger:
            for event, mark in marks(change.ledger.ledger):
                self.counted.setdefault((change.ledger.account, event), set()).add(mark.guess)
        if done:
            for row in change.intents:
                self.promised[row.key] = (*open_intent(row, self._bench.vault), self._event)
        return done

    # -- comparisons ---------------------------------------------------------------------------------------------------

    def _verified(self, purpose: Purpose, digest: bytes) -> None:
        """A digest is compared: whose, the ledgers know. One that is nobody's stands in for a refused guess."""
        now = self._bench.clock.now()
        for name in self._ledgers():
            ledger = self._bench.store.ledger(name).ledger
            live = [password.digest for password in ledger.temporary_passwords(now)]
            if self._doing is EventName.SIGN_IN and purpose is Purpose.TEMPORARY_PASSWORD and digest in live[:1]:
                self._compared(name, EventName.SIGN_IN)
        if self._doing is EventName.SUBMIT_CODE and purpose is Purpose.CODE:
            for stored in self._journeys():
                journey = stored.journey
                if journey.code is not None and journey.code.digest == digest and journey.profile is not None:
                    self._compared(journey.profile.pseudonym, EventName.SUBMIT_CODE)

    def _asked_about(self, key: AccountKey) -> None:
        """The directory compares; a new password with the current one is counted in the journey, not in a ledger."""
        known, event = key in {held.account.key for held in self._bench.directory.accounts()}, self._doing
        if known and (event is EventName.ANSWER_CHALLENGE or event is EventName.PROVE_PASSWORD):
            self._compared(self._bench.pseudonym(f"account:{key}"), event)

    def _compared(self, account: Pseudonym, event: EventName) -> None:
        self._doing = None  # a right temporary password is looked at twice: once to judge it, once to name it
        tally = (account, event)
        self.compared[tally] += 1
        assert self.compared[tally] <= len(self.counted.get(tally, ())), f"invariant 14: {event} before it was counted"

    # -- the directory -------------------------------------------------------------------------------------------------

    def _applied(self, key: AccountKey, intent: DirectoryIntent, once: str) -> None:
        assert (key, intent) == self.promised.get(once, ())[:2], "invariant 11: an effect that was not committed"
        self.applied[once] = (key, intent)

    def _ledgers(self) -> tuple[Pseudonym, ...]:
        return tuple(vars(self._bench.store)["_ledgers"])

    def _journeys(self) -> tuple[Any, ...]:
        return tuple(vars(self._bench.store)["_journeys"].values())
