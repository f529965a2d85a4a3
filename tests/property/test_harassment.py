"""Whoever knows an identifier and nothing else cannot undo what its owner has under way.

They do whatever they like, from any number of origins, before and after what the owner does, but never with a secret
that was sent to the owner (R30).
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final, final

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.errors import CallerError
from msa_recovery.application.messages import MessageKind
from msa_recovery.application.reply import Reply  # noqa: TC001 - beside the other types of what is seen
from msa_recovery.domain import events
from msa_recovery.domain.account import Channel
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    Identify,
    Input,
    OrderLetter,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.policy import DAY, MONTH, Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.house import AGENT, HERE, House, asked

WRONG_PASSWORD: Final = "Ab3#efghijkn"
NIGHTS: Final = (timedelta(hours=25), timedelta(days=8))
PAUSES: Final = (timedelta(seconds=1), timedelta(seconds=61), timedelta(minutes=5), timedelta(minutes=10))

EVENTS: Final[tuple[Input, ...]] = (
    Identify(NIR_OF_MARIE),
    ChooseChannel("sms"),
    ChooseChannel("email"),
    SubmitCode("a wrong one"),
    events.ResendCode(),
    events.GoBack(),
    events.Abandon(),
    events.Lapse(),
    SignIn(WRONG_PASSWORD),
    AnswerChallenge("vitale_serial", "0123456789"),
    ProvePassword("faux"),
    ChoosePassword(NEW_PASSWORD, NEW_PASSWORD),
    events.ConfirmContacts(),
    OrderLetter(NIR_OF_MARIE),
)
"""Everything that a request may carry, with nothing that only the owner knows."""

BY_OTHERS: Final = st.tuples(
    st.sampled_from(
        ("an event", "an event", "a code", "a code", "every guess", "the door", "a crowd", "a handle", "begins")
    ),
    st.sampled_from((0, 0, 0, 1, 1, 2, *range(3, 20))),
    st.sampled_from(EVENTS),
    st.booleans(),
)
BY_THE_OWNER: Final = st.sampled_from(("mistypes", "looks", "back and forth", "the usual sign-in"))
TIME: Final = st.sampled_from((*PAUSES, *PAUSES, *NIGHTS))
WHAT_HAPPENS: Final = st.lists(st.one_of(BY_OTHERS, BY_OTHERS, BY_OTHERS, BY_THE_OWNER, TIME), min_size=12, max_size=50)


@final
class Siege:
    """A house, an owner who has something under way, and everybody else."""

    def __init__(self, policy: Policy, under_way: str) -> None:
        self.house = House(policy=policy)
        self.policy = policy
        self.others: dict[int, Reply] = {}
        self.mistakes = 0
        self.sent: list[tuple[MessageKind, datetime]] = []
        self.seen = 0
        match under_way:
            case "a code":
                self.owner = self.house.at_code()
            case "a password":
                self.owner = self.house.at_sign_in()
            case _:
                self.owner = self.house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
        self.under_way = under_way
        self.code = Secret(self.house.code if under_way == "a code" else "")
        self.password = self.house.passwords[-1] if under_way != "a code" else Secret("")
        start = self.house.clock.now()
        lifetimes = {
            "a code": policy.code_lifetime_sms,
            "a password": policy.temporary_password_lifetime,
            "a letter": policy.letter_lifetime,
        }
        self.until = start + lifetimes[under_way]

    # -- what happens --------------------------------------------------------------------------------------------------

    def others_do(self, what: str, who: int, event: Input, same_request: bool) -> None:
        """Somebody else, whom the library lets do it or not."""
        caller = Caller(origin=Origin(f"2001:db8:{who:x}::1"))
        caller = asked("once", caller) if same_request else caller
        house = self.house
        try:
            match what:
                case "begins":
                    self.others[who] = house.host.begin(caller)
                case "a code":
                    self.others[who] = house.at_code(channel="email", caller=caller)
                case "every guess":
                    for _ in range(self.policy.guesses_per_code):
                        reply = self.others.get(who) or house.at_code(channel="email", caller=caller)
                        self.others[who] = house.send(reply, SubmitCode(self.a_wrong_code()), caller)
                case "the door":
                    for _ in range(1 + who % 7):
                        house.host.sign_in(NIR_OF_MARIE, WRONG_PASSWORD, caller)
                case "a crowd":
                    for number in range(self.policy.sign_in_origins + self.policy.sign_ins_per_day + 1):
                        crowd = Caller(origin=Origin(f"2001:db9:{number:x}::1"))
                        house.host.sign_in(NIR_OF_MARIE, WRONG_PASSWORD, crowd)
                case "a handle":
                    house.host.send(Secret(f"{who:043}"), event, caller)
                case _:
                    typed = SubmitCode(self.a_wrong_code()) if isinstance(event, SubmitCode) else event
                    reply = self.others.get(who) or house.host.begin(caller)
                    self.others[who] = house.send(reply, typed, caller)
        except CallerError:
            pass

    def a_wrong_code(self) -> str:
        drawn = {code.reveal() for code in self.house.codes}
        return next(text for text in (f"{number:04}" for number in range(10_000)) if text not in drawn)

    def owner_does(self, what: str) -> None:
        """The owner, while there is something to do."""
        house = self.house
        if what == "the usual sign-in":
            assert house.host.pending(MARIE, HERE) is None
        elif house.clock.now() >= self.until:
            return
        elif what == "mistypes":
            self.mistypes()
        elif what == "looks":
            house.host.resume(self.owner.handle, HERE)
        elif self.under_way == "a code":
            house.send(self.owner, events.GoBack())
            house.send(self.owner, ChooseChannel("sms"))

    def mistypes(self) -> None:
        """Never so often that it is the owner who kills the code, or has to wait."""
        spare = self.policy.guesses_per_code if self.under_way == "a code" else self.policy.sign_in_wait_from
        if self.mistakes + 1 < spare:
            self.mistakes += 1
            at_code = self.under_way == "a code"
            self.house.send(self.owner, SubmitCode(self.a_wrong_code()) if at_code else SignIn(WRONG_PASSWORD))

    # -- what must be so -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """After everything that happened."""
        self.the_usual_sign_in_works()
        self.messages_are_capped()
        if self.house.clock.now() < self.until:
            self.nothing_is_spoiled()

    def the_usual_sign_in_works(self) -> None:
        held = self.house.held(MARIE)
        assert (USUAL_PASSWORD, 0) == (held.password_hash, held.sessions_revoked)

    def nothing_is_spoiled(self) -> None:
        if self.under_way == "a code":
            left = self.house.host.resume(self.owner.handle, HERE).view.attempts_left
            assert self.policy.guesses_per_code - self.mistakes == left
        else:
            assert State.AWAITING_SIGN_IN is self.house.host.resume(self.owner.handle, HERE).view.state

    def messages_are_capped(self) -> None:
        house, policy = self.house, self.policy
        house.host.relay()
        came = [message.kind for channel in Channel for message in house.inboxes[channel].messages()]
        known = Counter(kind for kind, _ in self.sent)
        now = house.clock.now()
        self.sent += [(kind, now) for kind in (Counter(came) - known).elements()]
        today = Counter(kind for kind, at in self.sent if now - at < DAY)
        month = Counter(kind for kind, at in self.sent if now - at < MONTH)
        assert today[MessageKind.CODE] <= policy.sends_per_day
        assert month[MessageKind.CODE] <= policy.sends_per_month
        own = self.under_way == "a password"
        assert month[MessageKind.TEMPORARY_PASSWORD] <= policy.letters_per_month + own
        assert month[MessageKind.LETTER_UNDER_WAY] <= 2 * policy.letters_per_month
        assert month[MessageKind.RECOVERY_BLOCKED] <= 2

    def the_owner_gets_on(self) -> None:
        """With what was under way, from where it was asked for."""
        now = self.house.clock.now()
        if self.under_way == "a code":
            state = self.house.send(self.owner, SubmitCode(self.code.reveal())).view.state
            assert (now < self.until) is (state is State.AWAITING_SIGN_IN)
        else:
            state = self.house.send(self.owner, SignIn(self.password.reveal())).view.state
            assert (now < self.until) is (state is State.PERSONALISING_PASSWORD)


POLICIES: Final = (Policy.msa(), Policy.testing(), evolve(Policy.strict(), code_digits=4))


@given(st.sampled_from(POLICIES), st.sampled_from(("a code", "a password", "a letter")), WHAT_HAPPENS)
def test_nobody_undoes_what_the_owner_has_under_way(policy: Policy, under_way: str, happens: list[Any]) -> None:
    """R30, R28, R18: the code keeps its guesses, the temporary password lives until its deadline, the usual sign-in
    works, and no more messages come than the caps allow."""
    siege = Siege(policy, under_way)
    for what in happens:
        match what:
            case timedelta():
                siege.house.clock.advance(what)
            case str():
                siege.owner_does(what)
            case _:
                siege.others_do(*what)
        siege.check()
    siege.the_owner_gets_on()
    siege.house.host.close()
