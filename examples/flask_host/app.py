"""A Flask service with a sign-in and a session of its own, and the recovery behind its sign-in form. Sync throughout.

The screens are two templates: ``msa_recovery.contrib.forms`` says of each step which forms it has.
"""

import os
import secrets
import signal
from pathlib import Path

from flask import Flask, abort, redirect, render_template, request, session, url_for

from msa_recovery import (
    AccountKey,
    Caller,
    Channel,
    EventNotAccepted,
    InfrastructureError,
    JourneyFinished,
    Language,
    Origin,
    Problem,
    Reply,
    Secret,
    UnknownAccount,
    UnknownHandle,
    compose,
)
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.contrib.forms import forms_of
from msa_recovery.contrib.inputs import input_of
from msa_recovery.contrib.worker import Worker
from msa_recovery.sample import sample_accounts
from msa_recovery.texts import page_text, problem_text, state_lead, state_title

app = Flask(__name__)
app.secret_key = Path("secret.key").read_text(encoding="ascii")
app.config.update(
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE="INSECURE_COOKIES" not in os.environ,  # set it for http on your own machine alone
    MAX_CONTENT_LENGTH=16_384,
)

accounts = SqliteDirectory(Path("accounts.sqlite"), Argon2idHasher(), SystemClock())
console = ConsoleMessenger(lambda message: print(message, end="\n\n", flush=True))
recovery = compose(
    accounts=accounts,
    keys=read_keys(Path("keys.toml")),
    store="recovery.sqlite",
    messengers=dict.fromkeys(Channel, console),
)


# -- the usual sign-in -------------------------------------------------------------------------------------------------


@app.get("/")
def home(problem=None, status=200):
    account = signed_in()
    page = "home.html" if account is None else "space.html"
    return render_template(page, account=account, problem=problem, **around()), status


@app.post("/sign-in")
def sign_in():
    identifier, password = request.form.get("identifier", ""), request.form.get("password", "")
    account = accounts.sign_in(identifier, Secret(password))  # the usual check comes first
    if account is not None:
        pending = recovery.pending(account, caller())  # are there contact details to confirm?
        return opened(account) if pending is None else under_way(pending)
    match recovery.sign_in(identifier, password, caller()):  # then: is it a temporary password?
        case Reply() as reply:
            return under_way(reply)
        case Problem() as problem:
            return home(said(problem), 429)
        case None:
            return home(page_text("sign_in_refused", language()), 401)


def opened(account):
    """The private space: a session that ends when a recovery ends every session of the account."""
    session.clear()
    session.update(account=account, revoked=accounts.sessions_revoked(account))
    return redirect(url_for("home"), 303)


def signed_in():
    account = session.get("account")
    try:
        alive = account is not None and session["revoked"] == accounts.sessions_revoked(AccountKey(account))
    except UnknownAccount:
        alive = False
    return account if alive else None


@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("home"), 303)


# -- the journey -------------------------------------------------------------------------------------------------------


@app.post("/forgotten")
def forgotten():
    return under_way(recovery.begin(caller()))


@app.get("/step")
def step():
    return shown(recovery.resume(handle(), caller()))


@app.post("/step")
def take():
    event = input_of(request.form.get("event", ""), request.form)
    if event is None:
        abort(400)
    reply = recovery.send(handle(), event, caller())
    if reply.account is not None:  # the journey came to its good end: the host opens its session
        return opened(reply.account)
    if reply.view.problem is not None:
        session["journey"] = reply.handle.reveal()
        return shown(reply)
    return under_way(reply)


def under_way(reply):
    """The handle goes where only this person's browser has it: Flask's session is a signed, HttpOnly cookie."""
    session["journey"] = reply.handle.reveal()
    return redirect(url_for("step"), 303)


def handle():
    return Secret(session.get("journey", ""))


def shown(reply):
    view = reply.view
    return render_template(
        "step.html",
        title=state_title(view.chart, view.state, language()),
        lead=state_lead(view, recovery.policy, language()),
        problem=said(view.problem) if view.problem else None,
        forms=forms_of(view, language()),
        help=view.help,
        **around(),
    )


@app.errorhandler(UnknownHandle)
@app.errorhandler(UnknownAccount)
def gone(_):
    session.pop("journey", None)
    return home(page_text("notice.gone", language()), 410)


@app.errorhandler(EventNotAccepted)
@app.errorhandler(JourneyFinished)
def moved_on(_):
    return redirect(url_for("step"), 303)


@app.errorhandler(InfrastructureError)
def trouble(_):
    return page_text("trouble_lead", language()), 503, {"Retry-After": "5"}


# -- around every request ----------------------------------------------------------------------------------------------


def caller():
    """What only the host knows. Behind a proxy of yours, werkzeug's ``ProxyFix`` makes ``remote_addr`` the person's."""
    return Caller(
        origin=Origin(request.remote_addr),
        language=language(),
        request_id=request.form.get("request_id", "")[:128] or None,
    )


def language():
    return Language(request.accept_languages.best_match(list(Language), default=Language.FR))


def said(problem):
    return problem_text(problem, language(), now=recovery.now(), policy=recovery.policy)


def around():
    """What every page has: the words, and what its forms carry."""
    browser = session.setdefault("browser", secrets.token_urlsafe())
    return {
        "say": lambda name: page_text(name, language()),
        "language": language(),
        "token": recovery.tokens.sign(browser),
        "new_id": secrets.token_urlsafe,
    }


@app.before_request
def forms_are_ours():
    """A form that another site sends does not know this browser's token."""
    if request.method == "POST" and not recovery.tokens.verify(
        request.form.get("token", ""), session.get("browser", "")
    ):
        abort(403)


@app.after_request
def nothing_is_kept(response):
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'",
            "Referrer-Policy": "same-origin",
        }
    )
    return response


# -- beside the web server ---------------------------------------------------------------------------------------------


@app.cli.command("people")
def people():
    """Fill accounts.sqlite with people who are made up."""
    accounts.add(sample_accounts(SystemClock(), Argon2idHasher()))


@app.cli.command("work")
def work():
    """Deliver messages, let journeys lapse, purge, sign over the audit: any number of processes may."""
    worker = Worker(recovery)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())  # what is under way is finished
    worker.run()
