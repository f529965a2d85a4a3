"""After it: what stands in the database and what arrived, read by plain SQL, and what must never be.

Nothing here asks the library what it believes, but for the MACs of the audit, which only it can compute.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.messages import Message
from msa_recovery.application.ports import Purpose
from msa_recovery.application.verifying import verified
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS
from tests.crash.inquest import Violation
from tests.support.house import KEYS

from .people import Diary
from .post import Office
from .world import NOBODY, POLICY, WITNESS, Place, directory, identifier

if TYPE_CHECKING:
    from msa_recovery.domain.compiler import Row

__all__ = ["judged", "waiting"]

_SECRETS: Final = ("send_code", "issue_temporary_password", "post_letter")
"""Effects of a row that promise exactly one message with a secret each."""

_ROWS: Final = {(name, row.label): row for name, chart in CHARTS.items() for row in chart.rows}


def waiting(url: str) -> int:
    """How much is still to be delivered or applied."""
    with psycopg.connect(url) as connection:
        ((number,),) = connection.execute(
            "SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting') + (SELECT count(*) FROM intents)"
        ).fetchall()
    return int(number)


def judged(place: Place, people: int, diary: Diary, office: Office) -> Iterator[Violation]:
    """Everything that must never be, and is."""
    yield from (Violation("story", each) for each in diary.trouble)
    with psycopg.connect(place.url) as connection:
        journeys = _journeys(connection)
        fired = _fired(connection)
        yield from _histories(journeys, fired)
        yield from _messages(connection, journeys, fired, office, people)
        yield from _counts(connection, place.folder, journeys, fired, diary)
    yield from _audit(place.url)
    yield from _passwords(place.folder, diary)


_Journeys = dict[str, dict[str, Any]]
_Fired = dict[str, list[str]]


def _journeys(connection: "psycopg.Connection[Any]") -> _Journeys:
    rows = connection.execute("SELECT id, snapshot, pseudonym FROM journeys").fetchall()
    return {name: {**json.loads(text)["journey"], "account": account} for name, text, account in rows}


def _fired(connection: "psycopg.Connection[Any]") -> _Fired:
    """The rows that fired in each journey, in their order."""
    fired: defaultdict[str, list[str]] = defaultdict(list)
    rows = "SELECT journey, row FROM audit WHERE row <> '' AND journey <> '' AND name = 'row_fired' ORDER BY sequence"
    for journey, label in connection.execute(rows):
        fired[journey].append(label)
    return fired


def _histories(journeys: _Journeys, fired: _Fired) -> Iterator[Violation]:
    """The facts of a journey, row by row, lead from its door to the state that is stored."""
    for name in fired.keys() - journeys.keys():
        yield Violation("history", f"{name} has facts, and is not stored")
    for name, journey in journeys.items():
        chart = ChartName(journey["chart"])
        labels = fired.get(name, [])
        # From the door of the chart; a sign-in from any device opens the other one.
        at = State.AWAITING_SIGN_IN if labels[:1] and labels[0].startswith("awaiting") else CHARTS[chart].initial
        for label in labels:
            row: Row | None = _ROWS.get((chart, label))
            if row is None or row.state is not at:
                yield Violation("history", f"{name}: {label} cannot fire in {at}")
                break
            at = row.target
        else:
            if at != journey["state"]:
                yield Violation("history", f"{name} is stored in {journey['state']}, and its facts lead to {at}")


def _messages(
    connection: "psycopg.Connection[Any]", journeys: _Journeys, fired: _Fired, office: Office, people: int
) -> Iterator[Violation]:
    """Every message that a row promised is in the outbox, and arrived if it is for somebody."""
    vault = Vault(KEYS)
    accounts = {_name_of(number, vault) for number in range(people)}
    kept = connection.execute("SELECT id, account, journey, state, until FROM outbox").fetchall()
    secrets = Counter(journey for _, _, journey, _, until in kept if until is not None)
    for name, journey in journeys.items():
        chart = ChartName(journey["chart"])
        promised = sum(
            effect in _SECRETS
            for label in fired.get(name, ())
            if (chart, label) in _ROWS
            for effect in _ROWS[chart, label].effects
        )
        if promised != secrets[name]:
            yield Violation("message", f"{name} promised {promised} secrets, and the outbox has {secrets[name]}")
    for name, account, _, state, _ in kept:
        came = office.arrived.get(name, [])
        if state not in ("delivered", "dropped"):
            yield Violation("message", f"{name} is {state} in the end")
        elif state == "delivered" and account in accounts and not came:
            yield Violation("message", f"{name} is delivered, and nothing arrived")
        elif came and account not in accounts:
            yield Violation("message", f"{name} is for nobody, and arrived")
        elif any(_text(other) != _text(came[0]) for other in came):
            yield Violation("key", f"{name} arrived as two messages")
    for name in office.arrived.keys() - {name for name, *_ in kept}:
        yield Violation("key", f"{name} arrived, and was never promised")


def _counts(
    connection: "psycopg.Connection[Any]", folder: Path, journeys: _Journeys, fired: _Fired, diary: Diary
) -> Iterator[Violation]:
    """Every guess that was compared is counted, none twice, and none is beyond the caps."""
    vault = Vault(KEYS)
    nothing = vault.digest(Purpose.CODE).hex()
    compared: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    by_code: defaultdict[str, set[str]] = defaultdict(set)
    for line in (folder / WITNESS).read_text("ascii").splitlines():
        account, _, _, expected, guess = line.split(" ")
        if expected != nothing:
            by_code[expected].add(guess)
            compared[account].add((expected, guess))
    for code, guesses in by_code.items():
        if len(guesses) > POLICY.guesses_per_code:
            yield Violation("cap", f"{len(guesses)} guesses were compared with one code ({code[:16]})")
    told = {_name_of(account, vault): number for account, number in diary.wrong.items()}
    pushed = {_name_of(account, vault) for account in diary.pushed}
    wrong, sent = _of_facts(journeys, fired)
    for account, text in connection.execute("SELECT account, snapshot FROM ledgers WHERE version > 0"):
        ledger = json.loads(text)
        counted, sends = len(ledger.get("code_guesses", ())), len(ledger.get("sends", ()))
        if counted > POLICY.code_guesses_per_month + POLICY.guesses_per_code or sends > POLICY.sends_per_day:
            yield Violation("cap", f"{account}: {counted} guesses, {sends} codes")
        if sends != sent[account]:
            yield Violation("count", f"{account}: {sends} codes are counted, {sent[account]} were sent")
        # Right guesses among them make it fewer; of several at once some meet a code that another one has killed.
        if counted < wrong[account] or (counted > wrong[account] and account not in pushed):
            yield Violation("count", f"{account}: {counted} wrong codes are counted, {wrong[account]} were told")
        if counted < told.get(account, 0):
            yield Violation("count", f"{account}: {counted} wrong codes are counted, people saw {told[account]}")


def _of_facts(journeys: _Journeys, fired: _Fired) -> tuple[Counter[str], Counter[str]]:
    """By account: wrong codes, and codes that were sent, as the facts tell it."""
    wrong, sent = Counter[str](), Counter[str]()
    for name, labels in fired.items():
        journey = journeys.get(name)
        if journey is None:
            continue
        rows = [_ROWS[ChartName(journey["chart"]), label] for label in labels]
        sent[journey["account"]] += sum("send_code" in row.effects for row in rows)
        wrong[journey["account"]] += sum(
            row.event == "submit_code" and not {"settle_code_guess", "say_code_is_not_live"} & set(row.effects)
            for row in rows
        )
    return wrong, sent


def _audit(url: str) -> Iterator[Violation]:
    store = PostgresStore(url, connections=2)
    with store.trail() as trail:
        yield from (Violation("audit", each.says) for each in verified(trail, Vault(KEYS)))
    store.close()


def _passwords(folder: Path, diary: Diary) -> Iterator[Violation]:
    """The password that was accepted last is the account's."""
    with directory(folder) as accounts:
        for number, password in diary.passwords.items():
            if not accounts.password_matches(AccountKey(f"account-{number}"), password):
                yield Violation("effect", f"account {number} has not the password that was accepted")


def _name_of(account: int, vault: Vault) -> str:
    """The pseudonym of an account, or of an identifier that is nobody's."""
    return vault.pseudonym(f"account:account-{account}" if account < NOBODY else f"nir:{identifier(account)}")


def _text(message: Message) -> tuple[object, ...]:
    return message.kind, message.to, None if message.secret is None else message.secret.reveal()
