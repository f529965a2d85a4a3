"""Bugs that are planted into a host, to see that they are found. Each is what somebody might well write.

What is missing here is a store that does not wait for the disk (``synchronous = OFF``): what a process wrote is the
system's once it was written, and a kill takes nothing of that back. Only a power failure does.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

import psycopg
from attrs import evolve

from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application import deciding, doors, questions, relay, script, showing
from msa_recovery.application.deciding import Committed, Decided
from msa_recovery.application.gathering import Memory, compared
from msa_recovery.application.messages import Message
from msa_recovery.application.outgoing import open_intent
from msa_recovery.application.questions import Question, Script
from msa_recovery.application.records import (
    Answered,
    Change,
    IntentRow,
    MessageId,
    OutboxRow,
    OutboxState,
    StoredLedger,
)
from msa_recovery.application.subject import Subject
from msa_recovery.application.world import Scene, World
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.events import Guessing
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context, Guess

__all__ = ["BUGS", "plant"]

_APPLYING: Final = (deciding, doors, relay, script, showing)
"""Where effects are applied."""


def plant(name: str) -> None:
    """Plant a bug into this process, which does not live long."""
    BUGS[name]()


def _replace(name: str, by: object, *modules: object) -> None:
    for module in modules:
        setattr(module, name, by)


# -- guesses -----------------------------------------------------------------------------------------------------------


def _compared_before_it_is_counted() -> None:
    count_and_compare = deciding._guess

    def guess(
        world: World, scene: Scene, event: Guessing, subject: Subject, context: Context, memory: Memory, new: bool
    ) -> Script[tuple[Scene, Guess] | None]:
        yield from compared(scene.case, event, subject, world.vault, context.now)
        return (yield from count_and_compare(world, scene, event, subject, context, memory, new))

    _replace("_guess", guess, deciding)


def _counted_with_the_step() -> None:
    def reserve(scene: Scene, case: Case, new: bool) -> Script[Scene | None]:
        yield from ()
        stored, ledger = evolve(scene.stored, journey=case.journey), scene.ledger
        if ledger is not None and case.ledger is not None:
            ledger = evolve(ledger, ledger=case.ledger)
        return Scene(stored, ledger, scene.subject)

    _replace("_reserve", reserve, deciding)


def _counted_anew_when_it_is_made_again() -> None:
    _replace("request_of", lambda *_: b"", script, doors)


def _forgiven_at_a_restart() -> None:
    in_file, on_server = SqliteStore.keys_besides, PostgresStore.keys_besides

    def forgives(store: SqliteStore, *arguments: Any) -> Any:
        with store._file.writing() as cursor:
            cursor.execute("UPDATE ledgers SET snapshot = json_remove(snapshot, '$.current_password_guesses')")
        return in_file(store, *arguments)

    def forgives_on_server(store: PostgresStore, *arguments: Any) -> Any:
        url = store._server.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE ledgers SET snapshot = snapshot::jsonb - 'current_password_guesses'")
        return on_server(store, *arguments)

    _replace("keys_besides", forgives, SqliteStore)
    _replace("keys_besides", forgives_on_server, PostgresStore)


# -- one commit --------------------------------------------------------------------------------------------------------


def _split(first: Callable[[Change], Change], second: Callable[[Change], Change]) -> None:
    for kind in (SqliteStore, PostgresStore):
        _replace("commit", _twice(kind.commit, first, second), kind)


def _twice(
    commit: Callable[[Any, Change], bool], first: Callable[[Change], Change], second: Callable[[Change], Change]
) -> Callable[[Any, Change], bool]:
    return lambda store, change: commit(store, first(change)) and commit(store, second(change))


def _messages_in_a_transaction_of_their_own() -> None:
    _split(lambda change: evolve(change, outbox=()), lambda change: Change(outbox=change.outbox))


def _effects_in_a_transaction_of_their_own() -> None:
    _split(lambda change: evolve(change, intents=()), lambda change: Change(intents=change.intents))


def _the_answer_is_not_remembered() -> None:
    commit = deciding.commit

    def forgets(
        world: World, decided: Decided, handle: Secret, context: Context, _: Answered | None = None
    ) -> Script[Committed | None]:
        return (yield from commit(world, decided, handle, context))

    _replace("commit", forgets, script)


# -- effects on the directory ------------------------------------------------------------------------------------------


def _applied_before_they_are_committed() -> None:
    commit = deciding.commit

    def applies_first(
        world: World, decided: Decided, handle: Secret, context: Context, answered: Answered | None = None
    ) -> Script[Committed | None]:
        for row in deciding._intents(world, decided, context.now):
            key, intent = open_intent(row, world.vault)
            yield from questions.apply(key, intent, row.key)
        return (yield from commit(world, decided, handle, context, answered))

    _replace("commit", applies_first, script)


def _applied_and_never_closed() -> None:
    def applies(world: World, rows: tuple[IntentRow, ...]) -> Script[None]:
        for row in rows:
            key, intent = open_intent(row, world.vault)
            yield from questions.apply(key, intent, row.key)

    _replace("apply_intents", applies, *_APPLYING)


def _closed_before_they_are_applied() -> None:
    def closes(world: World, rows: tuple[IntentRow, ...]) -> Script[None]:
        if rows:
            yield from questions.commit(Change(applied=rows))
        for row in rows:
            key, intent = open_intent(row, world.vault)
            yield from questions.apply(key, intent, row.key)

    _replace("apply_intents", closes, *_APPLYING)


def _applied_backwards() -> None:
    apply = deciding.apply_intents

    def backwards(world: World, rows: tuple[IntentRow, ...]) -> Script[None]:
        yield from apply(world, rows[::-1])

    _replace("apply_intents", backwards, *_APPLYING)


def _the_directory_remembers_nothing() -> None:
    change = SqliteDirectory._change

    def forgets(
        directory: SqliteDirectory, key: AccountKey, what: Callable[[HeldAccount], HeldAccount], _: str | None
    ) -> bool:
        return change(directory, key, what, None)

    _replace("_change", forgets, SqliteDirectory)


def _the_directory_remembers_too_early() -> None:
    change = SqliteDirectory._change

    def notes_first(
        directory: SqliteDirectory, key: AccountKey, what: Callable[[HeldAccount], HeldAccount], once: str | None
    ) -> bool:
        if once is None:
            return change(directory, key, what, None)
        with directory._file.writing() as cursor:
            noted = cursor.execute("INSERT INTO done (key, once) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, once))
        return change(directory, key, what, None) if noted.rowcount else True

    _replace("_change", notes_first, SqliteDirectory)


# -- messages ----------------------------------------------------------------------------------------------------------


def _another_key_at_every_try() -> None:
    def deliver(message: Message, key: MessageId) -> Question[Any]:
        return Question("messengers", "deliver", (message, f"{key}.{secrets.token_hex(2)}"), message.channel)

    _replace("deliver", deliver, questions)


def _crossed_off_before_it_is_handed_over() -> None:
    handle = relay._handle

    def crosses_off(world: World, row: OutboxRow, now: Any) -> Script[tuple[OutboxRow, Any, StoredLedger | None]]:
        over = evolve(row, state=OutboxState.DELIVERED)
        yield from questions.commit(Change(outbox=(over,)))
        after, fact, ledger = yield from handle(world, row, now)
        return evolve(after, version=row.version + 1), fact, ledger

    _replace("_handle", crosses_off, relay)


def _claimed_for_ever() -> None:
    _replace("_LEASE", timedelta(days=3_650), relay)


BUGS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {
        "a guess is compared before it is counted": _compared_before_it_is_counted,
        "a guess is counted in the commit of its step": _counted_with_the_step,
        "a guess is counted anew when it is made again": _counted_anew_when_it_is_made_again,
        "wrong guesses are forgiven at a restart": _forgiven_at_a_restart,
        "messages are promised in a transaction of their own": _messages_in_a_transaction_of_their_own,
        "effects are noted in a transaction of their own": _effects_in_a_transaction_of_their_own,
        "the answer to a request is not remembered": _the_answer_is_not_remembered,
        "effects are applied before they are committed": _applied_before_they_are_committed,
        "effects are applied and never closed": _applied_and_never_closed,
        "effects are closed before they are applied": _closed_before_they_are_applied,
        "effects are applied backwards": _applied_backwards,
        "the directory does not remember what it did": _the_directory_remembers_nothing,
        "the directory remembers what it has not done yet": _the_directory_remembers_too_early,
        "a message has another key at every try": _another_key_at_every_try,
        "a message is crossed off before it is handed over": _crossed_off_before_it_is_handed_over,
        "a message is claimed for ever": _claimed_for_ever,
    }
)
"""By what they do wrong."""
