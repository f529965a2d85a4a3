"""Stories of what is used up, and of what goes on then: a wait, a letter, or the fund's telephone."""

from datetime import timedelta
from typing import Final

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.application.messages import MessageKind
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.events import ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode

from .stage import Stage
from .story import NEW_PASSWORD, PRIVATE_SPACE, REFUSED, Person, Story, expect, wrong

__all__ = ["LIMITS"]

_MINUTE: Final = timedelta(minutes=1)


def _spends_every_code(stage: Stage, person: Person, channel: Channel) -> None:
    """Three codes, each guessed at wrong three times."""
    here = State.CONFIRMING_CODE
    for _ in range(2):
        code = wrong(person.code(channel))
        person.does(SubmitCode(code), here, ProblemCode.CODE_WRONG)
        person.does(SubmitCode(code), here, ProblemCode.CODE_WRONG)
        person.does(SubmitCode(code), here, ProblemCode.CODE_WRONG_AND_DEAD)
        person.does(SubmitCode(code), here, ProblemCode.CODE_NOT_LIVE)
        stage.wait(_MINUTE)
        person.does(ResendCode(), here)
    code = wrong(person.code(channel))
    person.does(SubmitCode(code), here, ProblemCode.CODE_WRONG)
    person.does(SubmitCode(code), here, ProblemCode.CODE_WRONG)
    person.does(SubmitCode(code), State.AWAITING_SIGN_IN)


