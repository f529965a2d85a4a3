"""An account directory on one SQLite file: for demonstrations, and for hosts that have none of their own yet."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Final, cast, final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert

from msa_recovery.application.errors import CallerError
from msa_recovery.application.ports import Clock
from msa_recovery.domain.account import (
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    Pivot,
    VerifiedIdentity,
)
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import Identifier, Nir

from .held_account import HeldAccount
from .held_text import held_of, proofs_of, proofs_text, text_of
from .kept_directory import KeptDirectory
from .password_hashing import Hasher
from .sqlite_file import SqliteFile, Tables

__all__ = ["SqliteDirectory"]

_TABLES: Final = MetaData()

# At position 0 stands an account that nothing finds: what nobody is known by is read from there.
Table(
    "accounts",
    _TABLES,
    Column("position", Integer, primary_key=True),
    Column("held", Text, nullable=False),
    Column("proofs", Text, nullable=False),
    sqlite_strict=True,
)

# Everything that finds an account: its key, its identifiers, the person behind it. Each stands for one account.
Table(
    "names",
    _TABLES,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

Table(
    "done",
    _TABLES,
    Column("key", Text, primary_key=True),
    Column("once", Text, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

_NOBODY: Final = VerifiedIdentity(
    subject="",
    given_names=("Nobody",),
    family_name="Nowhere",
    birthdate="1900-01-01",
    gender="female",
    birthplace="33900",
    birthcountry="99100",
)

_ADD: Final = "INSERT INTO accounts (held, proofs) VALUES (?, ?)"
_REPLACE: Final = "UPDATE accounts SET held = ?, proofs = ? WHERE position = ?"
# Whoever is asked for, a row is looked up and read (R14): else time would tell who has an account.
_NAMED: Final = """SELECT position, held, proofs FROM accounts
    WHERE position = COALESCE((SELECT position FROM names WHERE name = ?), 0)"""


@final
class SqliteDirectory(KeptDirectory, AbstractContextManager["SqliteDirectory"]):
    """Keeps accounts in a file that threads and processes share, readable by its owner only.

    What is applied is on the disk, with the name under which it is done once, when ``apply`` returns.

    Args:
        path: the file, in a folder that exists; the file itself is made at the first call.
        hasher: keeps and compares the passwords.
        clock: says when a contact detail changed.
    """

    def __init__(self, path: str | Path, hasher: Hasher, clock: Clock) -> None:
        super().__init__(hasher, clock)
        self._file = SqliteFile(path, Tables("accounts", frozenset({"accounts", "names"}), _prepare))

    def add(self, accounts: Iterable[HeldAccount]) -> None:
        """Take up these accounts, all of them or none.

        Raises:
            CallerError: a key, an identifier or a civil identity stands for two accounts.
        """
        with self._file.writing() as cursor:
            for held in accounts:
                cursor.execute(_ADD, (text_of(held), proofs_text(held.proofs)))
                position = cursor.lastrowid
                for name, what in _names(held):
                    named = cursor.execute(
                        "INSERT INTO names (name, position) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, position)
                    )
                    if named.rowcount == 0:
                        raise CallerError(f"two accounts have the same {what}")

    def accounts(self) -> tuple[HeldAccount, ...]:
        """Every account, as it is now."""
        with self._file.reading() as cursor:
            rows = cursor.execute("SELECT held, proofs FROM accounts WHERE position > 0 ORDER BY position").fetchall()
        return tuple(held_of(text, proofs_of(proofs)) for text, proofs in rows)

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._file.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _held(self, key: AccountKey) -> HeldAccount | None:
        return self._named(_by_key(key))

    def _known_as(self, identifier: Identifier) -> HeldAccount | None:
        return self._named(identifier.canonical)

    def _person(self, pivot: Pivot) -> HeldAccount | None:
        return self._named(_by_pivot(pivot))

    def _proofs(self, key: AccountKey) -> tuple[Proof, ...]:
        position, _, text = self._row(_by_key(key))
        proofs = proofs_of(text)
        return proofs if position else ()

    def _named(self, name: str) -> HeldAccount | None:
        position, text, _ = self._row(name)
        held = held_of(text)
        return held if position else None

    def _row(self, name: str) -> tuple[int, str, str]:
        with self._file.reading() as cursor:
            return cast(tuple[int, str, str], cursor.execute(_NAMED, (name,)).fetchone())

    def _change(self, key: AccountKey, change: Callable[[HeldAccount], HeldAccount], once: str | None) -> bool:
        with self._file.writing() as cursor:
            position, text, proofs = cursor.execute(_NAMED, (_by_key(key),)).fetchone()
            if not position:
                return False
            if once is not None:
                done = cursor.execute("INSERT INTO done (key, once) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, once))
                if done.rowcount == 0:
                    return True
            changed = change(held_of(text, proofs_of(proofs)))
            cursor.execute(_REPLACE, (text_of(changed), proofs_text(changed.proofs), position))
        return True


def _prepare(connection: Connection) -> None:
    _TABLES.create_all(connection)
    connection.execute(
        insert(_TABLES.tables["accounts"])
        .prefix_with("OR IGNORE")
        .values(position=0, held=text_of(_nobodys()), proofs=proofs_text(_nobodys().proofs))
    )


def _nobodys() -> HeldAccount:
    """An account as long as most are, and nobody's."""
    contacts = (
        (ContactKind.MOBILE, PhoneNumber("+33600000000")),
        (ContactKind.EMAIL, EmailAddress("nobody@example.org")),
    )
    account = Account(
        key=AccountKey("nobody's account"),
        type=AccountType.INDIVIDUAL,
        first_sign_in=False,
        identifiers=(Nir("1990133990001"),),
        contacts=tuple(Contact(ContactId("0" * 32), kind, value, confirmed=True) for kind, value in contacts),
        names=("Nobody", "Nowhere", "Utopia"),
        postal_address=("M NOBODY NOWHERE", "1 RUE SANS NOM", "33000 UTOPIA"),
        fund=ASSISTANCE_INTERNET,
    )
    proofs = tuple(Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(10_000), date(2026, month, 5)) for month in (1, 2, 3))
    return HeldAccount(account, "$argon2id$v=19$m=65536,t=3,p=4$" + "A" * 66, proofs, identity=_NOBODY)


def _names(held: HeldAccount) -> list[tuple[str, str]]:
    """Everything that finds this account, and what each is called."""
    account = held.account
    names = [(_by_key(account.key), "key"), *((each.canonical, "identifier") for each in set(account.identifiers))]
    return names if held.pivot is None else [*names, (_by_pivot(held.pivot), "civil identity")]


def _by_key(key: AccountKey) -> str:
    return f"key:{key}"


def _by_pivot(pivot: Pivot) -> str:
    return f"person:{json.dumps(pivot)}"
