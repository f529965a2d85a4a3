"""The invariants of the design, under any order of events, on a host's own adapters: a machine of Hypothesis to
inherit from.

It plays the public :class:`Recovery` with several people, journeys, doors, failures and a clock, reads the messages
that people get, and checks what can be seen: replies, messages, what was kept, the directory. Beside the host's store
and directory stand the ones in memory, and every answer of the host's is held against theirs.

Three invariants are not checked here: 3 is the exhaustive search's, 9 needs a decoy in lockstep, 12 is about the pure
step.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import ClassVar, Final

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.errors import CallerError, UnknownHandle
from msa_recovery.application.intents import ReplacePassword, RevokeSessions, UpdateContacts
from msa_recovery.application.ports import AccountDirectory, Messenger, Store
from msa_recovery.application.reply import Reply
from msa_recovery.domain import inputs
from msa_recovery.domain.account import AccountKey, Channel, Pseudonym
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Mark  # noqa: TC001 - Hypothesis reads the annotations of a machine
from msa_recovery.domain.machine import CHARTS, accepted
from msa_recovery.domain.policy import Policy

from .bench import Bench
from .fakes import PlainHasher
from .leaves import kept, leaves
from .model import CODE_DIGITS, Model, Track
from .people import (
    EMAIL,
    EVERYBODY,
    LEA,
    MARIE,
    MOBILE,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_PAUL,
    NIR_OF_ROGER,
    PAUL,
    ROGER,
    SERIAL,
    SIRET_OF_PAUL,
    START,
    USUAL_PASSWORD,
    Person,
)
from .typist import END_OF_NEW_PASSWORDS, MOSTLY, NINE_IN_TEN, TYPED_AS_IDENTIFIER, UNKNOWN, Typist
from .watch import marks

__all__ = ["RecoveryMachine"]

_HERE: Final = Caller(origin=Origin("203.0.113.7"))
_CALLERS: Final = (_HERE, Caller(origin=Origin("198.51.100.9")), Caller())
_WAITS: Final = tuple(
    timedelta(**units)
    for units in (
        {"seconds": 1},
        {"seconds": 61},
        {"seconds": 61},
        {"minutes": 5},
        {"minutes": 5},
        {"minutes": 30, "microseconds": -1},
        {"minutes": 30},
        {"hours": 1},
        {"hours": 24},
        {"days": 21},
        {"days": 31},
    )
)
_PAUSES: Final = (
    *[timedelta()] * 6,
    *[timedelta(seconds=61)] * 3,
    timedelta(minutes=30),
    timedelta(hours=1),
)
"""Between two events of a person: mostly none, or as long as another code takes."""
_GUESSES: Final = (EventName.SUBMIT_CODE, EventName.ANSWER_CHALLENGE, EventName.PROVE_PASSWORD, EventName.SIGN_IN)
_IDENTIFIERS: Final[Mapping[AccountKey, tuple[str, ...]]] = {
    MARIE: (NIR_OF_MARIE,),
    LEA: (NIR_OF_LEA,),
    PAUL: (NIR_OF_PAUL, SIRET_OF_PAUL),
    ROGER: (NIR_OF_ROGER,),
}
_LEADING_AWAY: Final = frozenset({EventName.ABANDON, EventName.USE_FRANCECONNECT, EventName.GO_BACK, EventName.LAPSE})
_MOST_JOURNEYS: Final = 6

_ONE_IN_SIX: Final = st.sampled_from((*[False] * 5, True))


def _whoever_may(caller: Caller, event: inputs.Input) -> Caller:
    """A letter is ordered by an agent; what carries a secret of the person, no agent may send (R58)."""
    return evolve(caller, agent=event.name is EventName.ORDER_LETTER)


class RecoveryMachine(RuleBasedStateMachine):
    """What may happen, one rule a kind; and what must be so after each.

    A host overrides those of :meth:`make_store`, :meth:`make_directory` and :meth:`make_messengers` whose adapters are
    its own, and has a test in ``MyMachine.TestCase``. What is not overridden is in memory. Every run gets new ones, and
    all of them one clock, which only the machine moves.

    Attributes:
        policies: the limits, one of them in each run. Codes must be long enough that none is met by chance in what the
            store keeps.
        rows: the labels of the chart's rows that fired in this run.
    """

    policies: ClassVar[tuple[Policy, ...]] = tuple(
        evolve(policy, code_digits=CODE_DIGITS) for policy in (Policy.testing(), Policy.msa())
    )

    # -- what a host overrides -----------------------------------------------------------------------------------------

    def make_store(self) -> Store:
        """The host's store, empty."""
        return MemoryStore()

    def make_directory(self, people: tuple[Person, ...], clock: ManualClock) -> AccountDirectory:
        """The host's directory, which knows exactly these people."""
        return MemoryDirectory((each.held(each.password) for each in people), PlainHasher(), clock)

    def make_messengers(self) -> Mapping[Channel, Messenger]:
        """The host's messengers; what they are given is what people read. All channels, or letters never come."""
        return {channel: RecordingMessenger(channel) for channel in Channel}

    def everything_stored(self) -> Iterable[bytes]:
        """All that the host's store holds, in whatever pieces: no secret may be there (invariant 10). Nothing when it
        cannot be read; what the store is given to keep is looked at in any case."""
        return ()

    # -- a run ---------------------------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def a_bench(self, data: st.DataObject) -> None:
        clock = ManualClock(START)
        directory = self.make_directory(EVERYBODY, clock)
        policy = data.draw(st.sampled_from(self.policies), label="policy")
        self.model = Model(Bench(policy, self.make_store(), directory, self.make_messengers(), clock))
        self.seen: dict[tuple[Pseudonym, EventName], frozenset[Mark]] = {}
        self.typist = Typist(self.model)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def draw_track(self, data: st.DataObject) -> Track:
        """One of the journeys, or a new one."""
        tracks = self.model.tracks
        if not tracks or (len(tracks) < _MOST_JOURNEYS and not data.draw(MOSTLY, label="an old one")):
            self.model.follow(Track(self.model.bench.host.begin(data.draw(st.sampled_from(_CALLERS)))))
            return tracks[-1]
        return tracks[data.draw(st.integers(0, len(tracks) - 1), label="journey")]

    def draw_event(self, data: st.DataObject, track: Track) -> inputs.Input:
        """Nine in ten are events that the state accepts, and of these three in four one of whose rows has not fired in
        this run; few lead away, or no journey would get far."""
        journey = self.model.journey(track)
        in_turn: bool = data.draw(NINE_IN_TEN, label="in turn")
        names = accepted(journey) if in_turn else ()
        leads_away: bool = data.draw(_ONE_IN_SIX, label="may lead away")
        if not leads_away:
            names = tuple(name for name in names if name not in _LEADING_AWAY)
        fired, cells = self.model.rows(), CHARTS[journey.chart].cells
        new = tuple(name for name in names if any(row.label not in fired for row in cells[journey.state, name].rows))
        something_new: bool = data.draw(MOSTLY, label="something new")
        names = new if new and something_new else names
        return self.typist.an_input(data, track, data.draw(st.sampled_from(names or tuple(EventName)), label="event"))

    @rule(data=st.data(), caller=st.sampled_from(_CALLERS), many=st.integers(1, 12))
    def somebody_goes_on(self, data: st.DataObject, caller: Caller, many: int) -> None:
        track = self.draw_track(data)
        for _ in range(many):
            self.model.bench.clock.advance(data.draw(st.sampled_from(_PAUSES), label="pause"))
            event = self.draw_event(data, track)
            if event.name in accepted(self.model.journey(track)):
                self.model.send(track, event, _whoever_may(caller, event))
            else:
                self.invariant_2_nothing_else_changes_anything(track, event, caller)

    @rule(data=st.data(), caller=st.sampled_from(_CALLERS), many=st.integers(2, 8), pause=st.sampled_from(_PAUSES))
    def somebody_insists(self, data: st.DataObject, caller: Caller, many: int, pause: timedelta) -> None:
        """The same again and again, as whoever guesses or waits for a message does: what wears out is worn out so."""
        track = self.draw_track(data)
        event = self.draw_event(data, track)
        for _ in range(many):
            if event.name in accepted(self.model.journey(track)):
                self.model.bench.clock.advance(pause)
                self.model.send(track, event, _whoever_may(caller, event))

    @rule(caller=st.sampled_from(_CALLERS), who=st.sampled_from(TYPED_AS_IDENTIFIER), steps=st.integers(2, 7))
    def somebody_gets_far(self, caller: Caller, who: str, steps: int) -> None:
        """A new journey of somebody who makes no mistake, for so many pages."""
        track = Track(self.model.bench.host.begin(caller))
        self.model.follow(track)
        for _ in range(steps):
            event = self.typist.the_right_input(track, who)
            if event is None or track not in self.model.tracks:
                return
            self.model.send(track, event, caller)

    def invariant_2_nothing_else_changes_anything(self, track: Track, event: inputs.Input, caller: Caller) -> None:
        before = self.model.everything()
        try:
            reply = self.model.bench.send(track.reply, event, caller)
        except CallerError:
            pass
        else:
            assert reply.view.state is State.LAPSED, "invariant 2: an event out of turn was answered"
        assert before == self.model.everything(), "invariant 2: an event out of turn changed something"

    @rule(data=st.data(), caller=st.sampled_from(_CALLERS), calls_left=st.sampled_from(range(10)))
    def something_fails(self, data: st.DataObject, caller: Caller, calls_left: int) -> None:
        """Between a reservation and its step, for one (invariant 11)."""
        track = self.draw_track(data)
        event = self.draw_event(data, track)
        if event.name in accepted(self.model.journey(track)):
            self.model.send(track, event, _whoever_may(caller, event), calls_left)

    @rule(data=st.data(), caller=st.sampled_from(_CALLERS), door=st.sampled_from(("knock", "knock", "usual", "change")))
    def somebody_comes_in(self, data: st.DataObject, caller: Caller, door: str) -> None:
        """With a temporary password at the sign-in form; or as usual, which nothing here stops (invariant 8)."""
        bench, key = self.model.bench, data.draw(st.sampled_from((MARIE, MARIE, LEA, PAUL)))
        if door == "knock":
            who, name = data.draw(st.sampled_from(_IDENTIFIERS[key])), bench.pseudonym(f"account:{key}")
            typed = self.typist.a_temporary_password(data, name, data.draw(MOSTLY, label="right"))
            answer = self.model.watch.during(EventName.SIGN_IN, lambda: bench.host.sign_in(who, typed, caller))
            if isinstance(answer, Reply):
                self.model.check_password(name, typed)
                self.model.follow(Track(answer, {"signed in"}))
        elif door == "change":
            self.model.follow(Track(bench.host.begin_change(key, _HERE)))
        elif (reply := bench.host.pending(key, _HERE)) is not None:
            self.model.follow(Track(reply, {"signed in", "accepted"}))

    @rule(wait=st.sampled_from(_WAITS), what=st.sampled_from(("time", "relay", "upkeep", "host")))
    def something_else_happens(self, wait: timedelta, what: str) -> None:
        match what:
            case "time":
                self.model.bench.clock.advance(wait)
            case "relay":
                self.model.read_the_mail()
            case "upkeep":
                self.model.clean_up()
            case _:
                self.model.change_the_number_of_somebody_who_waits()

    # -- invariants ----------------------------------------------------------------------------------------------------

    @invariant()
    def invariant_4_no_wrong_guess_is_forgotten_but_by_age(self) -> None:
        now = self.model.now
        for name, ledger in self.model.ledgers().items():
            for event in _GUESSES:
                live = frozenset(mark for kind, mark in marks(ledger) if kind is event and mark.until > now)
                before = {mark for mark in self.seen.get((name, event), ()) if mark.until > now}
                # Origins beyond those counted apart share a count: it forgets its oldest for each new one, never more.
                kept_on = live if event is EventName.SIGN_IN else live & before
                assert len(kept_on) >= len(before), f"invariant 4: {event}"
                self.seen[name, event] = live

    @invariant()
    def invariant_7_edits_take_effect_only_when_confirmed(self) -> None:
        for _, intent, event in self.model.watch.promised.values():
            assert not isinstance(intent, UpdateContacts) or event is EventName.CONFIRM_CONTACTS
        for key in _IDENTIFIERS:
            self.model.addresses[key] |= self.model.on_file(key)

    @invariant()
    def invariant_8_the_password_changes_only_when_one_is_accepted(self) -> None:
        expected = {person.account.key: person.password for person in EVERYBODY}
        for key, intent in self.model.watch.applied.values():
            if isinstance(intent, ReplacePassword):
                expected[key] = intent.password.reveal()
        assert expected == {key: self.model.bench.held(key).password_hash for key in expected}
        for _, intent, event in self.model.watch.promised.values():
            assert not isinstance(intent, ReplacePassword) or event is EventName.CHOOSE_PASSWORD

    @invariant()
    def invariant_11_every_effect_happens_once(self) -> None:
        for key in _IDENTIFIERS:
            ended = sum(
                isinstance(intent, RevokeSessions) for of, intent in self.model.watch.applied.values() if of == key
            )
            assert ended == self.model.bench.held(key).sessions_revoked
        still_open = {
            row.key for name in self.model.ledgers() for row in self.model.bench.store.ledger(name).open_intents
        }
        assert set(self.model.watch.promised) == set(self.model.watch.applied) | still_open

    @invariant()
    def invariant_13_the_handle_before_a_sign_in_is_unknown(self) -> None:
        for handle in self.model.dead_handles:
            try:
                self.model.bench.host.resume(handle, _HERE)
            except UnknownHandle:
                continue
            raise AssertionError("invariant 13: a handle from before a sign-in was answered")

    @invariant()
    def the_adapters_answer_as_those_in_memory(self) -> None:
        """What the port promises, whatever the library made of the answer; and of everybody, asked for now."""
        for person in EVERYBODY:
            self.model.bench.looks_up(person.account)
        assert not self.model.bench.differences, self.model.bench.differences[0]

    def teardown(self) -> None:
        """Invariant 10: no secret and no identifier in clear in the store; and who signs in as usual still does."""
        if not hasattr(self, "model"):
            return
        self.rows = self.model.rows()
        try:
            self._nothing_is_kept_in_clear()
            for person in EVERYBODY:
                key = person.account.key
                password = self.model.bench.held(key).password_hash
                if password is not None:
                    assert self.model.bench.still_signs_in(key, password), "invariant 8: the usual password is refused"
            assert not self.model.bench.differences, self.model.bench.differences[0]
        finally:
            self.model.bench.host.close()

    def _nothing_is_kept_in_clear(self) -> None:
        bench = self.model.bench
        secrets = [secret.reveal() for secret in (*bench.codes, *bench.passwords)]
        secrets += [track.reply.handle.reveal() for track in self.model.tracks]
        secrets += [USUAL_PASSWORD, END_OF_NEW_PASSWORDS, SERIAL, MOBILE, EMAIL, "nouvelle@example.org", "203.0.113.7"]
        secrets += [*UNKNOWN, *(text for texts in _IDENTIFIERS.values() for text in texts)]
        everything = b"\n".join((*leaves(kept(bench.store)), *self.everything_stored()))
        assert [] == [secret for secret in secrets if secret.encode() in everything], "invariant 10"
