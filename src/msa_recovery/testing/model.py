"""What somebody knows of a recovery who sees all pages and messages, and checks every step that is made.

The numbers are those of the design's invariants.
"""

from copy import copy
from datetime import datetime
from typing import Any, Final, final

from attrs import define, field, frozen

from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.intents import UpdateContacts
from msa_recovery.application.messages import Message, MessageKind
from msa_recovery.application.records import OutboxState
from msa_recovery.application.reply import Reply
from msa_recovery.application.world import hash_of
from msa_recovery.domain import events, inputs
from msa_recovery.domain.account import AccountKey, Channel, Pseudonym
from msa_recovery.domain.contacts import ContactKind, PhoneNumber
from msa_recovery.domain.journey import ChartName, Journey, State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.secret import Secret  # noqa: TC001 - beside the other types of what is known

from .bench import Bench
from .leaves import kept
from .people import EVERYBODY, IDENTITY_OF_MARIE, MARIE, SERIAL
from .watch import Watch

CODE_DIGITS: Final = 12
"""So many that no digest holds a code by chance, when the store is searched for one."""


@final
@define
class Track:
    """One journey, as somebody follows it who sees every page of it.

    Attributes:
        reply: the last page.
        done: what has led to where it is.
    """

    reply: Reply
    done: set[str] = field(factory=set[str])


@final
@frozen
class Sent:
    """A secret that was drawn and promised: until when it may work."""

    text: str
    until: datetime


