"""Somebody who sees every call of a house's ports, and says at once when one of them breaks an invariant."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, final

from msa_recovery.application.intents import DirectoryIntent
from msa_recovery.application.messages import Message  # noqa: TC001
from msa_recovery.application.outgoing import open_intent
from msa_recovery.application.ports import Purpose
from msa_recovery.application.records import Change, StoredLedger
from msa_recovery.domain.account import AccountKey, Pseudonym
from msa_recovery.domain.events import EventName
from msa_recovery.domain.ledger import GuessId, Ledger

from .house import House
from .tapped import Call

Tally = tuple[Pseudonym, EventName]


def marks(ledger: Ledger) -> Iterator[tuple[EventName, GuessId]]:
    """Every guess that a ledger counts."""
    tallies = {
        EventName.SUBMIT_CODE: ledger.code_guesses,
        EventName.ANSWER_CHALLENGE: ledger.answers,
        EventName.PROVE_PASSWORD: ledger.current_password_guesses,
        EventName.SIGN_IN: tuple(mark for tries in ledger.sign_ins for mark in tries.tally),
    }
    return ((event, mark.guess) for event, tally in tallies.items() for mark in tally)


@final
class Watch:
    """Listens to a house.

    Attributes:
        doing: the event that is being decided, so that a comparison is known for what it is.
        about: the ledger that it is about.
        counted: every guess that was ever counted, by ledger and event.
        compared: how many were compared.
        delivered: every message that a messenger was given, by its key.
        applied: every effect that the directory was asked for, by its key.
        promised: every effect that was committed, by its key.
        broken: the number of comparisons or calls to come before a port fails; ``None`` while none does.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self.doing: EventName | None = None
        self.about: Pseudonym | None = None
        self.counted: dict[Tally, set[GuessId]] = {}
        self.compared: Counter[Tally] = Counter()
        self.delivered: dict[str, Message] = {}
        self.promised: dict[str, tuple[AccountKey, DirectoryIntent]] = {}
        self.applied: dict[str, tuple[AccountKey, DirectoryIntent]] = {}
        self.broken: int | None = None
        house.tap = self._listen

    def _listen(self, call: Call, go: Callable[[], Any]) -> Any:
        if call.port in ("store", "accounts") and self.broken is not None:
            self.broken -= 1
            if self.broken < 0:
                raise ConnectionError
        match str(call):
            case "vault.verify":
                self._verified(*call.arguments[:2])
            case "accounts.proofs" | "accounts.password_matches":
                self._asked(call.arguments[0])
            case "accounts.apply":
                self._applied(*call.arguments)
            case "messengers.deliver":
                self.delivered[call.arguments[1]] = call.arguments[0]
            case "store.commit":
                return self._committed(call.arguments[0], go())
            case _:
                pass
        return go()

    def _committed(self, change: Change, done: bool) -> bool:
        if done and change.ledger is not None and change.write_ledger:
            for event, guess in marks(change.ledger.ledger):
                self.counted.setdefault((change.ledger.account, event), set()).add(guess)
        if done:
            self.promised |= {row.key: open_intent(row, self._house.vault) for row in change.intents}
        return done

    def _verified(self, purpose: Purpose, digest: bytes) -> None:
        if self.about is None or self.doing not in (EventName.SUBMIT_CODE, EventName.SIGN_IN):
            return
        stored: StoredLedger = self._house.store.ledger(self.about)
        live = {password.digest for password in stored.ledger.temporary_passwords(self._house.clock.now())}
        wanted = purpose is Purpose.CODE if self.doing is EventName.SUBMIT_CODE else digest in live
        # What is compared in place of a refused guess was made of nothing: it is not the first of its kind.
        if wanted and digest != self._house.vault.digest(purpose):
            self._count(self.doing)

    def _asked(self, key: AccountKey) -> None:
        # A guess that was refused is compared with nobody; a new password is compared with a count in the journey.
        known = key in {held.account.key for held in self._house.directory.accounts()}
        if known and self.doing in (EventName.ANSWER_CHALLENGE, EventName.PROVE_PASSWORD):
            self._count(self.doing)

    def _count(self, event: EventName) -> None:
        """Invariant 14: every guess that was compared was counted first."""
        assert self.about is not None
        tally = (self.about, event)
        self.compared[tally] += 1
        both = 2 if event is EventName.SIGN_IN else 1
        assert self.compared[tally] <= both * len(self.counted.get(tally, ())), f"invariant 14: {event} not counted"

    def _applied(self, key: AccountKey, intent: DirectoryIntent, once: str) -> None:
        """Invariant 11: every directory effect follows a committed intent."""
        assert (key, intent) == self.promised.get(once), "invariant 11: an effect that was not committed"
        self.applied[once] = (key, intent)
