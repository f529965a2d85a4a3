"""What the journey knows of an account: what the directory holds, and what one journey froze of it."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType, final

from attrs import field, frozen

from .challenge import ChallengeKind
from .contacts import ContactKind, EmailAddress, PhoneNumber, mask
from .helpdesk import Helpdesk
from .identifiers import Identifier

__all__ = [
    "ELECTRONIC",
    "MATRIX",
    "POSTAL",
    "Account",
    "AccountKey",
    "AccountType",
    "Channel",
    "Contact",
    "ContactId",
    "IdentifierKind",
    "Pivot",
    "Profile",
    "Pseudonym",
    "TypeRules",
    "VerifiedIdentity",
    "Way",
    "freeze",
]

AccountKey = NewType("AccountKey", str)
"""The directory's own name of an account; it leaves the directory only sealed."""

Pseudonym = NewType("Pseudonym", str)
"""The keyed name of an account in the store, the logs and the audit; it tells nothing without the identity root."""

ContactId = NewType("ContactId", str)
"""The directory's name of one contact on file. A destination is always such an id, never a text (R12)."""


@final
class AccountType(StrEnum):
    """Particulier, exploitant, entreprise, employeur de jardinier."""

    INDIVIDUAL = "individual"
    FARMER = "farmer"
    COMPANY = "company"
    GARDENER_EMPLOYER = "gardener_employer"


@final
class IdentifierKind(StrEnum):
    """The two forms of an *identifiant*."""

    NIR = "nir"
    SIRET = "siret"


@final
@frozen
class TypeRules:
    """One line of the matrix of R48.

    Attributes:
        identifiers: the forms under which such an account may be known.
        challenges: the knowledge questions of a first sign-in; a person answers any one of them.
        franceconnect: whether FranceConnect is a way in.
    """

    identifiers: frozenset[IdentifierKind]
    challenges: tuple[ChallengeKind, ...]
    franceconnect: bool = False


MATRIX: Final[Mapping[AccountType, TypeRules]] = MappingProxyType(
    {
        AccountType.INDIVIDUAL: TypeRules(
            frozenset({IdentifierKind.NIR}), (ChallengeKind.VITALE_SERIAL, ChallengeKind.BENEFIT_AMOUNT), True
        ),
        AccountType.FARMER: TypeRules(
            frozenset({IdentifierKind.NIR, IdentifierKind.SIRET}), (ChallengeKind.CONTRIBUTION_INVOICE,)
        ),
        AccountType.COMPANY: TypeRules(frozenset({IdentifierKind.SIRET}), (ChallengeKind.PAYROLL_CONTRIBUTIONS,)),
        AccountType.GARDENER_EMPLOYER: TypeRules(
            frozenset({IdentifierKind.NIR, IdentifierKind.SIRET}), (ChallengeKind.PAYROLL_CONTRIBUTIONS,)
        ),
    }
)
"""Account type by identifiers, challenges and FranceConnect: the whole matrix, and its only home (R48)."""


