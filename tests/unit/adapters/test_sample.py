"""The sample accounts: that they load, and that each kind of journey has somebody to try it with."""

import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Final

import pytest

import msa_recovery.sample
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.application.intents import RevokeSessions
from msa_recovery.domain.account import Account, AccountType, IdentifierKind
from msa_recovery.domain.challenge import WINDOW_MONTHS, Answer, ChallengeKind, Proof, answers
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.identifiers import Nir, Siret
from msa_recovery.domain.passwords import broken_rules
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.sample import sample_directory

NOW: Final = datetime(2026, 3, 29, 12, tzinfo=UTC)
QUARANTINE: Final = Policy.msa().contact_quarantine


def loaded_at(now: datetime) -> MemoryDirectory:
    return sample_directory(ManualClock(now), Argon2idHasher(TESTS_ONLY))


DIRECTORY: Final = loaded_at(NOW)
HELD: Final = DIRECTORY.accounts()
ACCOUNTS: Final = [held.account for held in HELD]
PASSWORDS: Final = [
    (entry["identifiers"][0], entry["password"])
    for entry in tomllib.loads(files(msa_recovery.sample).joinpath("accounts.toml").read_text("utf-8"))["account"]
    if "password" in entry
]


def kinds_on_file(account: Account) -> frozenset[ContactKind]:
    return frozenset(contact.kind for contact in account.contacts) & {ContactKind.EMAIL, ContactKind.MOBILE}


@pytest.mark.parametrize("account_type", AccountType)
@pytest.mark.parametrize("first_sign_in", [True, False])
def test_each_type_has_somebody_who_signed_in_and_somebody_who_never_did(
    account_type: AccountType, first_sign_in: bool
) -> None:
    assert (account_type, first_sign_in) in {(account.type, account.first_sign_in) for account in ACCOUNTS}


@pytest.mark.parametrize(
    "kinds",
    [{ContactKind.EMAIL, ContactKind.MOBILE}, {ContactKind.EMAIL}, {ContactKind.MOBILE}, set[ContactKind]()],
)
def test_somebody_has_both_ways_one_of_them_and_none(kinds: set[ContactKind]) -> None:
    assert kinds in [kinds_on_file(account) for account in ACCOUNTS]


def test_somebody_who_signed_in_has_nothing_on_file_at_all() -> None:
    assert () in [account.contacts for account in ACCOUNTS if not account.first_sign_in]


def test_somebody_has_all_four_contact_details() -> None:
    assert set(ContactKind) in [{contact.kind for contact in account.contacts} for account in ACCOUNTS]


def test_somebody_has_an_overseas_mobile() -> None:
    """R50."""
    mobiles = [contact.value.text for account in ACCOUNTS for contact in account.contacts]
    assert 1 == sum(text.startswith("+262692") for text in mobiles)


def test_somebodys_only_usable_way_is_the_one_not_changed_yesterday() -> None:
    """R32."""
    fresh = [
        [contact.changed_at is not None and contact.changed_at + QUARANTINE > NOW for contact in account.contacts]
        for account in ACCOUNTS
        if not any(contact.confirmed for contact in account.contacts)
    ]
    assert [True, False] in fresh


def test_somebodys_new_contact_was_confirmed_by_a_code() -> None:
    """R32."""
    confirmed = [contact for account in ACCOUNTS for contact in account.contacts if contact.confirmed]
    assert [True] * 2 == [one.changed_at is not None and one.changed_at + QUARANTINE > NOW for one in confirmed]


def test_a_farmer_is_one_account_under_two_identifiers() -> None:
    farmers = [account.identifiers for account in ACCOUNTS if account.type is AccountType.FARMER]
    assert [Nir, Siret] in [[type(one) for one in identifiers] for identifiers in farmers]


@pytest.mark.parametrize("kind", IdentifierKind)
def test_gardeners_are_employed_under_both_kinds_of_identifier(kind: IdentifierKind) -> None:
    """R48."""
    known_as = {IdentifierKind.NIR: Nir, IdentifierKind.SIRET: Siret}[kind]
    employers = [account for account in ACCOUNTS if account.type is AccountType.GARDENER_EMPLOYER]
    assert any(isinstance(one, known_as) for account in employers for one in account.identifiers)


def test_somebody_is_still_to_confirm_the_contact_details() -> None:
    assert [True] == [account.contacts_to_confirm for account in ACCOUNTS if account.contacts_to_confirm]


def test_accounts_belong_to_two_funds() -> None:
    """R57."""
    assert {"MSA Sud Aquitaine", "MSA Gironde"} == {account.fund.name for account in ACCOUNTS}


