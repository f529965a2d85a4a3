"""A door of the service, in a terminal: what it promises to send, a worker sends."""

from getpass import getpass

from service import accounts, recovery

from msa_recovery import (
    Caller,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Problem,
    Secret,
    State,
    SubmitCode,
)

CALLER = Caller()


def sign_in(identifier, password):
    """The account; or a journey that comes first; or a problem; or nothing."""
    account = accounts.sign_in(identifier, Secret(password))  # the usual check comes first
    if account is not None:
        return recovery.pending(account, CALLER) or account  # are there contact details to confirm?
    return recovery.sign_in(identifier, password, CALLER)  # then: is it a temporary password?


def lost(identifier):
    """Ask for a code by SMS, and for a temporary password with it."""
    reply = recovery.begin(CALLER)
    for event in (lambda: Identify(identifier), lambda: ChooseChannel("sms"), lambda: SubmitCode(input("Code: "))):
        reply = recovery.send(reply.handle, event(), CALLER)
    print(reply.view.state)


identifier = input("Identifier: ")
password = getpass("Password, or nothing if it is lost: ")
if not password:
    lost(identifier)
    password = getpass("Temporary password: ")
match sign_in(identifier, password):
    case None:
        print("refused")
    case Problem(retry_at=moment):
        print("refused until", moment)
    case str() as account:
        print("the private space of", account)
    case reply:
        while reply.view.state is State.PERSONALISING_PASSWORD:
            new = getpass("New password: ")
            reply = recovery.send(reply.handle, ChoosePassword(new, new), CALLER)
            print(reply.view.state, *(reply.view.problem.reasons if reply.view.problem else ()))
        reply = recovery.send(reply.handle, ConfirmContacts(), CALLER)
        print("contact details confirmed; the private space of", reply.account)