@final
class Channel(StrEnum):
    """How a code or a temporary password travels. A letter is never a choice: it is what is left."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


ELECTRONIC: Final = (Channel.SMS, Channel.EMAIL)
"""The channels that a person may choose, in the order in which they are shown."""


@final
@frozen
class Contact:
    """One contact detail that the directory holds. An account holds at most one of each kind.

    Attributes:
        id: the directory's name of it, new whenever the contact is another one.
        kind: e-mail, mobile, landline or fax.
        value: the address or the number.
        changed_at: when it last changed (aware, UTC), or ``None`` if that was before anybody kept count.
        confirmed: whether its holder has typed a code that was sent to it since it changed (R32).

    Raises:
        ValueError: a naive moment: the directory's fault.
    """

    id: ContactId
    kind: ContactKind
    value: EmailAddress | PhoneNumber = field(repr=False)
    changed_at: datetime | None = None
    confirmed: bool = False

    def __attrs_post_init__(self) -> None:
        if self.changed_at is not None and self.changed_at.utcoffset() is None:
            raise ValueError("an aware moment, not a naive one")


@final
@frozen
class Account:
    """One account as the directory knows it at this moment.

    Attributes:
        key: the canonical key: one for an account that has both a NIR and a SIRET.
        type: which questions and ways in it has.
        first_sign_in: whether its holder never signed in before.
        identifiers: those under which the directory knows it; a new password must not hold one (R42).
        contacts: the contact details on file, at most one of a kind.
        names: the words that a password must not hold: first name, surname, company, town (R42).
        postal_address: the lines of a letter's address block, at most six, the first is the addressee.
        fund: the caisse that the person is told to call, once signed in.
        contacts_to_confirm: whether the person must confirm the contact details at the next sign-in.
    """

    key: AccountKey = field(repr=False)
    type: AccountType
    first_sign_in: bool
    identifiers: tuple[Identifier, ...]
    contacts: tuple[Contact, ...]
    names: tuple[str, ...] = field(repr=False)
    postal_address: tuple[str, ...] = field(repr=False)
    fund: Helpdesk
    contacts_to_confirm: bool = False

    def contact(self, kind: ContactKind) -> Contact | None:
        """The contact of that kind, if one is on file."""
        return next((contact for contact in self.contacts if contact.kind is kind), None)


@final
@frozen
class Way:
    """One way to reach the holder of an account, as a journey froze it.

    Attributes:
        channel: what travels it.
        contact: which contact on file it is.
        fingerprint: a keyed digest of the address, so that a changed one is noticed at delivery.
        mask: what is shown of it, such as ``06 •• •• •• 12``; empty for a letter.
        usable_from: when a recently changed contact may serve recovery (R32), or ``None`` for always.
    """

    channel: Channel
    contact: ContactId
    fingerprint: bytes
    mask: str
    usable_from: datetime | None = None


@final
@frozen
class Profile:
    """What a journey froze of its account when it took it up: enough to show, never enough to write to anybody.

    A decoy has one as well, of the same shape; nothing that a person sees depends on ``genuine``.

    Attributes:
        pseudonym: the name of the account's ledger.
        genuine: whether the directory knows the account.
        type: the account type.
        first_sign_in: whether a challenge comes first.
        ways: the ways to its holder, the letter included, at most one of each channel.
    """

    pseudonym: Pseudonym
    genuine: bool
    type: AccountType
    first_sign_in: bool
    ways: tuple[Way, ...]

    def way(self, channel: Channel) -> Way | None:
        """The way of that channel, usable or not yet."""
        return next((way for way in self.ways if way.channel is channel), None)


_TRAVELS: Final = ((Channel.SMS, ContactKind.MOBILE), (Channel.EMAIL, ContactKind.EMAIL))
"""Which contact each electronic channel leads to."""

POSTAL: Final = ContactId("postal")
"""The contact that a letter goes to: the postal address, of which an account has one."""


def freeze(
    account: Account, pseudonym: Pseudonym, fingerprint: Callable[[str], bytes], quarantine: timedelta
) -> Profile:
    """What a journey keeps of an account that it takes up. Each channel costs a fingerprint, with a contact on file or
    without, so that the work does not tell which it is (R14).

    Args:
        account: as the directory knows it now.
        pseudonym: the keyed name of its key.
        fingerprint: the keyed digest of an address.
        quarantine: for how long a changed contact does not serve recovery, unless it was confirmed by a code (R32).
    """
    ways: list[Way] = []
    for channel, kind in _TRAVELS:
        contact = account.contact(kind)
        name = fingerprint("" if contact is None else contact.value.text)
        if contact is not None:
            changed_at = None if contact.confirmed else contact.changed_at
            usable_from = None if changed_at is None else changed_at + quarantine
            ways.append(Way(channel, contact.id, name, mask(contact.value), usable_from))
    ways.append(Way(Channel.LETTER, POSTAL, fingerprint("\n".join(account.postal_address)), ""))
    return Profile(pseudonym, True, account.type, account.first_sign_in, tuple(ways))


Pivot = tuple[str, ...]
"""What tells one person from another in every civil registry."""


@final
@frozen(kw_only=True)
class VerifiedIdentity:
    """A person whom FranceConnect vouches for: only an adapter that verified the answer makes one (R2).

    Attributes:
        subject: the provider's stable name of the person.
        given_names: first names, as on the civil registry.
        family_name: the name at birth.
        birthdate: ``YYYY-MM-DD``.
        gender: ``male`` or ``female``.
        birthplace: INSEE code of the place of birth; empty abroad.
        birthcountry: INSEE code of the country of birth.
    """

    subject: str = field(repr=False)
    given_names: tuple[str, ...] = field(repr=False)
    family_name: str = field(repr=False)
    birthdate: str = field(repr=False)
    gender: str = field(repr=False)
    birthplace: str = field(repr=False)
    birthcountry: str = field(repr=False)

    @property
    def pivot(self) -> Pivot:
        """Name at birth, given names, date of birth, gender, place and country of birth: what every civil registry
        knows the person by. Letter case, accents, hyphens and apostrophes make no difference."""
        return (
            _folded(self.family_name),
            _folded(" ".join(self.given_names)),
            self.birthdate,
            self.gender,
            self.birthplace,
            self.birthcountry,
        )


_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae"})


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LIGATURES)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())
