"""The account directory in memory: the port's contract, and what a host does besides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.application.errors import CallerError, UnknownAccount
from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.domain.account import Account, AccountKey, AccountType, Contact, ContactId, VerifiedIdentity
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.errors import NotText
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.identifiers import Identifier, Nir, Siret
from msa_recovery.domain.secret import Secret

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
NIR = Nir("2840333900001")
SIRET = Siret("99999101100019")
NOBODYS = Nir("2840333900099")
KEY = AccountKey("A-1")
UNKNOWN = AccountKey("A-unknown")
EMAIL = EmailAddress("camille@example.org")
MOBILE = PhoneNumber("+33600000011")
PASSWORD = Secret("Vendanges#2019")
FUND = Helpdesk("MSA Gironde", "05 36 49 00 33", "gironde@example.org")

SERIAL = Proof(ChallengeKind.VITALE_SERIAL, VitaleSerial(Secret("8025000001")))
MARCH = Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(12_00), date(2026, 3, 1))
JANUARY = Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(34_00), date(2026, 1, 31))

PERSON = VerifiedIdentity(
    subject="",
    given_names=("Camille", "Hélène"),
    family_name="Labœuf-d’Orval",
    birthdate="1984-03-17",
    gender="female",
    birthplace="33900",
    birthcountry="99100",
)


class SpyHasher:
    """Keeps passwords readable, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.mark = "old"
        self.replaced_meanwhile: MemoryDirectory | None = None

    def hash(self, password: Secret) -> str:
        self.asked.append("hash")
        return f"{self.mark}:{password.reveal()}"

    def verify(self, hashed: str, password: Secret) -> bool:
        self.asked.append("compare")
        return hashed.partition(":")[2] == password.reveal()

    def verify_nothing(self, password: Secret) -> None:
        self.asked.append("compare")

    def needs_rehash(self, hashed: str) -> bool:
        if self.replaced_meanwhile is not None:
            self.replaced_meanwhile.apply(KEY, ReplacePassword(Secret("Meanwhile 1!")), "1")
        return not hashed.startswith(f"{self.mark}:")


ACCOUNT = Account(
    key=KEY,
    type=AccountType.INDIVIDUAL,
    first_sign_in=True,
    identifiers=(NIR, SIRET),
    contacts=(
        Contact(ContactId("c-email"), ContactKind.EMAIL, EMAIL, changed_at=NOW - timedelta(days=9), confirmed=True),
        Contact(ContactId("c-mobile"), ContactKind.MOBILE, MOBILE),
    ),
    names=("Camille",),
    postal_address=("MME CAMILLE LABOEUF", "33000 BORDEAUX"),
    fund=FUND,
)
HELD = HeldAccount(ACCOUNT, "old:Vendanges#2019", (SERIAL, MARCH, JANUARY), PERSON)
OTHER = HeldAccount(evolve(ACCOUNT, key=AccountKey("A-2"), identifiers=(Nir("1510740901002"),)))


@pytest.fixture
def hasher() -> SpyHasher:
    return SpyHasher()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def directory(hasher: SpyHasher, clock: ManualClock) -> MemoryDirectory:
    return MemoryDirectory((HELD, OTHER), hasher, clock)


def account_of(directory: MemoryDirectory) -> Account:
    account = directory.get(KEY)
    assert account is not None
    return account


def email_of(directory: MemoryDirectory) -> Contact | None:
    return account_of(directory).contact(ContactKind.EMAIL)


# -- finding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", [NIR, SIRET])
def test_an_account_is_found_by_any_of_its_identifiers(directory: MemoryDirectory, identifier: Identifier) -> None:
    assert ACCOUNT == directory.find(identifier)


def test_nobody_is_found_by_an_identifier_that_nobody_has(directory: MemoryDirectory) -> None:
    assert directory.find(NOBODYS) is None


def test_a_key_leads_to_its_account(directory: MemoryDirectory) -> None:
    assert ACCOUNT == directory.get(KEY)


def test_a_key_that_was_never_given_leads_to_nobody(directory: MemoryDirectory) -> None:
    assert directory.get(UNKNOWN) is None


