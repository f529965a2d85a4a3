"""What the matrix of account types allows, and what a journey keeps of an account that it takes up."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from msa_recovery.domain.account import (
    MATRIX,
    POSTAL,
    Account,
    AccountKey,
    AccountType,
    Channel,
    Contact,
    ContactId,
    IdentifierKind,
    Profile,
    Pseudonym,
    VerifiedIdentity,
    Way,
    freeze,
)
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.events import Identify
from msa_recovery.domain.journey import State
from msa_recovery.domain.situation import Evidence, Situation
from tests.support.cases import BOTH, HELPDESK, IDENTITY, INSTANT, NIR, NOW, at, case_in

WEEK = timedelta(days=7)
LONG_AGO = NOW - timedelta(days=400)

# -- the matrix --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "identifiers", "challenges", "franceconnect"),
    [
        (
            AccountType.INDIVIDUAL,
            {IdentifierKind.NIR},
            (ChallengeKind.VITALE_SERIAL, ChallengeKind.BENEFIT_AMOUNT),
            True,
        ),
        (
            AccountType.FARMER,
            {IdentifierKind.NIR, IdentifierKind.SIRET},
            (ChallengeKind.CONTRIBUTION_INVOICE,),
            False,
        ),
        (AccountType.COMPANY, {IdentifierKind.SIRET}, (ChallengeKind.PAYROLL_CONTRIBUTIONS,), False),
        (
            AccountType.GARDENER_EMPLOYER,
            {IdentifierKind.NIR, IdentifierKind.SIRET},
            (ChallengeKind.PAYROLL_CONTRIBUTIONS,),
            False,
        ),
    ],
)
def test_each_account_type_has_its_line_of_the_matrix(
    type_: AccountType, identifiers: set[IdentifierKind], challenges: tuple[ChallengeKind, ...], franceconnect: bool
) -> None:
    """R25, R48"""
    rules = MATRIX[type_]
    assert (identifiers, challenges, franceconnect) == (set(rules.identifiers), rules.challenges, rules.franceconnect)


def test_the_matrix_is_whole() -> None:
    """R48"""
    assert set(AccountType) == set(MATRIX)


def test_every_question_is_asked_of_somebody() -> None:
    """R25"""
    assert set(ChallengeKind) == {kind for rules in MATRIX.values() for kind in rules.challenges}


def test_nobody_can_change_the_matrix() -> None:
    with pytest.raises(TypeError):
        MATRIX[AccountType.COMPANY] = MATRIX[AccountType.INDIVIDUAL]  # type: ignore[index]


# -- an account, and what is frozen of it ------------------------------------------------------------------------------

EMAIL = Contact(ContactId("e1"), ContactKind.EMAIL, EmailAddress("marie@exemple.fr"))
MOBILE = Contact(ContactId("m1"), ContactKind.MOBILE, PhoneNumber("+33612345612"))
LANDLINE = Contact(ContactId("l1"), ContactKind.LANDLINE, PhoneNumber("+33557000001"))
ADDRESS = ("Mme Marie Durand", "1 rue des Vignes", "33000 Bordeaux")


def account(*contacts: Contact, type_: AccountType = AccountType.FARMER, first_sign_in: bool = True) -> Account:
    """An account that holds these contacts."""
    return Account(
        key=AccountKey("key"),
        type=type_,
        first_sign_in=first_sign_in,
        identifiers=(NIR,),
        contacts=contacts,
        names=("Marie", "Durand"),
        postal_address=ADDRESS,
        fund=HELPDESK,
    )


def fingerprint(text: str) -> bytes:
    """Stands in for the keyed digest."""
    return f"digest of {text}".encode()


def frozen(*contacts: Contact, quarantine: timedelta = WEEK) -> Profile:
    """What a journey keeps of an account that holds these contacts."""
    return freeze(account(*contacts), Pseudonym("marie"), fingerprint, quarantine)


def test_an_account_finds_its_contact_of_a_kind() -> None:
    assert MOBILE is account(EMAIL, MOBILE, LANDLINE).contact(ContactKind.MOBILE)


def test_an_account_without_such_a_contact_says_so() -> None:
    assert account(EMAIL).contact(ContactKind.MOBILE) is None


@pytest.mark.parametrize("contacts", [(), (MOBILE,), (EMAIL,), (EMAIL, MOBILE, LANDLINE)])
def test_to_freeze_an_account_takes_as_many_fingerprints_whatever_is_on_file(contacts: tuple[Contact, ...]) -> None:
    """R14: as many as a decoy costs."""
    taken = list[str]()

    def counted(text: str) -> bytes:
        taken.append(text)
        return fingerprint(text)

    freeze(account(*contacts), Pseudonym("marie"), counted, WEEK)
    assert 3 == len(taken)


def test_what_is_frozen_is_the_account_s() -> None:
    profile = frozen()
    assert (Pseudonym("marie"), True, AccountType.FARMER, True) == (
        profile.pseudonym,
        profile.genuine,
        profile.type,
        profile.first_sign_in,
    )


def test_mobile_and_email_are_the_ways_before_the_letter() -> None:
    """R12: a destination is the id of a contact on file; a landline receives no code."""
    assert (
        Way(Channel.SMS, ContactId("m1"), b"digest of +33612345612", "06 •• •• •• 12"),
        Way(Channel.EMAIL, ContactId("e1"), b"digest of marie@exemple.fr", "m•••••@e•••••.fr"),
        Way(Channel.LETTER, POSTAL, fingerprint("\n".join(ADDRESS)), ""),
    ) == frozen(EMAIL, LANDLINE, MOBILE).ways


def test_the_letter_is_a_way_to_everybody() -> None:
    assert [Channel.LETTER] == [way.channel for way in frozen(LANDLINE).ways]


def test_another_postal_address_is_noticed() -> None:
    """Invariant 7: a letter goes only to the address held when the account was taken up."""
    moved = evolve(account(), postal_address=("Mme Marie Durand", "2 rue des Vignes", "33000 Bordeaux"))
    after = freeze(moved, Pseudonym("marie"), fingerprint, WEEK)
    assert frozen().way(Channel.LETTER) != after.way(Channel.LETTER)


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_a_profile_without_such_a_way_says_so(channel: Channel) -> None:
    assert frozen().way(channel) is None


@pytest.mark.parametrize(
    ("changed_at", "confirmed", "usable_from"),
    [
        pytest.param(None, False, None, id="older than anybody counts"),
        pytest.param(LONG_AGO, False, LONG_AGO + WEEK, id="changed long ago"),
        pytest.param(NOW - INSTANT, False, NOW - INSTANT + WEEK, id="changed just now"),
        pytest.param(NOW - INSTANT, True, None, id="changed just now, confirmed by a code"),
    ],
)
def test_a_changed_contact_serves_recovery_after_its_quarantine_unless_confirmed(
    changed_at: datetime | None, confirmed: bool, usable_from: datetime | None
) -> None:
    """R32"""
    contact = Contact(ContactId("m1"), ContactKind.MOBILE, PhoneNumber("+33612345612"), changed_at, confirmed)
    way = frozen(contact).way(Channel.SMS)
    assert way is not None
    assert usable_from == way.usable_from


@pytest.mark.parametrize(
    ("changed_at", "usable"), [(NOW - WEEK + INSTANT, False), (NOW - WEEK, True), (NOW - WEEK - INSTANT, True)]
)
def test_the_quarantine_ends_to_the_instant(changed_at: datetime, usable: bool) -> None:
    """R32"""
    profile = frozen(Contact(ContactId("m1"), ContactKind.MOBILE, PhoneNumber("+33612345612"), changed_at))
    situation = Situation(case_in(State.IDENTIFYING), Identify(NIR), at(evidence=Evidence(profile)))
    assert usable is (situation.usable(Channel.SMS) is not None)


def test_the_letter_serves_no_code() -> None:
    situation = Situation(case_in(State.CHOOSING_CHANNEL), Identify(NIR), at(evidence=Evidence(BOTH)))
    assert situation.usable(Channel.LETTER) is None


def test_only_a_directory_that_says_so_has_contacts_confirmed() -> None:
    assert not account(EMAIL).contacts_to_confirm


# -- what is never shown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["marie@exemple.fr", "Durand", "Vignes", NIR.digits, "'key'"])
def test_an_account_shows_nothing_of_its_holder(hidden: str) -> None:
    """R49, R54"""
    assert hidden not in repr(account(EMAIL, MOBILE))


@pytest.mark.parametrize("hidden", ["fc", "Marie", "Durand", "1984-03-02", "female", "33063", "99100"])
def test_a_verified_identity_shows_nothing_of_the_person(hidden: str) -> None:
    """R54"""
    assert hidden not in repr(IDENTITY)


# -- who somebody is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family_name", "given_names"),
    [
        ("LEFEVRE-D'ŒUVRE", ("HELENE MARIE",)),
        ("lefèvre d’oeuvre", ("Hélène", "Marie")),
        ("Lefe\u0300vre D Œuvre", ("Hélène-Marie",)),
    ],
)
def test_a_person_is_the_same_in_whatever_letters(family_name: str, given_names: tuple[str, ...]) -> None:
    """And whatever the provider calls her."""
    person = evolve(IDENTITY, subject="another", family_name=family_name, given_names=given_names)
    assert ("lefevre d oeuvre", "helene marie", "1984-03-02", "female", "33063", "99100") == person.pivot


@pytest.mark.parametrize(
    "other",
    [
        evolve(IDENTITY, family_name="Durant"),
        evolve(IDENTITY, given_names=("Marie", "Anne")),
        evolve(IDENTITY, birthdate="1984-03-03"),
        evolve(IDENTITY, gender="male"),
        evolve(IDENTITY, birthplace="33064"),
        evolve(IDENTITY, birthcountry="99101"),
    ],
)
def test_a_person_with_anything_else_is_somebody_else(other: VerifiedIdentity) -> None:
    assert IDENTITY.pivot != other.pivot