def _codes_spent(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.asks_for_a_code(camille, Channel.SMS)
    _spends_every_code(stage, person, Channel.SMS)
    expect("the way", Channel.LETTER, person.reply.view.channel)
    person.does(SignIn(person.temporary_password(Channel.LETTER)), State.PERSONALISING_PASSWORD)
    person.finishes(camille)


def _no_more_guesses(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.asks_for_a_code(camille, Channel.SMS)
    _spends_every_code(stage, person, Channel.SMS)
    stage.wait(timedelta(days=2))
    again = Person(stage, at="198.51.100.7")
    again.begins()
    again.does(Identify(camille.identifier), State.AWAITING_SIGN_IN)
    expect("letters", 1, len(stage.delivered(Channel.LETTER)))
    stage.wait(timedelta(days=2))
    again.does(SignIn(again.temporary_password(Channel.LETTER)), State.PERSONALISING_PASSWORD)


def _last_code(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.asks_for_a_code(camille, Channel.SMS)
    for _ in range(2):
        stage.wait(_MINUTE)
        person.does(ResendCode(), State.CONFIRMING_CODE)
    stage.wait(_MINUTE)
    person.does(ResendCode(), State.CONFIRMING_CODE, ProblemCode.CODE_ALREADY_LIVE)
    stage.wait(timedelta(minutes=29))
    person.does(ResendCode(), State.AWAITING_SIGN_IN)
    expect("the way", Channel.LETTER, person.reply.view.channel)


def _sends_spent(stage: Stage) -> None:
    roger, person = stage.member("individual-sms-only"), Person(stage)
    for _ in range(3):
        person.asks_for_a_code(roger, Channel.SMS)
        stage.wait(timedelta(minutes=30))
    person.begins()
    person.does(Identify(roger.identifier), State.CHOOSING_CHANNEL)
    view = person.does(ChooseChannel("sms"), State.CHOOSING_CHANNEL, ProblemCode.SENDS_SPENT_FOR_NOW)
    retry_at = view.problem.retry_at if view.problem else None
    expect("when it goes on", stage.clock.now() + timedelta(hours=22, minutes=30), retry_at)
    stage.wait(timedelta(hours=22, minutes=30))
    person.gets_to_a_new_password(roger, Channel.SMS)


def _no_contact(stage: Stage) -> None:
    marcel, person = stage.member("individual-no-contact"), Person(stage)
    person.begins()
    person.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
    stage.wait(timedelta(days=4))
    person.does(SignIn(person.temporary_password(Channel.LETTER)), State.PERSONALISING_PASSWORD)
    person.finishes(marcel)


def _letter_expired(stage: Stage) -> None:
    marcel, person = stage.member("individual-no-contact"), Person(stage)
    person.begins()
    person.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
    letter = person.temporary_password(Channel.LETTER)
    stage.wait(timedelta(days=21))
    person.sees(State.LAPSED)
    expect("the letter's password", REFUSED, person.signs_in(marcel.identifier, letter))


def _blocked(stage: Stage) -> None:
    marcel, person = stage.member("individual-no-contact"), Person(stage)
    for password in ("Premier-courrier-31!", "Second-courrier-32!"):
        person.begins()
        person.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
        person.does(SignIn(person.temporary_password(Channel.LETTER)), State.PERSONALISING_PASSWORD)
        person.finishes(marcel, password)
    person.begins()
    person.does(Identify(marcel.identifier), State.BLOCKED)
    expect("the letter", MessageKind.RECOVERY_BLOCKED, stage.delivered(Channel.LETTER)[-1].kind)
    expect("the usual sign-in", PRIVATE_SPACE, person.signs_in(marcel.identifier, "Second-courrier-32!"))


def _wrong_temporary_passwords(stage: Stage) -> None:
    roger, person = stage.member("individual-sms-only"), Person(stage)
    right = person.gets_a_temporary_password(roger, Channel.SMS)
    here, another = State.AWAITING_SIGN_IN, SystemSecrets().temporary_password
    person.does(SignIn(roger.password), here, ProblemCode.TEMPORARY_PASSWORD_FORM)
    for _ in range(5):
        person.does(SignIn(another(len(right)).reveal()), here, ProblemCode.SIGN_IN_WRONG)
    person.does(SignIn(right), here, ProblemCode.SIGN_IN_MUST_WAIT)
    expect("the sign-in form", ProblemCode.SIGN_IN_MUST_WAIT, person.signs_in(roger.identifier, right))
    expect("the usual password", PRIVATE_SPACE, person.signs_in(roger.identifier, roger.password))
    elsewhere = Person(stage, at="198.51.100.7")
    expect("the form elsewhere", State.PERSONALISING_PASSWORD, elsewhere.signs_in(roger.identifier, right))
    stage.wait(2 * _MINUTE)
    person.does(SignIn(right), State.PERSONALISING_PASSWORD)


def _guessing_the_current_one(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.begins_a_change(camille.key)
    for _ in range(4):
        person.does(ProvePassword("Oublie-12!"), State.PROVING_PASSWORD, ProblemCode.CURRENT_PASSWORD_WRONG)
    person.does(ProvePassword("Oublie-12!"), State.BLOCKED)
    expect("the usual sign-in", PRIVATE_SPACE, person.signs_in(camille.identifier, camille.password))


def _current_ones_spent(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    for _ in range(5):
        person.begins_a_change(camille.key)
        for _ in range(4):
            person.does(ProvePassword("Oublie-12!"), State.PROVING_PASSWORD, ProblemCode.CURRENT_PASSWORD_WRONG)
        person.does(ProvePassword("Oublie-12!"), State.BLOCKED)
    right = ProvePassword(camille.password)
    person.begins_a_change(camille.key)
    person.does(right, State.PROVING_PASSWORD, ProblemCode.CURRENT_PASSWORD_MUST_WAIT)
    expect("the usual sign-in", PRIVATE_SPACE, person.signs_in(camille.identifier, camille.password))
    stage.wait(timedelta(days=1))
    person.begins_a_change(camille.key)
    person.does(right, State.PERSONALISING_PASSWORD)


def _always_right(stage: Stage) -> None:
    camille, lea, person = stage.member("individual-both"), stage.member("individual-first-sign-in"), Person(stage)
    for _ in range(12):
        person.gets_a_temporary_password(camille, Channel.SMS)
        stage.wait(timedelta(days=1))
    temporary = person.gets_a_temporary_password(camille, Channel.SMS)
    for _ in range(6):
        expect("a right sign-in", State.PERSONALISING_PASSWORD, person.signs_in(camille.identifier, temporary))
    for _ in range(26):
        person.begins_a_change(camille.key)
        person.does(ProvePassword(camille.password), State.PERSONALISING_PASSWORD)
    serial = AnswerChallenge(ChallengeKind.VITALE_SERIAL, lea.answers(ChallengeKind.VITALE_SERIAL)[0])
    for _ in range(4):
        person.begins()
        person.does(Identify(lea.identifier), State.ANSWERING_CHALLENGE)
        person.does(serial, State.CHOOSING_CHANNEL)


def _same_password_again(stage: Stage) -> None:
    roger, person = stage.member("individual-sms-only"), Person(stage)
    person.gets_to_a_new_password(roger, Channel.SMS)
    current = ChoosePassword(roger.password, roger.password)
    for _ in range(9):
        person.does(current, State.PERSONALISING_PASSWORD, ProblemCode.PASSWORD_REFUSED)
    person.does(current, State.BLOCKED)


def _one_ledger(stage: Stage) -> None:
    benat, person = stage.member("farmer-two-identifiers"), Person(stage)
    by_nir, by_siret = benat.identifiers
    person.asks_for_a_code(benat, Channel.SMS)
    other = Person(stage, at="198.51.100.7")
    other.begins()
    other.does(Identify(by_siret), State.CHOOSING_CHANNEL)
    other.does(ChooseChannel("email"), State.CHOOSING_CHANNEL, ProblemCode.SEND_TOO_SOON)
    stage.wait(_MINUTE)
    other.does(ChooseChannel("email"), State.CONFIRMING_CODE)
    other.does(SubmitCode(other.code(Channel.EMAIL)), State.AWAITING_SIGN_IN)
    temporary = other.temporary_password(Channel.EMAIL)
    expect("the other identifier", State.PERSONALISING_PASSWORD, other.signs_in(by_nir, temporary))
    other.chooses(NEW_PASSWORD)
    person.sees(State.LAPSED)


def _unknown_identifier(stage: Stage) -> None:
    for number in range(1, 10):
        person = Person(stage, at=f"198.51.100.{number}")
        person.begins()
        _walk_on(stage, person, Identify(f"1 50 01 33 910 {number:03}"))
        expect("whose private space opens", None, person.account)
    for channel in Channel:
        expect(f"messages by {channel}", [], list(stage.delivered(channel)))


def _walk_on(stage: Stage, person: Person, first: Input) -> None:
    """Go on as somebody does who guesses, until there is nothing left but to wait for the post."""
    event = first
    for _ in range(30):
        view = person.tries(event)
        match view.state:
            case State.AWAITING_SIGN_IN:
                return
            case State.ANSWERING_CHALLENGE:
                kind = view.questions[0]
                event = AnswerChallenge(kind, "1234567890" if kind is ChallengeKind.VITALE_SERIAL else "1 234,56")
            case State.CHOOSING_CHANNEL:
                event = ChooseChannel(view.choices[0].channel)
            case State.CONFIRMING_CODE if view.code_deadline is not None:
                event = SubmitCode("0" * stage.recovery.policy.code_digits)
            case State.CONFIRMING_CODE:
                stage.wait(_MINUTE)
                event = ResendCode()
            case _:
                break
    expect("an unknown identifier, in the end", State.AWAITING_SIGN_IN, person.reply.view.state)


LIMITS: Final = (
    Story("every code spent on wrong guesses, then a letter", _codes_spent),
    Story("three codes asked for: the last one counts, and a letter comes when it has expired", _last_code),
    Story("guesses spent in one journey are spent in the next, from anywhere", _no_more_guesses),
    Story("too many codes in a day: when it goes on is said, and it does", _sends_spent),
    Story("no contact on file: a letter, used four days later", _no_contact),
    Story("a letter is dead after three weeks", _letter_expired),
    Story("two letters in a month, then blocked, and the usual password still works", _blocked),
    Story("wrong temporary passwords, and the wait, here and not elsewhere", _wrong_temporary_passwords),
    Story("five wrong current passwords end a change, not the sign-in", _guessing_the_current_one),
    Story("twenty-five wrong current passwords in a day, and a wait until the next", _current_ones_spent),
    Story("whoever is always right has no try less, however often", _always_right),
    Story("trying out the current password as the new one ends in a block", _same_password_again),
    Story("a farmer with two identifiers has one count of everything", _one_ledger),
    Story("unknown identifiers are led on, and nobody is written to", _unknown_identifier),
)