def test_what_was_changed_is_found_changed_by_every_door(directory: MemoryDirectory) -> None:
    directory.apply(KEY, SetContactsMark(True), "1")
    changed = evolve(ACCOUNT, contacts_to_confirm=True)
    assert [changed] * 3 == [directory.get(KEY), directory.find(SIRET), directory.find_by_identity(PERSON)]


@pytest.mark.parametrize(
    "asked",
    [
        PERSON,
        evolve(PERSON, subject="another-provider's-name"),
        evolve(PERSON, given_names=("CAMILLE", "HELENE"), family_name="LABOEUF D'ORVAL"),
        evolve(PERSON, given_names=("Camille Hélène",)),
        evolve(PERSON, given_names=("Camille-He\u0301le\u0300ne",)),
    ],
)
def test_a_person_is_found_however_the_registry_writes_the_name(
    directory: MemoryDirectory, asked: VerifiedIdentity
) -> None:
    assert ACCOUNT == directory.find_by_identity(asked)


@pytest.mark.parametrize(
    "asked",
    [
        evolve(PERSON, family_name="Laborde"),
        evolve(PERSON, given_names=("Camille",)),
        evolve(PERSON, given_names=("Hélène", "Camille")),
        evolve(PERSON, birthdate="1984-03-18"),
        evolve(PERSON, gender="male"),
        evolve(PERSON, birthplace="33901"),
        evolve(PERSON, birthcountry="99134"),
        evolve(PERSON, given_names=("Camille", "Hélène", "Labœuf"), family_name="d’Orval"),
    ],
)
def test_a_person_who_differs_in_one_trait_is_somebody_else(
    directory: MemoryDirectory, asked: VerifiedIdentity
) -> None:
    """R2."""
    assert directory.find_by_identity(asked) is None


# -- knowledge questions -----------------------------------------------------------------------------------------------


def test_proofs_are_those_of_the_question(directory: MemoryDirectory) -> None:
    assert (MARCH, JANUARY) == directory.proofs(KEY, ChallengeKind.BENEFIT_AMOUNT, None)


@pytest.mark.parametrize(
    ("since", "expected"), [(date(2026, 1, 31), (MARCH, JANUARY)), (date(2026, 2, 1), (MARCH,)), (NOW.date(), ())]
)
def test_proofs_begin_with_the_first_day_of_the_window(
    directory: MemoryDirectory, since: date, expected: tuple[Proof, ...]
) -> None:
    """R25."""
    assert expected == directory.proofs(KEY, ChallengeKind.BENEFIT_AMOUNT, since)


def test_a_proof_without_a_date_is_in_every_window(directory: MemoryDirectory) -> None:
    assert (SERIAL,) == directory.proofs(KEY, ChallengeKind.VITALE_SERIAL, NOW.date())


def test_an_unknown_account_has_no_proofs(directory: MemoryDirectory) -> None:
    assert () == directory.proofs(UNKNOWN, ChallengeKind.BENEFIT_AMOUNT, None)


# -- passwords ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "password", "expected"),
    [(KEY, PASSWORD, True), (KEY, Secret("wrong"), False), (OTHER.account.key, PASSWORD, False)],
)
def test_a_password_matches_its_account_only(
    directory: MemoryDirectory, key: AccountKey, password: Secret, expected: bool
) -> None:
    assert expected is directory.password_matches(key, password)


@pytest.mark.parametrize("key", [KEY, UNKNOWN, OTHER.account.key])
@pytest.mark.parametrize("password", [PASSWORD, Secret("wrong")])
def test_comparing_a_password_is_one_hash_known_or_not(
    directory: MemoryDirectory, hasher: SpyHasher, key: AccountKey, password: Secret
) -> None:
    """R14."""
    directory.password_matches(key, password)
    assert ["compare"] == hasher.asked


@pytest.mark.parametrize("key", [KEY, UNKNOWN])
@pytest.mark.parametrize(
    ("intent", "hashes"),
    [
        (ReplacePassword(Secret("New password 1!")), ["hash"]),
        (RevokeSessions(), []),
        (UpdateContacts(((ContactKind.EMAIL, None),)), []),
        (SetContactsMark(True), []),
    ],
)
def test_an_effect_on_an_unknown_account_costs_that_on_a_known_one(
    directory: MemoryDirectory, hasher: SpyHasher, key: AccountKey, intent: DirectoryIntent, hashes: list[str]
) -> None:
    """R14."""
    directory.apply(key, intent, "1")
    assert hashes == hasher.asked