def test_somebody_can_sign_in_with_franceconnect_and_another_individual_cannot() -> None:
    individuals = [held.identity is not None for held in HELD if held.account.type is AccountType.INDIVIDUAL]
    assert {True, False} == set(individuals)


def _would_be_right(held: HeldAccount, proof: Proof, now: datetime) -> bool:
    return answers(Answer(proof.kind, proof.value), held.proofs, now.date())


@pytest.mark.parametrize("kind", ChallengeKind)
def test_each_question_has_a_right_answer(kind: ChallengeKind) -> None:
    """R25."""
    first_time = [held for held in HELD if held.account.first_sign_in]
    assert any(_would_be_right(held, proof, NOW) for held in first_time for proof in held.proofs if proof.kind is kind)


@pytest.mark.parametrize("kind", [kind for kind, months in WINDOW_MONTHS.items() if months])
def test_each_dated_question_has_an_answer_that_is_too_old(kind: ChallengeKind) -> None:
    """R25."""
    old = [
        proof for held in HELD for proof in held.proofs if proof.kind is kind and not _would_be_right(held, proof, NOW)
    ]
    assert 1 == len(old)


@pytest.mark.parametrize(
    "held", [held for held in HELD if held.account.first_sign_in], ids=lambda held: held.account.key
)
def test_whoever_never_signed_in_has_an_answer_and_no_password(held: HeldAccount) -> None:
    right = any(_would_be_right(held, proof, NOW) for proof in held.proofs)
    assert (True, None) == (right, held.password_hash)


@pytest.mark.parametrize(("identifier", "password"), PASSWORDS)
def test_whoever_signed_in_before_can_sign_in(identifier: str, password: str) -> None:
    assert loaded_at(NOW).sign_in(identifier, Secret(password)) is not None


def test_everybody_who_signed_in_before_has_a_password() -> None:
    assert len(PASSWORDS) == sum(not account.first_sign_in for account in ACCOUNTS)


@pytest.mark.parametrize(("identifier", "text"), PASSWORDS)
def test_a_sample_password_is_one_that_the_journey_would_accept(identifier: str, text: str) -> None:
    account = next(account for account in ACCOUNTS if identifier.replace(" ", "")[:13] in account.identifiers[0].digits)
    password, words = Secret(text), (*account.names, account.fund.name)
    assert () == broken_rules(
        password,
        password,
        strength=ZxcvbnMeter().measure(password, words),
        is_temporary=False,
        identifiers=account.identifiers,
        names=words,
        policy=Policy.msa(),
    )


def test_the_sample_never_ages() -> None:
    """Ten years on, the same answers are right and the same contacts may serve."""
    later = NOW + timedelta(days=3_653)

    def facts(now: datetime) -> list[object]:
        return [
            (
                held.account.key,
                [_would_be_right(held, proof, now) for proof in held.proofs],
                [contact.changed_at and now - contact.changed_at for contact in held.account.contacts],
            )
            for held in loaded_at(now).accounts()
        ]

    assert facts(NOW) == facts(later)


def test_no_message_to_a_sample_account_can_reach_anybody() -> None:
    """Reserved domains, and numbers that are made up on sight."""
    reserved = ("@example.org", "@example.com", "@example.net")
    made_up = ("+3360000", "+26269200", "+3353649")
    values = [contact.value for account in ACCOUNTS for contact in account.contacts]
    reachable = [
        value
        for value in values
        if not (
            (isinstance(value, EmailAddress) and value.text.endswith(reserved))
            or (isinstance(value, PhoneNumber) and value.text.startswith(made_up))
        )
    ]
    assert [] == reachable


def test_no_sample_nir_belongs_to_a_commune_that_exists() -> None:
    """Communes from 900 on, or from 90 on overseas, are given out in no département of the sample."""
    digits = [one.digits for account in ACCOUNTS for one in account.identifiers if isinstance(one, Nir)]
    assert [] == [one for one in digits if one[7 if one[5:7] != "97" else 8] != "9"]


def test_a_letter_can_be_posted_to_everybody() -> None:
    """The addressee and a town at least."""
    assert [] == [account.key for account in ACCOUNTS if len(account.postal_address) < 2]


def test_each_directory_is_a_new_one() -> None:
    first, second = loaded_at(NOW), loaded_at(NOW)
    first.apply(ACCOUNTS[0].key, RevokeSessions(), "1")
    assert 0 == second.sessions_revoked(ACCOUNTS[0].key)
