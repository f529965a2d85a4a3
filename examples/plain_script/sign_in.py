"""A sign-in in a terminal, and behind it the recovery: one process, no framework, no server."""

import sys
from getpass import getpass
from pathlib import Path

from msa_recovery import Caller, Channel, Language, Problem, Reply, Secret, compose
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.contrib.forms import forms_of
from msa_recovery.contrib.inputs import input_of
from msa_recovery.sample import sample_accounts
from msa_recovery.texts import page_text, problem_text, state_lead, state_title

FR = Language.FR
CALLER = Caller(language=FR)

hasher, clock = Argon2idHasher(), SystemClock()
accounts = MemoryDirectory(sample_accounts(clock, hasher), hasher, clock)
console = ConsoleMessenger(lambda message: print(f"\n{message}\n"))
recovery = compose(
    accounts=accounts,
    keys=read_keys(Path("keys.toml")),
    store="recovery.sqlite",
    messengers=dict.fromkeys(Channel, console),
)


def main():
    while True:
        identifier = ask("identifier", "text")
        reply = recovery.begin(CALLER) if identifier == "" else signed_in(identifier, ask("password", "password"))
        account = reply if isinstance(reply, str) or reply is None else walked(reply)
        if account is not None:
            print(page_text("private", FR), "-", account)
            return


def signed_in(identifier, password):
    """The account; or a journey that comes first; or nothing."""
    account = accounts.sign_in(identifier, Secret(password))  # the usual check comes first
    if account is not None:
        return recovery.pending(account, CALLER) or account  # are there contact details to confirm?
    match recovery.sign_in(identifier, password, CALLER):  # then: is it a temporary password?
        case Reply() as reply:
            return reply
        case Problem() as problem:
            print(said(problem))
        case None:
            print(page_text("sign_in_refused", FR))
    return None


def walked(reply):
    """Ask for one form after the other, until the journey is over; the account, if it came to its good end."""
    while reply.view.may:
        recovery.relay()
        view = reply.view
        print(f"\n{state_title(view.chart, view.state, FR)}\n{state_lead(view, recovery.policy, FR)}")
        forms = forms_of(view, FR)
        for number, form in enumerate(forms, start=1):
            print(f"  {number}. {form.button}", *(field.label for field in form.fields))
        chosen = read("? ")
        if chosen not in map(str, range(1, len(forms) + 1)):
            continue
        form = forms[int(chosen) - 1]
        texts = {field.name: field.value if field.type == "hidden" else asked(field) for field in form.fields}
        reply = recovery.send(reply.handle, input_of(form.event, texts), CALLER)
        if reply.view.problem is not None:
            print(said(reply.view.problem))
    recovery.relay()
    print(state_title(reply.view.chart, reply.view.state, FR))
    return reply.account


def asked(field):
    for value, words in field.options:
        print(f"  {value}: {words}")
    return typed(field.label, field.type)


def ask(name, kind):
    return typed(page_text(name, FR), kind)


def typed(label, kind):
    hidden = kind == "password" and sys.stdin.isatty()
    return getpass(f"{label} : ") if hidden else read(f"{label} : ")


def read(prompt):
    print(prompt, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit("\nNobody types any more.")
    return line.strip()


def said(problem):
    return problem_text(problem, FR, now=recovery.now(), policy=recovery.policy)


if __name__ == "__main__":
    main()