def test_an_effect_on_an_unknown_account_changes_nobody(directory: MemoryDirectory) -> None:
    directory.apply(UNKNOWN, ReplacePassword(Secret("New password 1!")), "1")
    assert (HELD, OTHER) == directory.accounts()


# -- effects -----------------------------------------------------------------------------------------------------------


def test_a_replaced_password_is_the_accounts_own(directory: MemoryDirectory) -> None:
    directory.apply(KEY, ReplacePassword(Secret("New password 1!")), "1")
    assert directory.password_matches(KEY, Secret("New password 1!"))


def test_the_password_that_was_replaced_no_longer_works(directory: MemoryDirectory) -> None:
    directory.apply(KEY, ReplacePassword(Secret("New password 1!")), "1")
    assert not directory.password_matches(KEY, PASSWORD)


def test_whoever_replaced_a_password_has_signed_in_before(directory: MemoryDirectory) -> None:
    directory.apply(KEY, ReplacePassword(Secret("New password 1!")), "1")
    assert not account_of(directory).first_sign_in


def test_sessions_are_revoked_for_the_account_only(directory: MemoryDirectory) -> None:
    """R22."""
    directory.apply(KEY, RevokeSessions(), "1")
    assert (1, 0) == (directory.sessions_revoked(KEY), directory.sessions_revoked(OTHER.account.key))


def test_sessions_of_an_unknown_account_are_the_hosts_mistake(directory: MemoryDirectory) -> None:
    with pytest.raises(UnknownAccount):
        directory.sessions_revoked(UNKNOWN)


@pytest.mark.parametrize("to_confirm", [True, False])
def test_the_contacts_mark_is_set_and_cleared(directory: MemoryDirectory, to_confirm: bool) -> None:
    directory.apply(KEY, SetContactsMark(not to_confirm), "1")
    directory.apply(KEY, SetContactsMark(to_confirm), "2")
    assert to_confirm is account_of(directory).contacts_to_confirm


def test_a_changed_contact_is_on_file_unconfirmed_since_the_clocks_now(
    directory: MemoryDirectory, clock: ManualClock
) -> None:
    """R32."""
    clock.advance(timedelta(hours=1))
    directory.apply(KEY, UpdateContacts(((ContactKind.EMAIL, EmailAddress("new@example.org")),)), "1")
    found = email_of(directory)
    assert found is not None
    expected = Contact(found.id, ContactKind.EMAIL, EmailAddress("new@example.org"), NOW + timedelta(hours=1))
    assert expected == found


def test_a_changed_contact_has_an_id_that_was_never_used(directory: MemoryDirectory) -> None:
    """R12: a code promised to the earlier one never follows, even when the earlier one comes back."""
    ids = {"c-email"}
    for number, value in enumerate((EmailAddress("new@example.org"), EMAIL), start=1):
        directory.apply(KEY, UpdateContacts(((ContactKind.EMAIL, value),)), str(number))
        contact = email_of(directory)
        assert contact is not None
        ids.add(contact.id)
    assert 3 == len(ids)


def test_the_id_of_a_contact_does_not_hold_the_accounts_key(directory: MemoryDirectory) -> None:
    """Invariant 10: ids are stored in clear, keys are not."""
    directory.apply(KEY, UpdateContacts(((ContactKind.FAX, MOBILE),)), "1")
    assert [] == [contact.id for contact in account_of(directory).contacts if KEY in contact.id]


def test_the_same_contact_again_stays_as_it_is(directory: MemoryDirectory, clock: ManualClock) -> None:
    """R32: whoever types the address that is on file does not lose it for a week."""
    clock.advance(timedelta(hours=1))
    directory.apply(KEY, UpdateContacts(((ContactKind.EMAIL, EMAIL),)), "1")
    assert ACCOUNT == account_of(directory)


def test_a_contact_is_taken_off_file_and_the_others_stay(directory: MemoryDirectory) -> None:
    directory.apply(KEY, UpdateContacts(((ContactKind.EMAIL, None),)), "1")
    assert ACCOUNT.contacts[1:] == account_of(directory).contacts


