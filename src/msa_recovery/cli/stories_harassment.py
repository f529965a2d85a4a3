"""Stories of somebody who knows an identifier and nothing else, and of the owner whom that does not keep out.

Most are told twice: the owner acts before it and after it, or in between as well.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.application.errors import CallerError, UnknownHandle
from msa_recovery.application.messages import MessageKind
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.events import Abandon, GoBack, ResendCode
from msa_recovery.domain.inputs import AnswerChallenge, ChooseChannel, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode

from .cast import Member
from .stage import WRONG_CODES, Stage
from .story import NEW_PASSWORD, PRIVATE_SPACE, Person, Story, expect, wrong

__all__ = ["HARASSMENT"]

_MINUTE: Final = timedelta(minutes=1)
_ORIGINS: Final = ("198.51.100.1", "198.51.100.2", "198.51.100.3")

_NOTICES: Final = {
    MessageKind.TEMPORARY_PASSWORD: 2,
    MessageKind.LETTER_UNDER_WAY: 4,
    MessageKind.RECOVERY_BLOCKED: 2,
}
"""Two letters in 30 days, each told of by SMS and e-mail; and one block, told of the same ways."""

_BOTH: Final = (("", False), (", the owner acting in between", True))
"""How a title ends, and whether the owner acts while it goes on."""

Meanwhile = Callable[[], object]
"""What the owner does between two things that a harasser does."""


def _nothing() -> None:
    """The owner is not there."""


def _comes_from(stage: Stage, number: int) -> Person:
    """Somebody else, with an origin of which there are many."""
    return Person(stage, at=f"2001:db8:{number:x}::1")


def _a_wrong_one(length: int = 12) -> str:
    return SystemSecrets().temporary_password(length).reveal()


# -- what somebody does who knows an identifier ------------------------------------------------------------------------


def _guesses_at_codes(stage: Stage, whom: Member, meanwhile: Meanwhile) -> None:
    """Asks for codes from everywhere, types wrong ones, goes back, asks again, and leaves."""
    for origin in _ORIGINS:
        stage.wait(_MINUTE)
        harasser = Person(stage, at=origin)
        harasser.begins()
        view = harasser.tries(Identify(whom.identifier))
        if view.state is State.CHOOSING_CHANNEL:
            view = harasser.tries(ChooseChannel("email"))
        for text in WRONG_CODES:
            if view.state is State.CONFIRMING_CODE:
                view = harasser.tries(SubmitCode(text))
        meanwhile()
        if view.state is State.CONFIRMING_CODE:
            view = harasser.tries(ResendCode())
        if view.state is State.CONFIRMING_CODE:
            harasser.tries(GoBack())
        harasser.tries(Abandon())


def _guesses_at_the_door(stage: Stage, whom: Member, meanwhile: Meanwhile) -> None:
    """Tries temporary passwords in the sign-in form, more than are compared, from more origins than are kept apart."""
    for number in range(17):
        harasser = _comes_from(stage, number)
        for _ in range(6 if number == 0 else 1):
            harasser.signs_in(whom.identifier, _a_wrong_one())
    meanwhile()


def _comes_every_day(stage: Stage, whom: Member, days: int, meanwhile: Meanwhile = _nothing) -> None:
    """Has everything sent that can be sent."""
    for day in range(days):
        for number in range(6):
            harasser = _comes_from(stage, 6 * day + number)
            harasser.begins()
            view = harasser.tries(Identify(whom.identifier))
            if view.state is State.CHOOSING_CHANNEL:
                view = harasser.tries(ChooseChannel(view.choices[number % len(view.choices)].channel))
            for text in WRONG_CODES[:3]:
                if view.state is State.CONFIRMING_CODE and number % 2:
                    view = harasser.tries(SubmitCode(text))
            stage.wait(timedelta(minutes=31))
        meanwhile()
        stage.wait(timedelta(hours=20))


# -- a code under way --------------------------------------------------------------------------------------------------


def _code_survives(owner_acts: bool, stage: Stage) -> None:
    camille, owner = stage.member("individual-both"), Person(stage)
    code = owner.asks_for_a_code(camille, Channel.SMS)
    mistakes = iter((ProblemCode.CODE_WRONG, ProblemCode.CODE_WRONG))

    def mistypes() -> None:
        problem = next(mistakes, None)
        if problem is not None:
            owner.does(SubmitCode(wrong(code)), State.CONFIRMING_CODE, problem)

    _guesses_at_codes(stage, camille, mistypes if owner_acts else _nothing)
    expect("the guesses left", 1 if owner_acts else 3, owner.sees(State.CONFIRMING_CODE).attempts_left)
    stage.wait(26 * _MINUTE + timedelta(seconds=59))
    owner.does(SubmitCode(code), State.AWAITING_SIGN_IN)


# -- a temporary password under way ------------------------------------------------------------------------------------


def _sent_password_survives(owner_acts: bool, stage: Stage) -> None:
    camille, owner = stage.member("individual-both"), Person(stage)
    temporary = owner.gets_a_temporary_password(camille, Channel.SMS)
    mistakes = iter(range(4))

    def mistypes() -> None:
        if next(mistakes, None) is not None:
            owner.does(SignIn(_a_wrong_one()), State.AWAITING_SIGN_IN, ProblemCode.SIGN_IN_WRONG)

    meanwhile = mistypes if owner_acts else _nothing
    _guesses_at_codes(stage, camille, meanwhile)
    _guesses_at_the_door(stage, camille, meanwhile)
    stage.wait(timedelta(hours=23, minutes=55))
    owner.does(SignIn(temporary), State.PERSONALISING_PASSWORD)
    owner.finishes(camille)


def _letter_survives(owner_acts: bool, stage: Stage) -> None:
    marcel, owner = stage.member("individual-no-contact"), Person(stage)
    owner.begins()
    owner.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
    letter = owner.temporary_password(Channel.LETTER)
    _comes_every_day(stage, marcel, 3)

    def looks() -> None:
        owner.sees(State.AWAITING_SIGN_IN)

    _guesses_at_the_door(stage, marcel, looks if owner_acts else _nothing)
    for origin in _ORIGINS:
        other = Person(stage, at=origin)
        other.begins()
        other.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
        other.does(SignIn(_a_wrong_one()), State.AWAITING_SIGN_IN, ProblemCode.SIGN_IN_WRONG)
        other.does(Abandon(), State.ABANDONED)
    stage.wait(timedelta(days=17))
    expect("letters", 1, len(stage.delivered(Channel.LETTER)))
    where = Person(stage).signs_in(marcel.identifier, letter)
    expect("the sign-in form", State.PERSONALISING_PASSWORD, where)


# -- the usual sign-in -------------------------------------------------------------------------------------------------


def _usual_sign_in_works(owner_acts: bool, stage: Stage) -> None:
    camille, owner = stage.member("individual-both"), Person(stage)

    def signs_in() -> None:
        expect("the usual sign-in", PRIVATE_SPACE, owner.signs_in(camille.identifier, camille.password))

    meanwhile = signs_in if owner_acts else _nothing
    _guesses_at_codes(stage, camille, meanwhile)
    _guesses_at_the_door(stage, camille, meanwhile)
    _comes_every_day(stage, camille, 2)
    signs_in()
    expect("sessions ended", 0, stage.directory.sessions_revoked(camille.key))


def _blocked_by_others(stage: Stage) -> None:
    """The owner has used both letters of the month; whoever comes then is told to call the fund, the owner once."""
    marcel, owner = stage.member("individual-no-contact"), Person(stage)
    for password in ("Premier-courrier-31!", "Second-courrier-32!"):
        owner.begins()
        owner.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
        owner.does(SignIn(owner.temporary_password(Channel.LETTER)), State.PERSONALISING_PASSWORD)
        owner.finishes(marcel, password)
    for origin in _ORIGINS:
        harasser = Person(stage, at=origin)
        harasser.begins()
        harasser.does(Identify(marcel.identifier), State.BLOCKED)
    told = [message.kind for message in stage.delivered(Channel.LETTER)].count(MessageKind.RECOVERY_BLOCKED)
    expect("letters that tell of it", 1, told)
    expect("the usual sign-in", PRIVATE_SPACE, owner.signs_in(marcel.identifier, "Second-courrier-32!"))


# -- messages and letters ----------------------------------------------------------------------------------------------


def _no_flood(owner_acts: bool, stage: Stage) -> None:
    camille, owner = stage.member("individual-both"), Person(stage)

    def asks_too() -> None:
        owner.begins()
        if owner.tries(Identify(camille.identifier)).state is State.CHOOSING_CHANNEL:
            owner.tries(ChooseChannel("sms"))

    for days, in_all in ((1, 1), (3, 4)):
        _comes_every_day(stage, camille, days, asks_too if owner_acts else _nothing)
        most = {MessageKind.CODE: min(5 * in_all, 15), **_NOTICES}
        came = Counter(message.kind for channel in Channel for message in stage.delivered(channel))
        expect(f"too many in {in_all} days", [], [kind for kind in came if came[kind] > most[kind]])


def _one_origin_sends_three(stage: Stage) -> None:
    """The owner, who comes from elsewhere, still gets one."""
    camille, owner, harasser = stage.member("individual-both"), Person(stage), Person(stage, at=_ORIGINS[0])
    for _ in range(3):
        harasser.asks_for_a_code(camille, Channel.EMAIL)
        stage.wait(31 * _MINUTE)
    harasser.begins()
    harasser.does(Identify(camille.identifier), State.CHOOSING_CHANNEL)
    harasser.does(ChooseChannel("email"), State.CHOOSING_CHANNEL, ProblemCode.SENDS_SPENT_FOR_NOW)
    owner.gets_to_a_new_password(camille, Channel.SMS)


# -- handles -----------------------------------------------------------------------------------------------------------


def _handle_is_not_taken(stage: Stage) -> None:
    """Somebody gives the owner a journey of theirs, and waits until the owner has signed in."""
    camille, harasser, owner = stage.member("individual-both"), Person(stage, at=_ORIGINS[0]), Person(stage)
    harasser.asks_for_a_code(camille, Channel.SMS)
    given = harasser.reply.handle
    recovery, code = stage.recovery, owner.code(Channel.SMS)
    recovery.send(given, SubmitCode(code), owner.caller)
    reply = recovery.send(given, SignIn(owner.temporary_password(Channel.SMS)), owner.caller)
    expect("where the owner is", State.PERSONALISING_PASSWORD, reply.view.state)
    for attempt in (lambda: recovery.resume(given, harasser.caller), lambda: harasser.tries(Abandon())):
        try:
            attempt()
        except UnknownHandle:
            continue
        expect("the handle that was given", "unknown", "known")


def _handle_of_another(stage: Stage) -> None:
    """A journey is reached under its own handle alone, whoever names its account."""
    camille, owner, harasser = stage.member("individual-both"), Person(stage), Person(stage, at=_ORIGINS[0])
    owner.gets_to_a_new_password(camille, Channel.SMS)
    before = stage.recovery.resume(owner.reply.handle, owner.caller)
    harasser.begins()
    harasser.does(Identify(camille.identifier), State.CHOOSING_CHANNEL)
    try:
        harasser.tries(SignIn(_a_wrong_one()))
    except CallerError:
        expect("what the owner sees", before.view, stage.recovery.resume(owner.reply.handle, owner.caller).view)
        return
    expect("a sign-in without a code", "not accepted", "accepted")


# -- the owner's progress ----------------------------------------------------------------------------------------------


def _progress_stays(stage: Stage) -> None:
    """At every step of the owner, somebody does everything."""
    camille, owner = stage.member("individual-both"), Person(stage)
    code = owner.asks_for_a_code(camille, Channel.SMS)
    _guesses_at_codes(stage, camille, _nothing)
    owner.does(SubmitCode(code), State.AWAITING_SIGN_IN)
    temporary = owner.temporary_password(Channel.SMS)
    _guesses_at_codes(stage, camille, _nothing)
    _guesses_at_the_door(stage, camille, _nothing)
    owner.does(SignIn(temporary), State.PERSONALISING_PASSWORD)
    _guesses_at_codes(stage, camille, _nothing)
    _guesses_at_the_door(stage, camille, _nothing)
    owner.chooses()
    _guesses_at_codes(stage, camille, _nothing)
    owner.sees(State.CONFIRMING_CONTACTS)
    where = Person(stage).signs_in(camille.identifier, NEW_PASSWORD)
    expect("the new password", State.CONFIRMING_CONTACTS, where)


def _right_answer_stays(stage: Stage) -> None:
    """Others spend all three answers of the month; the one who has answered right goes on."""
    lea, owner, kind = stage.member("individual-first-sign-in"), Person(stage), ChallengeKind.VITALE_SERIAL
    owner.begins()
    owner.does(Identify(lea.identifier), State.ANSWERING_CHALLENGE)
    owner.does(AnswerChallenge(kind, lea.answers(kind)[0]), State.CHOOSING_CHANNEL)
    for origin in _ORIGINS:
        harasser = Person(stage, at=origin)
        harasser.begins()
        if harasser.tries(Identify(lea.identifier)).state is State.ANSWERING_CHALLENGE:
            harasser.tries(AnswerChallenge(kind, "0000000000"))
    owner.does(GoBack(), State.IDENTIFYING)
    owner.does(Identify(lea.identifier), State.CHOOSING_CHANNEL)
    owner.does(ChooseChannel("sms"), State.CONFIRMING_CODE)


HARASSMENT: Final = (
    *(
        Story(f"somebody else {what}{how}", partial(play, acts))
        for what, play in (
            ("cannot kill a code under way, to its last second", _code_survives),
            ("cannot kill a temporary password under way", _sent_password_survives),
            ("cannot kill a letter under way", _letter_survives),
            ("cannot lock the usual sign-in", _usual_sign_in_works),
            ("cannot have more sent than the caps allow", _no_flood),
        )
        for how, acts in _BOTH
    ),
    Story("somebody else comes when every letter is spent: one notice, no lock-out", _blocked_by_others),
    Story("somebody else spends an origin's codes, and the owner gets one elsewhere", _one_origin_sends_three),
    Story("a journey that was given to the owner is nobody's once the owner has signed in", _handle_is_not_taken),
    Story("whoever names the owner's identifier reaches none of the owner's journeys", _handle_of_another),
    Story("somebody else does everything at every step, and the owner goes on", _progress_stays),
    Story("somebody else spends every answer, and a right one given before still counts", _right_answer_stays),
)
