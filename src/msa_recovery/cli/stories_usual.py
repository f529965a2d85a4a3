"""Stories of people who know what they want, with the mistakes that people make."""

from datetime import timedelta
from typing import Final

from msa_recovery.application.errors import CallerError, JourneyFinished, UnknownHandle
from msa_recovery.application.messages import MessageKind
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon, ConfirmContacts, GoBack, Lapse, ResendCode
from msa_recovery.domain.inputs import (
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    Input,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.problem import ProblemCode

from .stage import Stage
from .story import NEW_PASSWORD, PRIVATE_SPACE, REFUSED, Person, Story, expect, wrong

__all__ = ["USUAL"]


def _by_sms(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.begins()
    view = person.does(Identify(camille.identifier), State.CHOOSING_CHANNEL)
    masks = ["sms 06 •• •• •• 11", "email c•••••@e•••••.org"]
    expect("the choices", masks, [f"{choice.channel} {choice.mask}" for choice in view.choices])
    person.does(ChooseChannel("sms"), State.CONFIRMING_CODE)
    person.does(SubmitCode(person.code(Channel.SMS)), State.AWAITING_SIGN_IN)
    temporary = person.temporary_password(Channel.SMS)
    expect("the usual password, meanwhile", PRIVATE_SPACE, person.signs_in(camille.identifier, camille.password))
    person.does(SignIn(temporary), State.PERSONALISING_PASSWORD)
    person.finishes(camille)
    expect("the new password", PRIVATE_SPACE, person.signs_in(camille.identifier, NEW_PASSWORD))
    expect("the earlier password", REFUSED, person.signs_in(camille.identifier, camille.password))
    expect("the temporary password", REFUSED, person.signs_in(camille.identifier, temporary))
    expect("ends of all sessions", 1, stage.directory.sessions_revoked(camille.key))
    for channel in (Channel.SMS, Channel.EMAIL):
        told = [message.kind for message in stage.delivered(channel)]
        expect(f"who is told, by {channel}", 1, told.count(MessageKind.PASSWORD_CHANGED))


def _by_email(stage: Stage) -> None:
    maite, person = stage.member("individual-email-only"), Person(stage)
    first = person.asks_for_a_code(maite, Channel.EMAIL)
    person.does(SubmitCode(wrong(first)), State.CONFIRMING_CODE, ProblemCode.CODE_WRONG)
    person.does(ResendCode(), State.CONFIRMING_CODE, ProblemCode.SEND_TOO_SOON)
    stage.wait(timedelta(minutes=1))
    person.does(ResendCode(), State.CONFIRMING_CODE)
    second = person.code(Channel.EMAIL)
    person.does(SubmitCode(first), State.CONFIRMING_CODE, ProblemCode.CODE_WRONG)
    stage.wait(timedelta(minutes=30))
    person.does(SubmitCode(second), State.CONFIRMING_CODE, ProblemCode.CODE_NOT_LIVE)
    person.does(ResendCode(), State.CONFIRMING_CODE)
    person.does(SubmitCode(person.code(Channel.EMAIL)), State.AWAITING_SIGN_IN)
    person.does(SignIn(person.temporary_password(Channel.EMAIL)), State.PERSONALISING_PASSWORD)
    person.finishes(maite)


def _overseas(stage: Stage) -> None:
    marie_ange, person = stage.member("individual-overseas"), Person(stage)
    person.gets_to_a_new_password(marie_ange, Channel.SMS)
    expect("the number", "+262692000015", stage.delivered(Channel.SMS)[-1].to[0])
    person.finishes(marie_ange)


def _mistyped_identifier(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.begins()
    spaced = camille.identifier
    for typed, problem in (
        ("", ProblemCode.TEXT_MISSING),
        ("Camille", ProblemCode.IDENTIFIER_CHARACTERS),
        (spaced[:10], ProblemCode.IDENTIFIER_LENGTH),
        (wrong(spaced), ProblemCode.NIR_KEY),
        ("999 991 011 00018", ProblemCode.SIRET_CHECKSUM),
    ):
        person.does(Identify(typed), State.IDENTIFYING, problem)
    person.does(Identify(spaced.replace(" ", ".")), State.CHOOSING_CHANNEL)


def _all_reasons_at_once(stage: Stage) -> None:
    roger, person = stage.member("individual-sms-only"), Person(stage)
    temporary = person.gets_a_temporary_password(roger, Channel.SMS)
    person.does(SignIn(temporary), State.PERSONALISING_PASSWORD)
    rule = PasswordRule
    for typed, repeated, reasons in (
        ("court", "autre", {rule.TOO_SHORT, rule.NO_DIGIT, rule.NO_UPPER, rule.NO_SPECIAL, rule.TOO_WEAK}),
        ("Dupouy-a-Dax-1951!", "Dupouy-a-Dax-1951?", {rule.HOLDS_NAME}),
        (temporary, temporary, {rule.IS_TEMPORARY}),
        (roger.password, roger.password, {rule.IS_CURRENT}),
    ):
        said = person.does(ChoosePassword(typed, repeated), State.PERSONALISING_PASSWORD, ProblemCode.PASSWORD_REFUSED)
        expected = [*reasons, rule.NOT_REPEATED] if typed != repeated else [*reasons]
        expect("the reasons", sorted(expected), sorted(said.problem.reasons if said.problem else ()))
    person.finishes(roger)


def _corrections(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.gets_to_a_new_password(camille, Channel.SMS)
    person.chooses()
    person.does(EditContact("mobile", "12"), State.CONFIRMING_CONTACTS, ProblemCode.PHONE_FORM)
    person.does(EditContact("fax", ""), State.CONFIRMING_CONTACTS)
    view = person.does(EditContact("email", "camille@example.net"), State.CONFIRMING_CONTACTS)
    expect("the e-mail address shown", "camille@example.net", next(line.text for line in view.contacts))
    person.does(ConfirmContacts(), State.COMPLETED)
    told = stage.delivered(Channel.EMAIL)[-1]
    expect("the message", MessageKind.CONTACTS_CHANGED, told.kind)
    expect("where it goes", "camille.laborde@example.org", told.to[0])
    _offers(stage, ["sms"])
    stage.wait(timedelta(days=7))
    _offers(stage, ["sms", "email"])


def _offers(stage: Stage, channels: list[str], key: str = "individual-both") -> None:
    person = Person(stage)
    person.begins()
    view = person.does(Identify(stage.member(key).identifier), State.CHOOSING_CHANNEL)
    expect("the channels offered", channels, [choice.channel.value for choice in view.choices])


def _changed_yesterday(stage: Stage) -> None:
    _offers(stage, ["sms"], "individual-changed-yesterday")
    stage.wait(timedelta(days=6))
    _offers(stage, ["sms", "email"], "individual-changed-yesterday")


def _last_contact(stage: Stage) -> None:
    roger, person = stage.member("individual-sms-only"), Person(stage)
    person.gets_to_a_new_password(roger, Channel.SMS)
    person.chooses()
    person.does(EditContact("mobile", ""), State.CONFIRMING_CONTACTS, ProblemCode.CONTACT_LAST_ONE)
    person.does(ConfirmContacts(), State.COMPLETED)


def _asked_again(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.gets_to_a_new_password(camille, Channel.EMAIL)
    person.chooses()
    stage.wait(timedelta(days=2))
    later = Person(stage)
    where = later.signs_in(camille.identifier, NEW_PASSWORD)
    expect("the next sign-in", State.CONFIRMING_CONTACTS, where)
    later.does(ConfirmContacts(), State.COMPLETED)
    expect("the one after", PRIVATE_SPACE, later.signs_in(camille.identifier, NEW_PASSWORD))


def _abandoned(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    code = person.asks_for_a_code(camille, Channel.SMS)
    person.does(Abandon(), State.ABANDONED)
    expect("the code afterwards", JourneyFinished.__name__, _refusal(stage, person, SubmitCode(code)))
    expect("the usual password", PRIVATE_SPACE, person.signs_in(camille.identifier, camille.password))


def _refusal(stage: Stage, person: Person, event: Input) -> str:
    """The class of the error that the host gets."""
    try:
        stage.recovery.send(person.reply.handle, event, person.caller)
    except CallerError as error:
        return type(error).__name__
    return "no error"


def _lapsed(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.begins()
    person.does(Identify(camille.identifier), State.CHOOSING_CHANNEL)
    stage.wait(timedelta(minutes=59))
    expect("journeys that are due", 0, stage.recovery.lapse_due())
    person.does(Lapse(), State.CHOOSING_CHANNEL)
    stage.wait(timedelta(minutes=1))
    person.does(ChooseChannel("sms"), State.LAPSED)
    person.does(ChooseChannel("sms"), State.LAPSED)
    expect("messages sent", [], list(stage.delivered(Channel.SMS)))


def _back_to_another(stage: Stage) -> None:
    camille, roger, person = stage.member("individual-both"), stage.member("individual-sms-only"), Person(stage)
    code_of_camille = person.asks_for_a_code(camille, Channel.SMS)
    person.does(GoBack(), State.CHOOSING_CHANNEL)
    person.does(GoBack(), State.IDENTIFYING)
    person.does(Identify(roger.identifier), State.CHOOSING_CHANNEL)
    person.does(ChooseChannel("email"), State.CHOOSING_CHANNEL, ProblemCode.CHANNEL_NOT_OFFERED)
    person.does(ChooseChannel("sms"), State.CONFIRMING_CODE)
    code_of_roger = person.code(Channel.SMS)
    person.does(SubmitCode(code_of_camille), State.CONFIRMING_CODE, ProblemCode.CODE_WRONG)
    person.does(SubmitCode(code_of_roger), State.AWAITING_SIGN_IN)
    expect("who gets it", "+33600000012", stage.delivered(Channel.SMS)[-1].to[0])
    person.does(SignIn(person.temporary_password(Channel.SMS)), State.PERSONALISING_PASSWORD)
    person.finishes(roger)


def _back_and_forth(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    code = person.asks_for_a_code(camille, Channel.SMS)
    person.does(GoBack(), State.CHOOSING_CHANNEL)
    person.does(ChooseChannel("sms"), State.CONFIRMING_CODE)
    expect("messages sent", 1, len(stage.delivered(Channel.SMS)))
    person.does(SubmitCode(code), State.AWAITING_SIGN_IN)


def _two_journeys(stage: Stage) -> None:
    camille, home, library = stage.member("individual-both"), Person(stage), Person(stage, at="198.51.100.7")
    code_at_home = home.asks_for_a_code(camille, Channel.SMS)
    stage.wait(timedelta(minutes=1))
    code_at_library = library.asks_for_a_code(camille, Channel.EMAIL)
    library.does(SubmitCode(code_at_home), State.CONFIRMING_CODE, ProblemCode.CODE_WRONG)
    library.does(SubmitCode(code_at_library), State.AWAITING_SIGN_IN)
    by_email = library.temporary_password(Channel.EMAIL)
    home.does(SubmitCode(code_at_home), State.AWAITING_SIGN_IN)
    by_sms = home.temporary_password(Channel.SMS)
    library.does(SignIn(by_email), State.AWAITING_SIGN_IN, ProblemCode.SIGN_IN_WRONG)
    library.does(SignIn(by_sms), State.PERSONALISING_PASSWORD)
    home.does(SignIn(by_sms), State.PERSONALISING_PASSWORD)
    home.finishes(camille)
    library.sees(State.LAPSED)


def _new_handle(stage: Stage) -> None:
    roger, person = stage.member("individual-sms-only"), Person(stage)
    temporary = person.gets_a_temporary_password(roger, Channel.SMS)
    before = person.reply.handle
    person.does(SignIn(temporary), State.PERSONALISING_PASSWORD)
    try:
        stage.recovery.resume(before, person.caller)
    except UnknownHandle:
        return
    expect("the handle from before the sign-in", "unknown", "known")


USUAL: Final = (
    Story("recovery by SMS", _by_sms),
    Story("recovery by e-mail, with a wrong code, a resend and an expired code", _by_email),
    Story("recovery with an overseas number", _overseas),
    Story("an identifier is mistyped in five ways, then read with dots", _mistyped_identifier),
    Story("every reason against a new password is said at once", _all_reasons_at_once),
    Story("contact details are corrected, the old address is told, the new one has to wait", _corrections),
    Story("a contact changed yesterday is not offered, a week later it is", _changed_yesterday),
    Story("the last contact cannot be taken away", _last_contact),
    Story("leaving before the contacts are confirmed, and being asked again", _asked_again),
    Story("abandoned, and the usual password still works", _abandoned),
    Story("the deadline has passed", _lapsed),
    Story("back, and on with another account", _back_to_another),
    Story("back and forth: the code stays good and none is sent again", _back_and_forth),
    Story("two journeys of one account, until one of them is through", _two_journeys),
    Story("the handle from before the sign-in is unknown", _new_handle),
)