def test_a_new_contact_joins_those_on_file(directory: MemoryDirectory) -> None:
    directory.apply(KEY, UpdateContacts(((ContactKind.LANDLINE, PhoneNumber("+33536490011")),)), "1")
    kinds = [contact.kind for contact in account_of(directory).contacts]
    assert [ContactKind.EMAIL, ContactKind.MOBILE, ContactKind.LANDLINE] == kinds


def test_several_contacts_change_at_once(directory: MemoryDirectory) -> None:
    new = PhoneNumber("+33600000099")
    directory.apply(KEY, UpdateContacts(((ContactKind.EMAIL, None), (ContactKind.MOBILE, new))), "1")
    assert [new] == [contact.value for contact in account_of(directory).contacts]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ReplacePassword(Secret("First 1!")), ReplacePassword(Secret("Second 2!"))),
        (RevokeSessions(), RevokeSessions()),
        (UpdateContacts(((ContactKind.EMAIL, None),)), UpdateContacts(((ContactKind.EMAIL, EMAIL),))),
        (SetContactsMark(True), SetContactsMark(False)),
    ],
)
def test_the_same_call_again_has_no_further_effect(
    directory: MemoryDirectory, first: DirectoryIntent, second: DirectoryIntent
) -> None:
    """Invariant 11: it is the name that counts, whatever comes with it."""
    directory.apply(KEY, first, "1")
    once = directory.accounts()
    directory.apply(KEY, second, "1")
    assert once == directory.accounts()


def test_calls_of_two_accounts_under_one_name_are_two(directory: MemoryDirectory) -> None:
    directory.apply(KEY, RevokeSessions(), "1")
    directory.apply(OTHER.account.key, RevokeSessions(), "1")
    assert [1, 1] == [held.sessions_revoked for held in directory.accounts()]


def test_the_same_call_from_many_threads_acts_once(directory: MemoryDirectory) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: directory.apply(KEY, RevokeSessions(), "1"), range(64)))
    assert 1 == directory.sessions_revoked(KEY)


def test_no_change_of_two_threads_is_lost(directory: MemoryDirectory) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: directory.apply(KEY, RevokeSessions(), str(number)), range(256)))
    assert 256 == directory.sessions_revoked(KEY)


def test_a_hasher_that_fails_leaves_the_account_as_it_was(hasher: SpyHasher, clock: ManualClock) -> None:
    """R16: and the same call may be made again."""

    class Broken(SpyHasher):
        def hash(self, password: Secret) -> str:
            if not self.asked:
                self.asked.append("failed")
                raise MemoryError
            return super().hash(password)

    directory = MemoryDirectory((HELD,), Broken(), clock)
    with pytest.raises(MemoryError):
        directory.apply(KEY, ReplacePassword(Secret("New password 1!")), "1")
    assert (HELD,) == directory.accounts()
    directory.apply(KEY, ReplacePassword(Secret("New password 1!")), "1")
    assert directory.password_matches(KEY, Secret("New password 1!"))


def test_others_are_served_while_a_password_is_hashed(clock: ManualClock) -> None:
    """A hash takes a tenth of a second: it must not hold up the whole busy."""

    class Curious(SpyHasher):
        def hash(self, password: Secret) -> str:
            with ThreadPoolExecutor(1) as another:
                assert another.submit(busy.get, KEY).result(timeout=30) is not None
            return super().hash(password)

    busy = MemoryDirectory((HELD,), Curious(), clock)
    busy.apply(KEY, ReplacePassword(Secret("New password 1!")), "1")
    assert busy.password_matches(KEY, Secret("New password 1!"))


# -- the host's own sign-in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", [NIR, SIRET, "2 84 03 33 900 001 47", "999 991 011 00019"])
def test_the_right_password_signs_in(directory: MemoryDirectory, identifier: str | Identifier) -> None:
    assert KEY == directory.sign_in(identifier, PASSWORD)


@pytest.mark.parametrize(
    ("identifier", "password"),
    [
        (NIR, Secret("wrong")),
        (NIR, Secret("")),
        (NOBODYS, PASSWORD),
        ("not an identifier", PASSWORD),
        (OTHER.account.identifiers[0], PASSWORD),
        (OTHER.account.identifiers[0], Secret("")),
    ],
)
def test_nothing_else_signs_in(directory: MemoryDirectory, identifier: str | Identifier, password: Secret) -> None:
    assert directory.sign_in(identifier, password) is None


