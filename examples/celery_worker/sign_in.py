"""A door of the service, in a terminal: what it promises to send, a worker sends."""

import sys
from getpass import getpass

from service import accounts, recovery

from msa_recovery import (
    AnswerChallenge,
    Caller,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Language,
    Problem,
    ResendCode,
    Secret,
    State,
    SubmitCode,
)
from msa_recovery.texts import problem_text, question_text

CALLER = Caller(language=Language.EN)


def sign_in(identifier, password):
    """The account; or a journey that comes first; or a problem; or nothing."""
    account = accounts.sign_in(identifier, Secret(password))  # the usual check comes first
    if account is not None:
        return recovery.pending(account, CALLER) or account  # are there contact details to confirm?
    return recovery.sign_in(identifier, password, CALLER)  # then: is it a temporary password?


def lost(identifier):
    """Ask what each step asks for, and say what is wrong. The identifier that was right in the end, if a temporary
    password is on its way."""
    reply, event = recovery.begin(CALLER), Identify(identifier)
    while True:
        reply = recovery.send(reply.handle, event, CALLER)
        view = reply.view
        if view.problem is not None:
            print(said(view.problem))
        match view.state:
            case State.IDENTIFYING:
                identifier = input("Identifier: ")
                event = Identify(identifier)
            case State.ANSWERING_CHALLENGE:
                event = AnswerChallenge(view.questions[0], input(f"{question_text(view.questions[0], Language.EN)} "))
            case State.CHOOSING_CHANNEL:
                event = ChooseChannel(input(f"By {' or '.join(choice.channel for choice in view.choices)}: "))
            case State.CONFIRMING_CODE:
                code = input("Code, or nothing for another one: ")
                event = SubmitCode(code) if code else ResendCode()
            case state:
                print(state)
                return identifier if state is State.AWAITING_SIGN_IN else None


def said(problem):
    return problem_text(problem, Language.EN, now=recovery.now(), policy=recovery.policy)


identifier = input("Identifier: ")
password = getpass("Password, or nothing if it is lost: ")
if not password:
    identifier = lost(identifier)
    if identifier is None:
        sys.exit()
    password = getpass("Temporary password: ")
match sign_in(identifier, password):
    case None:
        print("refused")
    case Problem() as problem:
        print(said(problem))
    case str() as account:
        print("the private space of", account)
    case reply:
        while reply.view.state is State.PERSONALISING_PASSWORD:
            new = getpass("New password: ")
            reply = recovery.send(reply.handle, ChoosePassword(new, new), CALLER)
            print(said(reply.view.problem) if reply.view.problem else reply.view.state)
        if reply.view.state is not State.CONFIRMING_CONTACTS:
            sys.exit()
        reply = recovery.send(reply.handle, ConfirmContacts(), CALLER)
        print("contact details confirmed; the private space of", reply.account)