@final
class Model:
    """The pages, the letter-boxes, and what must be so.

    Attributes:
        tracks: the journeys that somebody follows.
        dead_handles: handles from before a sign-in.
        codes: the code sent last, by journey.
        passwords: the temporary passwords that may work, by account: the one sent after a code, the one by letter.
        addresses: everything that was ever on file, by account.
        frozen: whose each journey is, and what was on file when it took the account up.
        promised_to: the same of each message, as its journey was when it promised it.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.watch = Watch(bench)
        self.policy = bench.host.policy
        self.tracks: list[Track] = []
        self.host_changes = 0
        self.dead_handles: list[Secret] = []
        self.codes: dict[str, Sent] = {}
        self.passwords: dict[Pseudonym, dict[bool, Sent]] = {}
        self.addresses: dict[AccountKey, set[str]] = {
            person.account.key: {contact.value.text for contact in person.account.contacts} for person in EVERYBODY
        }
        self.frozen: dict[str, tuple[Pseudonym, set[str]]] = {}
        self.promised_to: dict[str, tuple[Pseudonym, set[str]]] = {}

    # -- what is so ----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.bench.clock.now()

    def journey(self, track: Track) -> Journey:
        return self.bench.journey(track.reply).journey

    def on_file(self, key: AccountKey) -> set[str]:
        return {contact.value.text for contact in self.bench.held(key).account.contacts}

    def account(self, name: Pseudonym) -> AccountKey | None:
        return next((key for key in self.addresses if self.bench.pseudonym(f"account:{key}") == name), None)

    def password_of(self, name: Pseudonym) -> str | None:
        """The usual password of the account, if it has one by now."""
        key = self.account(name)
        return None if key is None else self.bench.held(key).password_hash

    def rows(self) -> frozenset[str]:
        """The labels of the rows that fired so far."""
        return frozenset(row.fact.row for row in self.bench.store.audit() if row.fact.row)

    def everything(self) -> tuple[Any, ...]:
        stored = {name: copy(value) for name, value in kept(self.bench.store).items()}
        return stored, self.bench.directory.accounts()

    # -- what happens besides the events ------------------------------------------------------------------------------

    def follow(self, track: Track) -> None:
        """A journey that has just begun."""
        self.tracks.append(track)
        self.note_account(self.journey(track))

    def clean_up(self) -> None:
        """Journeys lapse, and the old ones go."""
        self.bench.host.lapse_due()
        self.bench.host.purge()
        self.tracks[:] = [track for track in self.tracks if self.bench.store.load(hash_of(track.reply.handle))]

    def change_the_number_of_somebody_who_waits(self) -> None:
        """The host does, after a usual sign-in: while a message is under way, if there is one."""
        waiting = [row.account for row in self.bench.store.outbox() if row.state is OutboxState.WAITING]
        key = self.account(waiting[-1]) if waiting else MARIE
        self.host_changes += 1
        number = PhoneNumber(f"+336000001{self.host_changes:02}")
        change = UpdateContacts(((ContactKind.MOBILE, number),))
        self.bench.host_does(key or MARIE, change, f"host:{self.host_changes}")

    # -- what people know ----------------------------------------------------------------------------------------------

    def read_the_mail(self) -> None:
        """The relay runs, and every secret goes where it may (invariant 7)."""
        known = set(self.watch.delivered)
        self.bench.host.relay()
        for key, message in self.watch.delivered.items():
            if key not in known:
                self._check_message(*self.promised_to[key], message)

    def _check_message(self, name: Pseudonym, then_on_file: set[str], message: Message) -> None:
        key = self.account(name)
        assert key is not None, "invariant 7: a message for nobody was delivered"
        assert message.until is None or self.now < message.until, "invariant 6: a secret that has expired was delivered"
        if message.channel is Channel.LETTER:
            return
        assert self.addresses[key] >= set(message.to), "invariant 7: to somebody else"
        if message.secret is not None:
            assert then_on_file >= set(message.to), "invariant 7: a secret to a contact that came later"
            assert self.on_file(key) >= set(message.to), "invariant 7: a secret to a contact that has changed"

    def code_of(self, journey: str) -> str:
        """The last code that its holder has read, or one that is wrong."""
        self.read_the_mail()
        read = [
            message.secret.reveal()
            for key, message in self.watch.delivered.items()
            if key.startswith(f"{journey}.") and message.kind is MessageKind.CODE and message.secret is not None
        ]
        return read[-1] if read else "0" * CODE_DIGITS

    def passwords_of(self, name: Pseudonym) -> list[str]:
        """The temporary passwords that the account's holder has read, the last one first; or one that is wrong."""
        self.read_the_mail()
        read = [
            message.secret.reveal()
            for key, message in self.watch.delivered.items()
            if self.promised_to[key][0] == name
            and message.kind is MessageKind.TEMPORARY_PASSWORD
            and message.secret is not None
        ]
        return read[::-1] or ["Ab3#efghijkm"]

    def send(self, track: Track, event: inputs.Input, caller: Caller, calls_left: int | None = None) -> None:
        """One event, and what it may have done; a port fails after so many calls, if it is so said."""
        before, was, ledgers, promised = track.reply, self.journey(track), self.ledgers(), self._promised()
        try:
            track.reply = self.watch.during(event.name, lambda: self.bench.send(before, event, caller), calls_left)
        except InfrastructureError:
            assert calls_left is not None
            self._check_failure(was, promised)
        journey = vars(self.bench.store)["_journeys"][was.id].journey
        self.note_account(journey)
        for row in self.bench.store.outbox():
            if row.journey == journey.id:
                self.promised_to.setdefault(row.id, self.frozen[journey.id])
        self._check_code(was, journey, event, ledgers)
        self._note_secrets(was, journey, ledgers)
        self._check_way(track, was, journey.state, event)
        self._check_question(track, was, journey, event)
        if isinstance(event, inputs.SignIn) and journey.state is State.PERSONALISING_PASSWORD:
            self.dead_handles.append(before.handle)
        if self.bench.store.load(hash_of(track.reply.handle)) is None:
            # A sign-in was kept, and then something failed: nobody heard the new handle.
            self.tracks.remove(track)
        elif track.reply is before:
            track.reply = self.bench.host.resume(before.handle, caller)

    def ledgers(self) -> dict[Pseudonym, Ledger]:
        return {name: stored.ledger for name, stored in vars(self.bench.store)["_ledgers"].items()}

    def note_account(self, journey: Journey) -> None:
        """Whom the journey has taken up, and what was on file at that moment."""
        if journey.profile is not None and self.frozen.get(journey.id, ("",))[0] != journey.profile.pseudonym:
            key = self.account(journey.profile.pseudonym)
            on_file = set[str]() if key is None else self.on_file(key)
            self.frozen[journey.id] = (journey.profile.pseudonym, on_file)

    def _note_secrets(self, was: Journey, journey: Journey, before: dict[Pseudonym, Ledger]) -> None:
        """What was promised, with the deadline that the policy gives it."""
        if journey.codes_sent > was.codes_sent and journey.channel is not None:
            self.codes[journey.id] = Sent(self.bench.code, self.now + self.policy.code_lifetime(journey.channel))
        for name, ledger in self.ledgers().items():
            live = self.passwords.setdefault(name, {})
            if ledger.issued > before.get(name, Ledger()).issued:
                by_letter = journey.channel is Channel.LETTER
                lifetime = self.policy.letter_lifetime if by_letter else self.policy.temporary_password_lifetime
                if not by_letter:
                    live.clear()
                live[by_letter] = Sent(self.bench.password, self.now + lifetime)

    # -- what must be so --------------------------------------------------------------------------------------------

    def _check_code(self, was: Journey, journey: Journey, event: inputs.Input, before: dict[Pseudonym, Ledger]) -> None:
        """A temporary password is issued after the right code, in time and once, of this very journey; or by letter."""
        issued = [name for name, now in self.ledgers().items() if now.issued > before.get(name, Ledger()).issued]
        if not issued or journey.channel is Channel.LETTER:
            return
        assert isinstance(event, inputs.SubmitCode), "invariant 1: issued without a code"
        assert was.profile is not None
        assert [was.profile.pseudonym] == issued, "invariant 5: for another account"
        code = self.codes.pop(was.id, Sent("", self.now))
        assert event.code == code.text, "invariant 5: not the code of this journey, or not for the first time"
        assert self.now < code.until, "invariant 6: a code that has expired"

    def _check_way(self, track: Track, was: Journey, state: State, event: inputs.Input) -> None:
        """Each step was reached by the one event that leads there, with what it takes."""
        if state is was.state:
            return
        if isinstance(event, inputs.SignIn) and state is not State.LAPSED:
            assert was.profile is not None
            self.check_password(was.profile.pseudonym, event.password)
            track.done.add("signed in")
        if state is State.PERSONALISING_PASSWORD:
            assert isinstance(event, inputs.SignIn | inputs.ProvePassword), "invariant 5: another way to a new password"
        if isinstance(event, inputs.ProvePassword) and state is State.PERSONALISING_PASSWORD:
            assert was.profile is not None
            assert event.password == self.password_of(was.profile.pseudonym), "invariant 1: a wrong current password"
            track.done.add("signed in")
        if isinstance(event, inputs.ChoosePassword) and state not in (State.LAPSED, State.BLOCKED):
            assert "signed in" in track.done, "invariant 1: a new password without a right one"
            assert was.profile is not None
            self._accepted(was.profile.pseudonym)
            track.done |= {"signed in", "accepted"}
        if state is State.COMPLETED:
            assert {"signed in", "accepted"} <= track.done, "invariant 1: completed without a right password"
            last = events.ConfirmContacts if was.chart is ChartName.RECOVERY else inputs.ChoosePassword
            assert isinstance(event, last), "invariant 1: completed without the last step"
        if state is State.SIGNED_IN_WITH_FRANCECONNECT:
            vouched_for = isinstance(event, events.UseFranceConnect) and event.identity == IDENTITY_OF_MARIE
            assert vouched_for, "invariant 1: signed in without an identity"

    def _check_question(self, track: Track, was: Journey, journey: Journey, event: inputs.Input) -> None:
        """At a first sign-in only the right answer, of this account and in this journey, leads to the channels."""
        if journey.state is was.state or journey.state is not State.CHOOSING_CHANNEL or journey.profile is None:
            return
        name = journey.profile.pseudonym
        if isinstance(event, inputs.AnswerChallenge):
            right = self.account(name) is not None and event.answer == SERIAL
            assert right, "invariant 1: a wrong answer led on"
            track.done.add(f"answered of {name}")
        elif isinstance(event, inputs.Identify):
            asked = journey.profile.first_sign_in and f"answered of {name}" not in track.done
            assert not asked, "invariant 1: a first sign-in without the question"

    def _accepted(self, name: Pseudonym) -> None:
        """A new password: whatever else of the account might have led to one is dead (section 4, R22)."""
        self.passwords[name] = {}
        for journey, (of, _) in self.frozen.items():
            if of == name:
                self.codes.pop(journey, None)
        for track in self.tracks:
            if self.frozen.get(self.journey(track).id, ("",))[0] == name:
                track.done.clear()

    def check_password(self, name: Pseudonym, typed: str) -> None:
        live = self.passwords.get(name, {})
        assert typed in [sent.text for sent in live.values() if self.now < sent.until], (
            "invariants 5, 6: a dead password"
        )

    def _promised(self) -> tuple[int, ...]:
        store = self.bench.store
        return len(store.outbox()), len(self.watch.promised), len(store.audit())

    def _check_failure(self, was: Journey, before: tuple[int, ...]) -> None:
        """All or nothing: with the fact of the step, everything that it promised; without it, none of it."""
        now, journey = self._promised(), vars(self.bench.store)["_journeys"][was.id].journey
        if now[-1] == before[-1]:
            assert now == before, "invariant 11: something was promised by a step that was not kept"
            assert journey.state is was.state, "invariant 11: moved by a step that was not kept"