@pytest.mark.parametrize("identifier", [NIR, NOBODYS, OTHER.account.identifiers[0]])
def test_a_sign_in_costs_one_hash_known_or_not(
    directory: MemoryDirectory, hasher: SpyHasher, identifier: Identifier
) -> None:
    """R14."""
    directory.sign_in(identifier, Secret("wrong"))
    assert ["compare"] == hasher.asked


@pytest.mark.parametrize("text", ["a" * 1_025, "", "tab\there", "\ud800"])
def test_a_password_that_nobody_can_have_is_refused_before_any_hash(
    directory: MemoryDirectory, hasher: SpyHasher, text: str
) -> None:
    """R35."""
    directory.sign_in(NIR, Secret(text))
    assert [] == hasher.asked


def test_an_accent_may_be_typed_in_two_characters(hasher: SpyHasher, clock: ManualClock) -> None:
    """R41."""
    directory = MemoryDirectory((evolve(HELD, password_hash="old:Été"),), hasher, clock)
    assert KEY == directory.sign_in(NIR, Secret("E\u0301te\u0301"))


def test_an_identifier_that_is_no_text_is_the_hosts_mistake(directory: MemoryDirectory) -> None:
    """R35."""
    with pytest.raises(NotText):
        directory.sign_in(b"2840333900001", PASSWORD)  # type: ignore[arg-type]


def test_whoever_signed_in_has_signed_in_before(directory: MemoryDirectory) -> None:
    directory.sign_in(NIR, PASSWORD)
    assert not account_of(directory).first_sign_in


def test_a_wrong_password_changes_nothing(directory: MemoryDirectory) -> None:
    directory.sign_in(NIR, Secret("wrong"))
    assert (HELD, OTHER) == directory.accounts()


def test_a_password_kept_at_an_earlier_cost_is_kept_at_todays_after_a_sign_in(
    directory: MemoryDirectory, hasher: SpyHasher
) -> None:
    """R45."""
    hasher.mark = "new"
    directory.sign_in(NIR, PASSWORD)
    assert "new:Vendanges#2019" == directory.accounts()[0].password_hash


def test_a_password_kept_at_todays_cost_is_not_hashed_again(directory: MemoryDirectory, hasher: SpyHasher) -> None:
    directory.sign_in(NIR, PASSWORD)
    assert ["compare"] == hasher.asked


def test_a_password_replaced_during_a_sign_in_stays_replaced(directory: MemoryDirectory, hasher: SpyHasher) -> None:
    hasher.mark = "new"
    hasher.replaced_meanwhile = directory
    directory.sign_in(NIR, PASSWORD)
    assert directory.password_matches(KEY, Secret("Meanwhile 1!"))


# -- what it is made of ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (evolve(OTHER, account=evolve(OTHER.account, key=KEY)), "key"),
        (evolve(OTHER, account=evolve(OTHER.account, identifiers=(SIRET,))), "identifier"),
        (evolve(OTHER, identity=evolve(PERSON, family_name="LABOEUF D ORVAL")), "identity"),
    ],
)
def test_accounts_that_cannot_be_told_apart_are_refused(
    hasher: SpyHasher, clock: ManualClock, second: HeldAccount, said: str
) -> None:
    with pytest.raises(CallerError, match=said):
        MemoryDirectory((HELD, second), hasher, clock)


@pytest.mark.parametrize("type_", AccountType)
def test_a_person_is_found_whatever_the_type_of_the_account(
    hasher: SpyHasher, clock: ManualClock, type_: AccountType
) -> None:
    """R48: the chart refuses what FranceConnect does not open, and says why."""
    held = evolve(HELD, account=evolve(HELD.account, type=type_), identity=PERSON)
    assert held.account == MemoryDirectory([held], hasher, clock).find_by_identity(PERSON)


def test_an_account_shows_neither_its_hash_nor_its_person() -> None:
    """R54."""
    shown = repr(HELD)
    assert [] == [secret for secret in ("Vendanges", "Camille", "Labœuf", "8025000001", KEY) if secret in shown]
