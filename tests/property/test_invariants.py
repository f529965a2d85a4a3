"""The invariants of the design, under any order of events: several people, journeys, doors, crashes, and a clock.

A machine of Hypothesis plays against a whole recovery on the memory store. It reads the messages that people get, and
checks what can be seen from outside: replies, messages, the store, the directory. Three invariants are checked
elsewhere: 3 by the exhaustive search, 9 in lockstep with decoys, 12 on the pure step.
"""

from datetime import timedelta
from typing import Final

import pytest
from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import CallerError, UnknownHandle
from msa_recovery.application.intents import ReplacePassword, RevokeSessions, UpdateContacts
from msa_recovery.application.reply import Reply
from msa_recovery.domain import events, inputs
from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Mark  # noqa: TC001 - Hypothesis reads the annotations of a machine
from msa_recovery.domain.machine import accepted
from msa_recovery.domain.policy import Policy
from tests.support.house import ANYWHERE, ELSEWHERE, HERE
from tests.support.leaves import kept, leaves
from tests.support.model import CODE_DIGITS, Model, Track
from tests.support.people import (
    EMAIL,
    IDENTITY_OF_MARIE,
    LEA,
    MARIE,
    MOBILE,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    SERIAL,
    USUAL_PASSWORD,
)
from tests.support.watch import marks

