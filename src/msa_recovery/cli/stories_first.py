"""Stories of a first sign-in: each question of each type of account, answered right and wrong."""

from datetime import timedelta
from functools import partial
from typing import Final

from msa_recovery.application.messages import MessageKind
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.events import GoBack
from msa_recovery.domain.inputs import AnswerChallenge, ChooseChannel, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode

from .stage import Stage
from .story import Person, Story, expect, wrong

__all__ = ["FIRST_SIGN_INS"]

_INDIVIDUAL: Final = "individual-first-sign-in"

_QUESTIONS: Final = (
    ("an individual", _INDIVIDUAL, ChallengeKind.VITALE_SERIAL, Channel.SMS),
    ("an individual", _INDIVIDUAL, ChallengeKind.BENEFIT_AMOUNT, Channel.EMAIL),
    ("a farmer", "farmer-first-sign-in", ChallengeKind.CONTRIBUTION_INVOICE, Channel.SMS),
    ("a company", "company-first-sign-in", ChallengeKind.PAYROLL_CONTRIBUTIONS, Channel.EMAIL),
    ("a gardener's employer", "gardener-employer-first-sign-in", ChallengeKind.PAYROLL_CONTRIBUTIONS, Channel.SMS),
)
"""Who, the sample account, the question, and how that person likes to receive the code."""


def _right(key: str, kind: ChallengeKind, channel: Channel, stage: Stage) -> None:
    whom, person = stage.member(key), Person(stage)
    person.begins()
    person.does(Identify(whom.identifier), State.ANSWERING_CHALLENGE)
    person.does(AnswerChallenge(kind, whom.answers(kind)[0]), State.CHOOSING_CHANNEL)
    person.does(ChooseChannel(channel), State.CONFIRMING_CODE)
    person.does(SubmitCode(person.code(channel)), State.AWAITING_SIGN_IN)
    person.does(SignIn(person.temporary_password(channel)), State.PERSONALISING_PASSWORD)
    person.finishes(whom)
    person.begins()
    person.does(Identify(whom.identifier), State.CHOOSING_CHANNEL)


def _wrong(key: str, kind: ChallengeKind, _: Channel, stage: Stage) -> None:
    whom, person = stage.member(key), Person(stage)
    person.begins()
    person.does(Identify(whom.identifier), State.ANSWERING_CHALLENGE)
    person.does(AnswerChallenge(kind, wrong(whom.answers(kind)[0])), State.AWAITING_SIGN_IN)
    _letter_opens(stage, person)
    person.finishes(whom)


def _letter_opens(stage: Stage, person: Person) -> None:
    """Three days later the letter is there, and what it says opens the new-password step."""
    stage.wait(timedelta(days=3))
    person.does(SignIn(person.temporary_password(Channel.LETTER)), State.PERSONALISING_PASSWORD)


def _too_old(stage: Stage) -> None:
    elodie, person, kind = stage.member("farmer-first-sign-in"), Person(stage), ChallengeKind.CONTRIBUTION_INVOICE
    person.begins()
    person.does(Identify(elodie.identifier), State.ANSWERING_CHALLENGE)
    person.does(AnswerChallenge(kind, elodie.answers(kind)[-1]), State.AWAITING_SIGN_IN)
    expect("the way", Channel.LETTER, person.reply.view.channel)


def _unreadable(stage: Stage) -> None:
    lea, person = stage.member(_INDIVIDUAL), Person(stage)
    amount, invoice = ChallengeKind.BENEFIT_AMOUNT, ChallengeKind.CONTRIBUTION_INVOICE
    here = State.ANSWERING_CHALLENGE
    person.begins()
    person.does(Identify(lea.identifier), here)
    person.does(AnswerChallenge(amount, "cent euros"), here, ProblemCode.AMOUNT_FORM)
    person.does(AnswerChallenge(amount, "148,5"), here, ProblemCode.AMOUNT_DECIMALS)
    person.does(AnswerChallenge("the weather", "fine"), here, ProblemCode.CHALLENGE_UNKNOWN)
    person.does(AnswerChallenge(invoice, "148,52"), here, ProblemCode.CHALLENGE_NOT_OFFERED)
    person.does(AnswerChallenge(amount, f"{lea.answers(amount)[0]} €"), State.CHOOSING_CHANNEL)


def _asked_once(stage: Stage) -> None:
    lea, person, kind = stage.member(_INDIVIDUAL), Person(stage), ChallengeKind.VITALE_SERIAL
    person.begins()
    person.does(Identify(lea.identifier), State.ANSWERING_CHALLENGE)
    person.does(AnswerChallenge(kind, lea.answers(kind)[0]), State.CHOOSING_CHANNEL)
    person.does(GoBack(), State.IDENTIFYING)
    person.does(Identify(lea.identifier), State.CHOOSING_CHANNEL)


def _answers_spent(stage: Stage) -> None:
    bernard, kind = stage.member("gardener-employer-first-sign-in"), ChallengeKind.PAYROLL_CONTRIBUTIONS
    for _ in range(3):
        person = Person(stage)
        person.begins()
        person.does(Identify(bernard.identifier), State.ANSWERING_CHALLENGE)
        person.does(AnswerChallenge(kind, "1,00"), State.AWAITING_SIGN_IN)
    again = Person(stage, at="198.51.100.7")
    again.begins()
    again.does(Identify(bernard.identifier), State.AWAITING_SIGN_IN)
    expect("letters", 1, len(stage.delivered(Channel.LETTER)))


def _no_contact(stage: Stage) -> None:
    ange, person, kind = (
        stage.member("individual-first-sign-in-no-contact"),
        Person(stage),
        ChallengeKind.BENEFIT_AMOUNT,
    )
    person.begins()
    person.does(Identify(ange.identifier), State.ANSWERING_CHALLENGE)
    person.does(AnswerChallenge(kind, ange.answers(kind)[0]), State.AWAITING_SIGN_IN)
    _letter_opens(stage, person)
    person.finishes(ange)


def _told_of_the_letter(stage: Stage) -> None:
    lea, person = stage.member(_INDIVIDUAL), Person(stage)
    person.begins()
    person.does(Identify(lea.identifier), State.ANSWERING_CHALLENGE)
    person.does(AnswerChallenge(ChallengeKind.VITALE_SERIAL, "0000000000"), State.AWAITING_SIGN_IN)
    for channel in (Channel.SMS, Channel.EMAIL):
        told = [message.kind for message in stage.delivered(channel)]
        expect(f"what comes by {channel}", [MessageKind.LETTER_UNDER_WAY], told)
    address = lea.held.account.postal_address
    expect("where the letter goes", address, stage.delivered(Channel.LETTER)[-1].to)


FIRST_SIGN_INS: Final = (
    *(
        Story(f"first sign-in of {who}: {kind.replace('_', ' ')} {how}", partial(play, key, kind, channel))
        for who, key, kind, channel in _QUESTIONS
        for how, play in (("right", _right), ("wrong, so a letter", _wrong))
    ),
    Story("first sign-in: an amount paid too long ago is a wrong answer", _too_old),
    Story("first sign-in: an answer that cannot be read is not counted", _unreadable),
    Story("first sign-in: going back after a right answer asks no second one", _asked_once),
    Story("first sign-in: after three wrong answers in a month no fourth one is compared", _answers_spent),
    Story("first sign-in, right, but no contact on file: a letter", _no_contact),
    Story("first sign-in, wrong: phone and mailbox are told of the letter", _told_of_the_letter),
)
