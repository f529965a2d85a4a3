"""The accounts file: what it may say, and that each fault in it is named."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from msa_recovery.adapters.accounts_file import AccountsFileError, read_accounts, read_funds
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.domain.account import Account, AccountType, VerifiedIdentity
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import Helpdesk, Opening
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.secret import Secret

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
HASHER = Argon2idHasher(TESTS_ONLY)

FUND = """
[fund.gironde]
name = "MSA Gironde"
phone = "0536490033"
email = "gironde@example.org"
hours = [
    { days = ["monday", "sunday"], opens = 08:30:00, closes = 12:15:00 },
    { days = ["monday"], opens = 13:30:00, closes = 16:30:00 },
]
"""

ACCOUNT = """
[[account]]
key = "A-1"
type = "individual"
first_sign_in = true
identifiers = ["2 84 03 33 900 001 47"]
password = "Vendanges#2019"
names = ["Camille", "Laborde"]
postal_address = ["MME CAMILLE LABORDE", "33000 BORDEAUX"]
fund = "gironde"
contacts_to_confirm = true
email = { value = "camille@example.org", changed_days_ago = 1 }
mobile = "06 00 00 00 11"
landline = { value = "05 36 49 00 11", changed_at = 2026-03-01T13:00:00+01:00, confirmed = true }
proofs = [
    { kind = "vitale_serial", answer = "8025 0000 0123" },
    { kind = "benefit_amount", answer = "1 234,56", paid_days_ago = 40 },
    { kind = "benefit_amount", answer = "12", paid_on = 2026-01-31 },
]