POLICIES: Final = tuple(evolve(policy, code_digits=CODE_DIGITS) for policy in (Policy.testing(), Policy.msa()))
CALLERS: Final = (HERE, ELSEWHERE, ANYWHERE)
UNKNOWN: Final = ("1990133990002", "1990133990008", "1990133990013")
WAITS: Final = tuple(
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
GUESSES: Final = (EventName.SUBMIT_CODE, EventName.ANSWER_CHALLENGE, EventName.PROVE_PASSWORD, EventName.SIGN_IN)
WITHOUT_TEXT: Final[dict[EventName, inputs.Input]] = {
    EventName.RESEND_CODE: events.ResendCode(),
    EventName.CONFIRM_CONTACTS: events.ConfirmContacts(),
    EventName.GO_BACK: events.GoBack(),
    EventName.ABANDON: events.Abandon(),
    EventName.LAPSE: events.Lapse(),
}
IDENTIFIERS: Final = {MARIE: NIR_OF_MARIE, LEA: NIR_OF_LEA}
PEOPLE: Final = (*[NIR_OF_MARIE] * 4, *[NIR_OF_LEA] * 2, *UNKNOWN[:2], "no identifier")
LEADING_AWAY: Final = frozenset({EventName.ABANDON, EventName.USE_FRANCECONNECT, EventName.GO_BACK})
MOST_JOURNEYS: Final = 6

# Whole numbers would not do: Hypothesis draws the ends of a range more often than what lies between them.
NINE_IN_TEN: Final = st.sampled_from((*[True] * 9, False))
MOSTLY: Final = st.sampled_from((True, True, True, False))


class Journeys(RuleBasedStateMachine):
    """What may happen, one rule a kind; and what must be so after each."""

    @initialize(policy=st.sampled_from(POLICIES))
    def a_house(self, policy: Policy) -> None:
        self.model = Model(policy)
        self.seen: dict[tuple[Pseudonym, EventName], frozenset[Mark]] = {}
        self.new_passwords = 0

    # -- events --------------------------------------------------------------------------------------------------------

    def an_input(self, data: st.DataObject, track: Track, name: EventName) -> inputs.Input:
        """The event, with a secret that is right more often than not."""
        right = data.draw(MOSTLY, label="right")
        journey = self.model.journey(track)
        holder = Pseudonym("") if journey.profile is None else journey.profile.pseudonym
        match name:
            case EventName.IDENTIFY | EventName.ORDER_LETTER:
                who = data.draw(st.sampled_from(PEOPLE))
                return inputs.Identify(who) if name is EventName.IDENTIFY else inputs.OrderLetter(who)
            case EventName.USE_FRANCECONNECT:
                return events.UseFranceConnect(IDENTITY_OF_MARIE if right else evolve(IDENTITY_OF_MARIE, gender="x"))
            case EventName.ANSWER_CHALLENGE:
                return inputs.AnswerChallenge("vitale_serial", SERIAL if right else "0123456789")
            case EventName.CHOOSE_CHANNEL:
                return inputs.ChooseChannel(data.draw(st.sampled_from(("sms", "email"))))
            case EventName.SUBMIT_CODE:
                return inputs.SubmitCode(self.model.code_of(journey.id) if right else "9" * CODE_DIGITS)
            case EventName.SIGN_IN:
                return inputs.SignIn(self.a_password(data, holder) if right else "Ab3#efghijkn")
            case EventName.PROVE_PASSWORD:
                held = [one.password_hash for one in self.model.house.directory.accounts() if one.account.key == MARIE]
                return inputs.ProvePassword((held[0] or "") if right else "faux")
            case EventName.CHOOSE_PASSWORD:
                self.new_passwords += right
                text = f"Brouette-{self.new_passwords}-bleue-au-pre" if right else USUAL_PASSWORD
                return inputs.ChoosePassword(text, text)
            case EventName.EDIT_CONTACT:
                kind = data.draw(st.sampled_from(("email", "mobile", "fax")))
                values = {"email": "nouvelle@example.org", "mobile": "06 00 00 00 77", "fax": "05 36 49 01 11"}
                return inputs.EditContact(kind, values[kind] if right else "")
            case _:
                return WITHOUT_TEXT[name]

    def a_password(self, data: st.DataObject, name: Pseudonym) -> str:
        """Mostly the last one that the holder has read; else an earlier one, which may be dead."""
        read = self.model.passwords_of(name)
        return read[0] if data.draw(MOSTLY, label="the last one") else data.draw(st.sampled_from(read))

    # -- rules ---------------------------------------------------------------------------------------------------------

    def draw_track(self, data: st.DataObject) -> Track:
        """One of the journeys, or a new one."""
        tracks = self.model.tracks
        if not tracks or (len(tracks) < MOST_JOURNEYS and not data.draw(MOSTLY, label="an old one")):
            self.model.follow(Track(self.model.house.host.begin(data.draw(st.sampled_from(CALLERS)))))
            return tracks[-1]
        return tracks[data.draw(st.integers(0, len(tracks) - 1), label="journey")]

    def draw_event(self, data: st.DataObject, track: Track) -> inputs.Input:
        """Nine in ten are events that the page offers; few of these lead away, or no journey would get far."""
        on_the_page: bool = data.draw(NINE_IN_TEN, label="offered")
        offered = track.reply.view.may if on_the_page else ()
        goes_on: bool = data.draw(NINE_IN_TEN, label="goes on")
        names = offered or tuple(EventName)
        if offered and goes_on:
            names = tuple(name for name in offered if name not in LEADING_AWAY) or offered
        return self.an_input(data, track, data.draw(st.sampled_from(names)))

    @rule(data=st.data(), caller=st.sampled_from(CALLERS), many=st.integers(1, 12))
    def somebody_goes_on(self, data: st.DataObject, caller: Caller, many: int) -> None:
        track = self.draw_track(data)
        for _ in range(many):
            event = self.draw_event(data, track)
            if event.name in accepted(self.model.journey(track)):
                self.model.send(track, event, evolve(caller, agent=True))
            else:
                self.invariant_2_nothing_else_changes_anything(track, event, caller)

    def invariant_2_nothing_else_changes_anything(self, track: Track, event: inputs.Input, caller: Caller) -> None:
        before = self.model.everything()
        try:
            reply = self.model.house.send(track.reply, event, caller)
        except CallerError:
            pass
        else:
            assert reply.view.state is State.LAPSED, "invariant 2: an event out of turn was answered"
        assert before == self.model.everything(), "invariant 2: an event out of turn changed something"

    @rule(data=st.data(), caller=st.sampled_from(CALLERS), calls_left=st.sampled_from(range(10)))
    def something_fails(self, data: st.DataObject, caller: Caller, calls_left: int) -> None:
        """Between a reservation and its step, for one (invariant 11)."""
        track = self.draw_track(data)
        event = self.draw_event(data, track)
        if event.name in accepted(self.model.journey(track)):
            self.model.send(track, event, evolve(caller, agent=True), calls_left)

    @rule(data=st.data(), caller=st.sampled_from(CALLERS), door=st.sampled_from(("knock", "knock", "usual", "change")))
    def somebody_comes_in(self, data: st.DataObject, caller: Caller, door: str) -> None:
        """With a temporary password at the sign-in form; or as usual, which nothing here stops (invariant 8)."""
        house, key = self.model.house, data.draw(st.sampled_from((MARIE, MARIE, LEA)))
        if door == "knock":
            who, name = IDENTIFIERS[key], house.pseudonym(f"account:{key}")
            typed = self.a_password(data, name) if data.draw(MOSTLY, label="right") else "Ab3#efghijkn"
            answer = self.model.watch.during(EventName.SIGN_IN, lambda: house.host.sign_in(who, typed, caller))
            if isinstance(answer, Reply):
                self.model.check_password(name, typed)
                self.model.follow(Track(answer, {"signed in"}))
        elif door == "change":
            self.model.follow(Track(house.host.begin_change(key, HERE)))
        elif (reply := house.host.pending(key, HERE)) is not None:
            self.model.follow(Track(reply, {"signed in", "accepted"}))

    @rule(wait=st.sampled_from(WAITS), what=st.sampled_from(("time", "relay", "upkeep", "host")))
    def something_else_happens(self, wait: timedelta, what: str) -> None:
        match what:
            case "time":
                self.model.house.clock.advance(wait)
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
            for event in GUESSES:
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
        for key in (MARIE, LEA):
            self.model.addresses[key] |= self.model.on_file(key)

    @invariant()
    def invariant_8_the_password_changes_only_when_one_is_accepted(self) -> None:
        expected = {MARIE: USUAL_PASSWORD, LEA: None}
        for key, intent in self.model.watch.applied.values():
            if isinstance(intent, ReplacePassword):
                expected[key] = intent.password.reveal()
        assert expected == {key: self.model.house.held(key).password_hash for key in (MARIE, LEA)}
        for _, intent, event in self.model.watch.promised.values():
            assert not isinstance(intent, ReplacePassword) or event is EventName.CHOOSE_PASSWORD

    @invariant()
    def invariant_11_every_effect_happens_once(self) -> None:
        for key in (MARIE, LEA):
            ended = sum(
                isinstance(intent, RevokeSessions) for of, intent in self.model.watch.applied.values() if of == key
            )
            assert ended == self.model.house.held(key).sessions_revoked
        still_open = {
            row.key for name in self.model.ledgers() for row in self.model.house.store.ledger(name).open_intents
        }
        assert set(self.model.watch.promised) == set(self.model.watch.applied) | still_open

    @invariant()
    def invariant_13_the_handle_before_a_sign_in_is_unknown(self) -> None:
        for handle in self.model.dead_handles:
            with pytest.raises(UnknownHandle):
                self.model.house.host.resume(handle, HERE)

    def teardown(self) -> None:
        """Invariant 10: no secret and no identifier in clear in the store; and 14, which the watch has checked."""
        if not hasattr(self, "house"):
            return
        secrets = [secret.reveal() for secret in (*self.model.house.codes, *self.model.house.passwords)]
        secrets += [track.reply.handle.reveal() for track in self.model.tracks] + [
            USUAL_PASSWORD,
            "bleue-au-pre",
            SERIAL,
        ]
        secrets += [NIR_OF_MARIE, NIR_OF_LEA, *UNKNOWN, MOBILE, EMAIL, "nouvelle@example.org", "203.0.113.7"]
        everything = b"\n".join(leaves(kept(self.model.house.store)))
        assert [] == [secret for secret in secrets if secret.encode() in everything], "invariant 10"


TestJourneys = Journeys.TestCase
