"""An account directory on one SQLite file: for demonstrations, and for hosts that have none of their own yet."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Final, final

from sqlalchemy import Column, Integer, MetaData, Table, Text

from msa_recovery.application.errors import CallerError
from msa_recovery.application.ports import Clock
from msa_recovery.domain.account import (
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    VerifiedIdentity,
)
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import Identifier, Nir

from .held_account import HeldAccount, Pivot
from .held_text import held_of, text_of
from .kept_directory import KeptDirectory
from .password_hashing import Hasher
from .sqlite_file import SqliteFile, Tables

__all__ = ["SqliteDirectory"]

_TABLES: Final = MetaData()

Table(
    "accounts",
    _TABLES,
    Column("position", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("held", Text, nullable=False),
    sqlite_strict=True,
)

# Everything that finds an account: its key, its identifiers, the person behind it. Each stands for one account.
Table(
    "names",
    _TABLES,
    Column("name", Text, primary_key=True),
    Column("key", Text, nullable=False),
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

_NAMED: Final = "SELECT held FROM accounts WHERE key = (SELECT key FROM names WHERE name = ?)"


@final
class SqliteDirectory(KeptDirectory, AbstractContextManager["SqliteDirectory"]):
    """Keeps accounts in a file that threads and processes share, readable by its owner only.

    What is applied is on the disk, with the name under which it is done once, when :meth:`apply` returns.

    Args:
        path: the file, in a folder that exists; the file itself is made at the first call.
        hasher: keeps and compares the passwords.
        clock: says when a contact detail changed.
    """

    def __init__(self, path: str | Path, hasher: Hasher, clock: Clock) -> None:
        super().__init__(hasher, clock)
        self._file = SqliteFile(path, Tables("accounts", frozenset({"accounts", "names"}), _TABLES.create_all))

    def add(self, accounts: Iterable[HeldAccount]) -> None:
        """Take up these accounts, all of them or none.

        Raises:
            CallerError: a key, an identifier or a civil identity stands for two accounts.
        """
        with self._file.writing() as cursor:
            for held in accounts:
                key = held.account.key
                for name, what in _names(held):
                    known = cursor.execute("SELECT key FROM names WHERE name = ?", (name,)).fetchone()
                    if known is not None:
                        raise CallerError(f"two accounts have the same {what}")
                    cursor.execute("INSERT INTO names (name, key) VALUES (?, ?)", (name, key))
                cursor.execute("INSERT INTO accounts (key, held) VALUES (?, ?)", (key, text_of(held)))

    def accounts(self) -> tuple[HeldAccount, ...]:
        with self._file.reading() as cursor:
            rows = cursor.execute("SELECT held FROM accounts ORDER BY position").fetchall()
        return tuple(held_of(text) for (text,) in rows)

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

    def _named(self, name: str) -> HeldAccount | None:
        with self._file.reading() as cursor:
            row = cursor.execute(_NAMED, (name,)).fetchone()
        # What nobody is known by costs the reading of an account as well (R14): else time would tell who has one.
        held = held_of(_nobodys() if row is None else row[0])
        return None if row is None else held

    def _change(self, key: AccountKey, change: Callable[[HeldAccount], HeldAccount], once: str | None) -> bool:
        with self._file.writing() as cursor:
            row = cursor.execute("SELECT held FROM accounts WHERE key = ?", (key,)).fetchone()
            if row is None:
                return False
            if once is not None:
                done = cursor.execute("INSERT INTO done (key, once) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, once))
                if done.rowcount == 0:
                    return True
            changed = change(held_of(row[0]))
            cursor.execute("UPDATE accounts SET held = ? WHERE key = ?", (text_of(changed), key))
        return True


@cache
def _nobodys() -> str:
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
    return text_of(HeldAccount(account, "$argon2id$v=19$m=65536,t=3,p=4$" + "A" * 66, identity=_NOBODY))


def _names(held: HeldAccount) -> list[tuple[str, str]]:
    """Everything that finds this account, and what each is called."""
    account = held.account
    names = [(_by_key(account.key), "key"), *((each.canonical, "identifier") for each in set(account.identifiers))]
    return names if held.pivot is None else [*names, (_by_pivot(held.pivot), "civil identity")]


def _by_key(key: AccountKey) -> str:
    return f"key:{key}"


def _by_pivot(pivot: Pivot) -> str:
    return f"person:{json.dumps(pivot)}"
