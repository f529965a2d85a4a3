"""What a host's directory of accounts must keep to."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Final, final

import pytest
from attrs import field, frozen

from msa_recovery.application.async_ports import AsyncAccountDirectory
from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.application.ports import AccountDirectory
from msa_recovery.domain.account import Account, AccountKey, AccountType, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.identifiers import Identifier, Nir
from msa_recovery.domain.secret import Secret

from .port import SIDES, PortContract

__all__ = ["AccountDirectoryContract", "KnownAccount"]

_NEW = Secret("Un-tout-nouveau-mot-2-passe")
_NEWER = Secret("Un-autre-encore-mot-2-passe")
_NOBODY = AccountKey("a key that no directory gave")
_UNKNOWN = Nir("1990133990999")
_NO_SUCH_PERSON = VerifiedIdentity(
    subject="nobody",
    given_names=("Personne",),
    family_name="Inconnue",
    birthdate="1900-01-01",
    gender="female",
    birthplace="",
    birthcountry="99100",
)
_DAY = timedelta(days=1)
_ONE_OF_EACH: Final[tuple[DirectoryIntent, ...]] = (
    ReplacePassword(_NEW),
    RevokeSessions(),
    SetContactsMark(True),
    UpdateContacts(((ContactKind.EMAIL, EmailAddress("nouvelle@example.org")),)),
)
_NAMES: Final = [type(intent).__name__ for intent in _ONE_OF_EACH]


def _in_order(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(days))


@final
@frozen(kw_only=True)
class KnownAccount:
    """What the contract is told of one account that the directory holds: an individual's, with an e-mail address.

    Attributes:
        key: the directory's key of it.
        identifiers: every identifier under which it is known.
        password: its usual password.
        identity: the person as FranceConnect would vouch for.
        kind: a question about payments that its holder can answer.
        paid: the days of these payments, each another one; two at least.
    """

    key: AccountKey
    identifiers: tuple[Identifier, ...]
    password: Secret
    identity: VerifiedIdentity
    kind: ChallengeKind
    paid: tuple[date, ...] = field(converter=_in_order)


class AccountDirectoryContract(PortContract):
    """Override the fixtures ``directory``, with a new one for each test, and ``known``; and :meth:`revocations`."""

    @pytest.fixture
    def directory(self) -> AccountDirectory | AsyncAccountDirectory:
        """A directory that holds the known account, which has signed in before."""
        raise NotImplementedError("override the fixture `directory`")

    @pytest.fixture
    def known(self) -> KnownAccount:
        """An account that the directory holds."""
        raise NotImplementedError("override the fixture `known`")

    def revocations(self, directory: AccountDirectory, key: AccountKey) -> int:
        """How often every session of the account was ended, so far as the host can tell: the port itself cannot."""
        raise NotImplementedError("override the method `revocations`")

    def get(self, directory: AccountDirectory, key: AccountKey) -> Account:
        """The account of a key that the directory must know."""
        account = self.call(directory.get, key)
        assert account is not None
        return account

    def apply(self, directory: AccountDirectory, key: AccountKey, *intents: DirectoryIntent) -> None:
        """Apply each of these once, in order, under keys of their own."""
        for number, intent in enumerate(intents):
            self.call(directory.apply, key, intent, f"{key}:{number}")

    # -- finding -------------------------------------------------------------------------------------------------------

    def test_an_account_is_found_under_each_of_its_identifiers(
        self, directory: AccountDirectory, known: KnownAccount
    ) -> None:
        """``find``: the account known under this identifier."""
        found = [self.call(directory.find, identifier) for identifier in known.identifiers]
        assert [known.key] * len(known.identifiers) == [account and account.key for account in found]

    def test_an_account_holds_the_identifiers_that_find_it(
        self, directory: AccountDirectory, known: KnownAccount
    ) -> None:
        """``find``: what it is known under, which no new password may hold (R42)."""
        assert set(known.identifiers) == set(self.get(directory, known.key).identifiers)

    def test_an_unknown_identifier_finds_nothing(self, directory: AccountDirectory) -> None:
        """``find``: ``None`` for whoever is unknown."""
        assert self.call(directory.find, _UNKNOWN) is None

    def test_an_account_is_the_same_however_it_is_found(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``get``: the account of this canonical key."""
        (first, *_), by_key = known.identifiers, self.call(directory.get, known.key)
        assert by_key == self.call(directory.find, first) == self.call(directory.find_by_identity, known.identity)

    def test_an_individual_is_found_by_identity(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``find_by_identity``: the individual's account of that person."""
        found = self.call(directory.find_by_identity, known.identity)
        assert (known.key, AccountType.INDIVIDUAL) == (found and found.key, found and found.type)

    def test_an_unknown_person_finds_nothing(self, directory: AccountDirectory) -> None:
        """``find_by_identity``: ``None`` for whoever is unknown."""
        assert self.call(directory.find_by_identity, _NO_SUCH_PERSON) is None

    def test_an_unknown_key_finds_nothing(self, directory: AccountDirectory) -> None:
        """``get``: ``None`` for a key that it never gave."""
        assert self.call(directory.get, _NOBODY) is None

    def test_an_account_holds_one_contact_of_each_kind(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``Account.contacts``: at most one of a kind, each under an id of its own."""
        contacts = self.get(directory, known.key).contacts
        kinds, ids = {contact.kind for contact in contacts}, {contact.id for contact in contacts}
        assert len(contacts) == len(kinds) == len(ids)

    # -- proofs --------------------------------------------------------------------------------------------------------

    def paid(self, directory: AccountDirectory, known: KnownAccount, since: date | None) -> list[date | None]:
        """The days of the payments that the directory answers, in order."""
        proofs: tuple[Proof, ...] = self.call(directory.proofs, known.key, known.kind, since)
        assert {known.kind} >= {proof.kind for proof in proofs}
        return sorted((proof.on for proof in proofs), key=str)

    def test_every_payment_is_a_proof(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``proofs``: ``since`` none: whenever."""
        assert list(known.paid) == self.paid(directory, known, None)

    def test_a_payment_of_the_first_day_is_a_proof(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``proofs``: paid on or after ``since``."""
        assert list(known.paid[1:]) == self.paid(directory, known, known.paid[1])

    def test_an_earlier_payment_is_none(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``proofs``: paid on or after ``since`` (R25)."""
        assert list(known.paid[1:]) == self.paid(directory, known, known.paid[0] + _DAY)

    def test_without_payments_there_are_no_proofs(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``proofs``: paid on or after ``since``, none of which may be."""
        assert [] == self.paid(directory, known, known.paid[-1] + _DAY)

    @pytest.mark.parametrize("kind", ChallengeKind)
    def test_an_unknown_account_has_no_proofs(self, directory: AccountDirectory, kind: ChallengeKind) -> None:
        """``proofs``: empty for an unknown key."""
        assert () == self.call(directory.proofs, _NOBODY, kind, None)

    # -- the usual password --------------------------------------------------------------------------------------------

    def test_the_usual_password_matches(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``password_matches``: whether this is the account's usual password."""
        assert self.call(directory.password_matches, known.key, known.password)

    @pytest.mark.parametrize("typed", ["", " ", "x" * 1_024, "é" * 200, "\U0001f511 trousseau"])
    def test_no_other_text_matches(self, directory: AccountDirectory, known: KnownAccount, typed: str) -> None:
        """``password_matches``: whether this is it, and nothing but this; whatever the length (R35)."""
        assert not self.call(directory.password_matches, known.key, Secret(typed))

    def test_what_merely_begins_like_the_password_does_not_match(
        self, directory: AccountDirectory, known: KnownAccount
    ) -> None:
        """``password_matches``: never truncated (R41)."""
        assert not self.call(directory.password_matches, known.key, Secret(f"{known.password.reveal()}!"))

    def test_a_long_password_is_compared_to_its_end(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``password_matches``: never truncated (R41)."""
        long = "Aé1-" * 32
        self.apply(directory, known.key, ReplacePassword(Secret(long)))
        typed = [long, f"{long[:-1]}+", long[:-1]]
        assert [True, False, False] == [
            self.call(directory.password_matches, known.key, Secret(text)) for text in typed
        ]

    def test_no_password_is_an_unknown_accounts(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``password_matches``: ``False`` for an unknown key."""
        assert not self.call(directory.password_matches, _NOBODY, known.password)

    # -- effects -------------------------------------------------------------------------------------------------------

    def test_a_replaced_password_is_the_only_one(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``ReplacePassword``: make this the account's password."""
        self.apply(directory, known.key, ReplacePassword(_NEW))
        typed = (known.password, _NEW)
        assert [False, True] == [self.call(directory.password_matches, known.key, text) for text in typed]

    def test_a_replaced_password_ends_the_first_sign_in(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``ReplacePassword``: the account has signed in from now on."""
        self.apply(directory, known.key, ReplacePassword(_NEW))
        assert not self.get(directory, known.key).first_sign_in

    def test_the_same_effect_again_has_no_effect(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``apply``: a call with the same ``once`` again has no further effect, however late."""
        for intent, once in ((_NEW, "first"), (_NEWER, "second"), (_NEW, "first")):
            self.call(directory.apply, known.key, ReplacePassword(intent), once)
        assert self.call(directory.password_matches, known.key, _NEWER)

    def test_all_sessions_are_ended(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``RevokeSessions``: end every session of the account (R22)."""
        before = self.revocations(directory, known.key)
        self.apply(directory, known.key, RevokeSessions())
        assert before + 1 == self.revocations(directory, known.key)

    def test_the_same_call_from_many_sides_has_one_effect(
        self, directory: AccountDirectory, known: KnownAccount
    ) -> None:
        """``apply``: the same call may come from two processes at a time."""
        before = self.revocations(directory, known.key)
        self.together([partial(directory.apply, known.key, RevokeSessions(), "once")] * SIDES)
        assert before + 1 == self.revocations(directory, known.key)

    @pytest.mark.parametrize("to_confirm", [True, False])
    def test_the_mark_is_what_it_was_set_to_last(
        self, directory: AccountDirectory, known: KnownAccount, to_confirm: bool
    ) -> None:
        """``SetContactsMark``: remember, or forget."""
        self.apply(directory, known.key, SetContactsMark(not to_confirm), SetContactsMark(to_confirm))
        assert to_confirm is self.get(directory, known.key).contacts_to_confirm

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (ContactKind.EMAIL, EmailAddress("nouvelle@example.org")),
            (ContactKind.MOBILE, PhoneNumber("+33600000099")),
            (ContactKind.LANDLINE, PhoneNumber("+33536490099")),
            (ContactKind.FAX, PhoneNumber("+33536490199")),
        ],
        ids=lambda value: value if isinstance(value, ContactKind) else "",
    )
    def test_a_corrected_contact_is_on_file(
        self,
        directory: AccountDirectory,
        known: KnownAccount,
        kind: ContactKind,
        value: EmailAddress | PhoneNumber,
    ) -> None:
        """``UpdateContacts``: put these contact details on file."""
        self.apply(directory, known.key, UpdateContacts(((kind, value),)))
        contact = self.get(directory, known.key).contact(kind)
        assert value == (contact and contact.value)

    def test_a_corrected_contact_has_a_new_id_and_a_moment(
        self, directory: AccountDirectory, known: KnownAccount
    ) -> None:
        """``UpdateContacts``: each under a new id; ``Contact.changed_at``: when it last changed (R12, R32)."""
        before = self.get(directory, known.key).contact(ContactKind.EMAIL)
        self.apply(directory, known.key, UpdateContacts(((ContactKind.EMAIL, EmailAddress("nouvelle@example.org")),)))
        after = self.get(directory, known.key).contact(ContactKind.EMAIL)
        assert before is not None
        assert after is not None
        assert before.id != after.id
        assert after.changed_at is not None
        assert not after.confirmed

    def test_a_line_is_taken_off_file(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``UpdateContacts``: ``None`` takes the line off file."""
        self.apply(directory, known.key, UpdateContacts(((ContactKind.EMAIL, None),)))
        assert self.get(directory, known.key).contact(ContactKind.EMAIL) is None

    def test_the_other_lines_stay_as_they_are(self, directory: AccountDirectory, known: KnownAccount) -> None:
        """``UpdateContacts``: these contact details, no others."""
        before = self.get(directory, known.key).contacts
        self.apply(directory, known.key, UpdateContacts(((ContactKind.FAX, PhoneNumber("+33536490199")),)))
        after = self.get(directory, known.key).contacts
        assert {c.id for c in before if c.kind is not ContactKind.FAX} == {
            c.id for c in after if c.kind is not ContactKind.FAX
        }

    @pytest.mark.parametrize("intent", _ONE_OF_EACH, ids=_NAMES)
    def test_an_effect_on_an_account_that_was_closed_is_none(
        self, directory: AccountDirectory, intent: DirectoryIntent
    ) -> None:
        """``apply``: ``False`` for an account that is closed; and it makes none."""
        assert not self.call(directory.apply, _NOBODY, intent, "once")
        assert self.call(directory.get, _NOBODY) is None

    @pytest.mark.parametrize("intent", _ONE_OF_EACH, ids=_NAMES)
    def test_what_was_done_is_said_to_be_done_however_often_it_is_asked_for(
        self, directory: AccountDirectory, known: KnownAccount, intent: DirectoryIntent
    ) -> None:
        """``apply``: a call with the same ``once`` again answers the same."""
        assert [True] * 2 == [self.call(directory.apply, known.key, intent, "once") for _ in range(2)]