[account.identity]
given_names = ["Camille", "Hélène"]
family_name = "Laborde"
birthdate = 1984-03-17
gender = "female"
birthplace = "2A900"
birthcountry = "99100"
"""

SECOND = """
[[account]]
key = "A-2"
type = "farmer"
identifiers = ["999 991 011 00019"]
names = ["Beñat"]
postal_address = ["M BENAT ARROSSAGARAY", "64130 MAULEON"]
fund = "gironde"
"""

Load = Callable[[str], tuple[HeldAccount, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(text: str) -> tuple[HeldAccount, ...]:
        path = tmp_path / "accounts.toml"
        path.write_text(text, encoding="utf-8")
        return read_accounts(path, clock=ManualClock(NOW), hasher=HASHER)

    return loaded


@pytest.fixture
def held(load: Load) -> HeldAccount:
    return load(FUND + ACCOUNT)[0]


def test_accounts_are_read_in_their_order(load: Load) -> None:
    assert ["A-1", "A-2"] == [held.account.key for held in load(FUND + ACCOUNT + SECOND)]


def test_an_account_is_what_the_file_says(held: HeldAccount) -> None:
    expected = Account(
        key=held.account.key,
        type=AccountType.INDIVIDUAL,
        first_sign_in=True,
        identifiers=(Nir("2840333900001"),),
        contacts=held.account.contacts,
        names=("Camille", "Laborde"),
        postal_address=("MME CAMILLE LABORDE", "33000 BORDEAUX"),
        fund=held.account.fund,
        contacts_to_confirm=True,
    )
    assert expected == held.account


def test_contacts_are_what_the_file_says(held: HeldAccount) -> None:
    expected = [
        (ContactKind.EMAIL, EmailAddress("camille@example.org"), NOW - timedelta(days=1), False),
        (ContactKind.MOBILE, PhoneNumber("+33600000011"), None, False),
        (ContactKind.LANDLINE, PhoneNumber("+33536490011"), datetime(2026, 3, 1, 12, tzinfo=UTC), True),
    ]
    assert expected == [(one.kind, one.value, one.changed_at, one.confirmed) for one in held.account.contacts]


def test_proofs_are_what_the_file_says(held: HeldAccount) -> None:
    expected = (
        Proof(ChallengeKind.VITALE_SERIAL, VitaleSerial(Secret("802500000123"))),
        Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(1_234_56), date(2026, 2, 17)),
        Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(12_00), date(2026, 1, 31)),
    )
    assert expected == held.proofs


def test_an_identity_is_what_the_file_says(held: HeldAccount) -> None:
    expected = VerifiedIdentity(
        subject="",
        given_names=("Camille", "Hélène"),
        family_name="Laborde",
        birthdate="1984-03-17",
        gender="female",
        birthplace="2A900",
        birthcountry="99100",
    )
    assert expected == held.identity


def test_a_person_born_abroad_has_no_birthplace(load: Load) -> None:
    held = load((FUND + ACCOUNT).replace('birthplace = "2A900"\n', ""))[0]
    assert held.identity is not None
    assert "" == held.identity.birthplace


def test_a_fund_is_what_the_file_says_with_its_midday_break(held: HeldAccount) -> None:
    """R57."""
    morning = Opening(frozenset({0, 6}), time(8, 30), time(12, 15))
    afternoon = Opening(frozenset({0}), time(13, 30), time(16, 30))
    expected = Helpdesk("MSA Gironde", "05 36 49 00 33", "gironde@example.org", (morning, afternoon))
    assert expected == held.account.fund


def test_funds_are_read_without_the_accounts(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(FUND + "[[account]]", encoding="utf-8")
    assert ["gironde"] == list(read_funds(path))


def test_a_password_is_hashed_on_load(held: HeldAccount) -> None:
    assert held.password_hash is not None
    assert HASHER.verify(held.password_hash, Secret("Vendanges#2019"))


def test_a_password_is_read_in_nfc(load: Load) -> None:
    """R41."""
    kept = load((FUND + ACCOUNT).replace("Vendanges#2019", "E\u0301te\u0301#2019"))[0].password_hash
    assert kept is not None
    assert HASHER.verify(kept, Secret("Été#2019"))


def test_what_may_be_left_out_is_nothing(load: Load) -> None:
    held = load(FUND + SECOND)[0]
    left_out = (held.password_hash, held.proofs, held.identity, held.account.contacts, held.account.first_sign_in)
    assert (None, (), None, (), False) == left_out


def test_contact_ids_are_the_same_each_time_and_all_different(load: Load) -> None:
    """A journey that is stored finds its contacts after a restart."""
    second = SECOND + 'email = "camille@example.org"\n'
    first, again = (
        [contact.id for held in load(FUND + ACCOUNT + second) for contact in held.account.contacts] for _ in range(2)
    )
    assert (first, 4) == (again, len(set(first)))


# -- faults ------------------------------------------------------------------------------------------------------------

FAULTS = {
    "a misspelt table": (FUND, FUND + "[[acount]]", "file", "acount"),
    "no funds": (FUND, "", "file", "fund"),
    "funds that are no tables": (FUND, "fund = 1", "file", "fund"),
    "a fund that is no table": (FUND, "[fund]\ngironde = 1", "fund gironde", ""),
    "accounts that are no list": (ACCOUNT + SECOND, "[account]", "file", "account"),
    "no accounts": (ACCOUNT + SECOND, "", "file", "account"),
    "fund: no name": ('name = "MSA Gironde"\n', "", "fund gironde", "name"),
    "fund: bad phone": ("0536490033", "3646", "fund gironde", "phone"),
    "fund: bad e-mail": ("gironde@example.org", "gironde", "fund gironde", "email"),
    "fund: no hours": ("hours =", "hour =", "fund gironde", "hours"),
    "fund: no such day": ('"sunday"', '"dimanche"', "fund gironde", "hours[1].days"),
    "fund: no days": ('["monday", "sunday"]', "[]", "fund gironde", "hours[1].days"),
    "fund: no time": ("opens = 13:30:00", 'opens = "13:30"', "fund gironde", "hours[2].opens"),
    "fund: closes before it opens": ("16:30:00", "13:30:00", "fund gironde", "hours[2].closes"),
    "fund: unknown field in hours": ("opens = 08:30:00", "opens = 08:30:00, open = 1", "fund gironde", "hours[1].open"),
    "fund: unknown field": ("[fund.gironde]", "[fund.gironde]\nfax = 1", "fund gironde", "fax"),
    "no key": ('key = "A-1"\n', "", "account 1", "key"),
    "two of one key": ('key = "A-2"', 'key = "A-1"', "account 2", "key"),
    "no such type": ('"farmer"', '"peasant"', "account 2", "type"),
    "a flag that is a number": ("first_sign_in = true", "first_sign_in = 1", "account 1", "first_sign_in"),
    "a mark that is a text": ("to_confirm = true", 'to_confirm = "yes"', "account 1", "contacts_to_confirm"),
    "identifiers that are no list": ('["999 991 011 00019"]', '"999 991 011 00019"', "account 2", "identifiers"),
    "no identifier": ('["999 991 011 00019"]', "[]", "account 2", "identifiers"),
    "an identifier that is a number": ('["999 991 011 00019"]', "[99999101100019]", "account 2", "identifiers[1]"),
    "a wrong checksum": ("011 00019", "011 00018", "account 2", "identifiers[1]"),
    "an identifier of another type": ('type = "farmer"', 'type = "individual"', "account 2", "identifiers[1]"),
    "two of one identifier": ("999 991 011 00019", "2840333900001", "account 2", "identifiers[1]"),
    "one identifier twice": ("47", '47", "2840333900001', "account 1", "identifiers[2]"),
    "an empty password": ('"Vendanges#2019"', '""', "account 1", "password"),
    "no names": ('["Beñat"]', "[]", "account 2", "names"),
    "a name of spaces": ('["Beñat"]', '["Beñat", " "]', "account 2", "names[2]"),
    "a name that is too long": ('["Beñat"]', f'["{"a" * 255}"]', "account 2", "names[1]"),
    "too many lines": ('"64130 MAULEON"', ", ".join(['"LINE"'] * 6), "account 2", "postal_address"),
    "a line break in a line": ("64130 MAULEON", "64130\\nMAULEON", "account 2", "postal_address[2]"),
    "no such fund": ('fund = "gironde"\ncontacts', 'fund = "landes"\ncontacts', "account 1", "fund"),
    "a contact that is a number": ('"06 00 00 00 11"', "600000011", "account 1", "mobile"),
    "a landline for a mobile": ("06 00 00 00 11", "05 36 49 00 11", "account 1", "mobile.value"),
    "a bad e-mail": ('"camille@example.org"', '"camille@"', "account 1", "email.value"),
    "no value": ('value = "camille@example.org", ', "", "account 1", "email.value"),
    "a contact changed tomorrow": (
        "changed_days_ago = 1",
        "changed_days_ago = -1",
        "account 1",
        "email.changed_days_ago",
    ),
    "days that are no number": ("ago = 1 }", "ago = true }", "account 1", "email.changed_days_ago"),
    "too many days": ("paid_days_ago = 40", "paid_days_ago = 36_501", "account 1", "proofs[2].paid_days_ago"),
    "days and a moment": ("ago = 1 }", "ago = 1, changed_at = 2026-03-01 }", "account 1", "email.changed_at"),
    "a moment without an offset": ("13:00:00+01:00", "13:00:00", "account 1", "landline.changed_at"),
    "a moment that is a day": ("2026-03-01T13:00:00+01:00", "2026-03-01", "account 1", "landline.changed_at"),
    "a moment before time": ("2026-03-01T13", "0001-01-01T00", "account 1", "landline.changed_at"),
    "a doubtful confirmation": ("confirmed = true", "confirmed = 1", "account 1", "landline.confirmed"),
    "unknown field of a contact": ("confirmed = true", "confirm = true", "account 1", "landline.confirm"),
    "proofs that are no list": ('["Beñat"]', '["Beñat"]\nproofs = 1', "account 2", "proofs"),
    "a proof that is no table": ('["Beñat"]', '["Beñat"]\nproofs = [1]', "account 2", "proofs[1]"),
    "no such question": ('"vitale_serial"', '"favourite_colour"', "account 1", "proofs[1].kind"),
    "a question of another type": ('"vitale_serial"', '"contribution_invoice"', "account 1", "proofs[1].kind"),
    "an answer that nobody can type": ("8025 0000 0123", "80-A", "account 1", "proofs[1].answer"),
    "an amount with one decimal": ("1 234,56", "1 234,5", "account 1", "proofs[2].answer"),
    "a payment without a day": (", paid_days_ago = 40", "", "account 1", "proofs[2].paid_on"),
    "a payment with a time": ("2026-01-31", "2026-01-31T12:00:00Z", "account 1", "proofs[3].paid_on"),
    "a dated serial number": ('0123" }', '0123", paid_days_ago = 1 }', "account 1", "proofs[1].paid_days_ago"),
    "an identity of nobody": ('["Beñat"]', '["Beñat"]\nidentity = {}', "account 2", "identity.given_names"),
    "no given names": ('["Camille", "Hélène"]', "[]", "account 1", "identity.given_names"),
    "no family name": ('family_name = "Laborde"\n', "", "account 1", "identity.family_name"),
    "a birthdate in words": ("1984-03-17", '"17 mars 1984"', "account 1", "identity.birthdate"),
    "no such gender": ('"female"', '"F"', "account 1", "identity.gender"),
    "a birthplace in words": ('"2A900"', '"Ajaccio"', "account 1", "identity.birthplace"),
    "a birthcountry in words": ('"99100"', '"France"', "account 1", "identity.birthcountry"),
    "unknown field of an identity": ("birthcountry =", "country = 1\nbirthcountry =", "account 1", "identity.country"),
    "unknown field of an account": ('key = "A-2"', 'key = "A-2"\nnickname = 1', "account 2", "nickname"),
}


def faulty(old: str, new: str) -> str:
    whole = FUND + ACCOUNT + SECOND
    assert old in whole
    return whole.replace(old, new)


@pytest.mark.parametrize(("old", "new", "entry", "field"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_named_by_its_entry_and_field(load: Load, old: str, new: str, entry: str, field: str) -> None:
    with pytest.raises(AccountsFileError) as raised:
        load(faulty(old, new))
    assert (entry, field) == (raised.value.entry, raised.value.field)


@pytest.mark.parametrize(("old", "new", "entry", "field"), FAULTS.values(), ids=FAULTS)
def test_no_fault_shows_anything_of_a_person(load: Load, old: str, new: str, entry: str, field: str) -> None:
    """R49, R54."""
    with pytest.raises(AccountsFileError) as raised:
        load(faulty(old, new))
    said = str(raised.value)
    personal = ("2840333", "2 84", "camille", "Camille", "Laborde", "Vendanges", "06 00", "8025", "1984", "BORDEAUX")
    assert [] == [text for text in personal if text in said]


@pytest.mark.parametrize("text", ["[[account", "key = 'a' 'b'", f"number = {'9' * 5_000}", "a = 1\na = 2"])
def test_a_file_that_is_not_toml_says_so(load: Load, text: str) -> None:
    with pytest.raises(AccountsFileError, match="accounts file, file: not TOML"):
        load(text)


def test_a_file_that_is_not_in_utf_8_says_so_and_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_bytes('name = "Hélène"'.encode("latin-1"))
    with pytest.raises(AccountsFileError, match=r"^accounts file, file: not in UTF-8$"):
        read_funds(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(AccountsFileError, match="No such file"):
        read_funds(tmp_path / "nowhere.toml")


def test_a_fault_reads_as_a_sentence(load: Load) -> None:
    with pytest.raises(AccountsFileError) as raised:
        load(faulty("06 00 00 00 11", "05 36 49 00 11"))
    assert "accounts file, account 1, mobile.value: phone_not_mobile" == str(raised.value)
