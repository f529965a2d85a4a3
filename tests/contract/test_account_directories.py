"""The shipped account directories keep the contract of a directory."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.application.ports import AccountDirectory
from msa_recovery.domain.account import (
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    VerifiedIdentity,
)
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.async_ports import AsyncDirectoryOf
from msa_recovery.testing.contracts import AccountDirectoryContract, KnownAccount

_KNOWN = KnownAccount(
    key=AccountKey("camille"),
    identifiers=(Nir("2840333900001"), Nir("2840333900002")),
    password=Secret("Vendanges#2019"),
    identity=VerifiedIdentity(
        subject="fc",
        given_names=("Camille",),
        family_name="Laborde",
        birthdate="1984-03-17",
        gender="female",
        birthplace="33900",
        birthcountry="99100",
    ),
    kind=ChallengeKind.BENEFIT_AMOUNT,
    paid=(date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 1)),
)


_HASHER, _CLOCK = Argon2idHasher(TESTS_ONLY), ManualClock(datetime(2026, 3, 2, tzinfo=UTC))


def _held() -> HeldAccount:
    account = Account(
        key=_KNOWN.key,
        type=AccountType.INDIVIDUAL,
        first_sign_in=False,
        identifiers=_KNOWN.identifiers,
        contacts=(
            Contact(ContactId("1"), ContactKind.EMAIL, EmailAddress("camille@example.org")),
            Contact(ContactId("2"), ContactKind.MOBILE, PhoneNumber("+33600000011")),
        ),
        names=("Camille",),
        postal_address=("MME CAMILLE LABORDE",),
        fund=Helpdesk("MSA Gironde", "05 36 49 00 33", "assistance@example.org"),
    )
    proofs = tuple(Proof(_KNOWN.kind, Amount(100 + day.day), day) for day in _KNOWN.paid)
    other = Proof(ChallengeKind.CONTRIBUTION_INVOICE, Amount(5_000), date(2026, 3, 1))
    return HeldAccount(account, _HASHER.hash(_KNOWN.password), (*proofs, other), _KNOWN.identity)


def _memory_directory() -> MemoryDirectory:
    return MemoryDirectory([_held()], _HASHER, _CLOCK)


class TestMemoryDirectory(AccountDirectoryContract):
    @pytest.fixture
    def directory(self) -> MemoryDirectory:
        return _memory_directory()

    @pytest.fixture
    def known(self) -> KnownAccount:
        return _KNOWN

    def revocations(self, directory: AccountDirectory, key: AccountKey) -> int:
        return cast(MemoryDirectory, directory).sessions_revoked(key)


class TestAwaitedMemoryDirectory(AccountDirectoryContract):
    @pytest.fixture
    def directory(self) -> AsyncDirectoryOf:
        return AsyncDirectoryOf(_memory_directory())

    @pytest.fixture
    def known(self) -> KnownAccount:
        return _KNOWN

    def revocations(self, directory: AccountDirectory, key: AccountKey) -> int:
        return cast(MemoryDirectory, cast(AsyncDirectoryOf, directory).of).sessions_revoked(key)


class TestSqliteDirectory(AccountDirectoryContract):
    @pytest.fixture
    def directory(self, tmp_path: Path) -> Iterator[SqliteDirectory]:
        directory = SqliteDirectory(tmp_path / "accounts.sqlite", _HASHER, _CLOCK)
        directory.add([_held()])
        yield directory
        directory.close()

    @pytest.fixture
    def known(self) -> KnownAccount:
        return _KNOWN

    def revocations(self, directory: AccountDirectory, key: AccountKey) -> int:
        return cast(SqliteDirectory, directory).sessions_revoked(key)
