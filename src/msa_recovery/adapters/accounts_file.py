"""Accounts written by hand in a TOML file: for demonstrations and tests, since their passwords stand there in clear.

``sample/accounts.toml`` shows and explains every field. A date may be said in days before now, so that a file never
ages.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Final, final

from msa_recovery.application.ports import Clock
from msa_recovery.domain.account import (
    MATRIX,
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    IdentifierKind,
    TypeRules,
    VerifiedIdentity,
)
from msa_recovery.domain.challenge import WINDOW_MONTHS, ChallengeKind, Proof, parse_answer
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber, parse_contact, pretty
from msa_recovery.domain.helpdesk import Helpdesk, Opening
from msa_recovery.domain.identifiers import Identifier, Nir, parse_identifier
from msa_recovery.domain.passwords import normalised
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from .checked_table import AccountsFileError, CheckedTable
from .held_account import HeldAccount
from .password_hashing import Hasher

__all__ = ["AccountsFileError", "read_accounts", "read_funds"]

_MOST_IDENTIFIERS: Final = 8
_MOST_NAMES: Final = 16
_MOST_LINES: Final = 6
_MOST_GIVEN_NAMES: Final = 16
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TYPES: Final = {one.value: one for one in AccountType}
_QUESTIONS: Final = {one.value: one for one in ChallengeKind}
_GENDERS: Final = {one: one for one in ("female", "male")}

# A commune, or a country: 99100 is France.
_INSEE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")


def read_funds(path: str | PathLike[str]) -> Mapping[str, Helpdesk]:
    """The funds of an accounts file, by the names under which its accounts refer to them.

    Raises:
        AccountsFileError: the file cannot be read, or a fund in it is not as it should be.
    """
    return _funds(_parsed(path))


def read_accounts(path: str | PathLike[str], *, clock: Clock, hasher: Hasher) -> tuple[HeldAccount, ...]:
    """The accounts of a file, in their order.

    The id of a contact is the same each time that the file is read, so that a stored journey finds its contacts again.

    Args:
        path: the file, TOML in UTF-8.
        clock: what ``..._days_ago`` counts from.
        hasher: hashes the passwords, which stand in the file in clear.

    Raises:
        AccountsFileError: the file cannot be read, or something in it is not as it should be; nothing is kept then.
    """
    file = _parsed(path)
    reader = _Reader(_funds(file), clock.now(), hasher)
    accounts = tuple(reader.held(entry) for entry in file.entries("account"))
    file.end()
    return accounts


def _parsed(path: str | PathLike[str]) -> CheckedTable:
    try:
        return CheckedTable("file", tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise AccountsFileError("file", "", error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise AccountsFileError("file", "", "not in UTF-8") from None
    # Not only TOMLDecodeError: a number of many thousand digits is a bare ValueError.
    except ValueError as error:
        raise AccountsFileError("file", "", f"not TOML: {error}") from None


def _contact_value(table: CheckedTable, field: str, kind: ContactKind) -> EmailAddress | PhoneNumber:
    value = parse_contact(kind, table.text(field))
    if isinstance(value, Problem):
        raise table.fault(field, value.code)
    return value


# -- funds -------------------------------------------------------------------------------------------------------------


def _funds(file: CheckedTable) -> Mapping[str, Helpdesk]:
    return {name: _fund(table) for name, table in file.named_entries("fund").items()}


def _fund(table: CheckedTable) -> Helpdesk:
    fund = Helpdesk(
        name=table.text("name"),
        phone=pretty(_contact_value(table, "phone", ContactKind.LANDLINE)),
        email=pretty(_contact_value(table, "email", ContactKind.EMAIL)),
        hours=tuple(_opening(hours) for hours in table.tables("hours")),
    )
    table.end()
    return fund


def _opening(table: CheckedTable) -> Opening:
    days = table.texts("days", len(_WEEK))
    if not set(days) <= set(_WEEK):
        raise table.fault("days", f"names from {', '.join(_WEEK)}")
    opening = Opening(frozenset(map(_WEEK.index, days)), table.time_of_day("opens"), table.time_of_day("closes"))
    if opening.closes <= opening.opens:
        raise table.fault("closes", "later than opens")
    table.end()
    return opening


# -- accounts ----------------------------------------------------------------------------------------------------------


@final
class _Reader:
    """Reads one account after another, and remembers which names are taken."""

    def __init__(self, funds: Mapping[str, Helpdesk], now: datetime, hasher: Hasher) -> None:
        self._funds = funds
        self._now = now
        self._hasher = hasher
        self._keys: set[AccountKey] = set()
        self._identifiers: set[Identifier] = set()

    def held(self, table: CheckedTable) -> HeldAccount:
        """One account and what the directory holds besides."""
        account = self._account(table)
        rules = MATRIX[account.type]
        held = HeldAccount(
            account=account,
            password_hash=self._password_hash(table),
            proofs=tuple(self._proof(proof, rules) for proof in table.tables("proofs")) if table.has("proofs") else (),
            identity=_identity(table.table("identity")) if table.has("identity") else None,
        )
        table.end()
        return held

    def _account(self, table: CheckedTable) -> Account:
        key = self._key(table)
        account_type = table.choice("type", _TYPES)
        return Account(
            key=key,
            type=account_type,
            first_sign_in=table.flag("first_sign_in"),
            identifiers=self._identifiers_of(table, MATRIX[account_type]),
            contacts=tuple(self._contact(table, kind, key) for kind in ContactKind if table.has(kind)),
            names=table.texts("names", _MOST_NAMES),
            postal_address=table.texts("postal_address", _MOST_LINES),
            fund=table.choice("fund", self._funds),
            contacts_to_confirm=table.flag("contacts_to_confirm"),
        )

    def _key(self, table: CheckedTable) -> AccountKey:
        key = AccountKey(table.text("key"))
        if key in self._keys:
            raise table.fault("key", "another account has it")
        self._keys.add(key)
        return key

    def _identifiers_of(self, table: CheckedTable, rules: TypeRules) -> tuple[Identifier, ...]:
        found: list[Identifier] = []
        for number, text in enumerate(table.texts("identifiers", _MOST_IDENTIFIERS), start=1):
            field = f"identifiers[{number}]"
            identifier = parse_identifier(text)
            if isinstance(identifier, Problem):
                raise table.fault(field, identifier.code)
            kind = IdentifierKind.NIR if isinstance(identifier, Nir) else IdentifierKind.SIRET
            if kind not in rules.identifiers:
                raise table.fault(field, "an account of this type has no such identifier")
            if identifier in self._identifiers:
                raise table.fault(field, "stands in the file already")
            self._identifiers.add(identifier)
            found.append(identifier)
        return tuple(found)

    def _contact(self, table: CheckedTable, kind: ContactKind, key: AccountKey) -> Contact:
        given = table.text_or_table(kind, "value")
        contact = Contact(
            id=ContactId(hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()),
            kind=kind,
            value=_contact_value(given, "value", kind),
            changed_at=given.recent_moment("changed", self._now),
            confirmed=given.flag("confirmed"),
        )
        given.end()
        return contact

    def _password_hash(self, table: CheckedTable) -> str | None:
        return self._hasher.hash(Secret(normalised(table.text("password")))) if table.has("password") else None

    def _proof(self, table: CheckedTable, rules: TypeRules) -> Proof:
        kind = table.choice("kind", _QUESTIONS)
        if kind not in rules.challenges:
            raise table.fault("kind", "an account of this type is not asked this")
        answer = parse_answer(kind, table.text("answer"))
        if isinstance(answer, Problem):
            raise table.fault("answer", answer.code)
        dated = WINDOW_MONTHS[kind] is not None
        proof = Proof(kind, answer.value, table.recent_day("paid", self._now.date()) if dated else None)
        table.end()
        return proof


def _identity(table: CheckedTable) -> VerifiedIdentity:
    identity = VerifiedIdentity(
        subject="",
        given_names=table.texts("given_names", _MOST_GIVEN_NAMES),
        family_name=table.text("family_name"),
        birthdate=table.day("birthdate").isoformat(),
        gender=table.choice("gender", _GENDERS),
        birthplace=_insee(table, "birthplace") if table.has("birthplace") else "",
        birthcountry=_insee(table, "birthcountry"),
    )
    table.end()
    return identity


def _insee(table: CheckedTable, field: str) -> str:
    code = table.text(field)
    if not _INSEE.fullmatch(code):
        raise table.fault(field, "an INSEE code of five characters")
    return code
