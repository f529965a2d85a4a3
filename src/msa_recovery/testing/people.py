"""People for tests, made up: one for each way that a journey can go."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final, final

from attrs import field, frozen

from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.domain.account import (
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    VerifiedIdentity,
)
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.identifiers import Identifier, Nir, Siret
from msa_recovery.domain.secret import Secret

__all__ = [
    "ADDRESS",
    "ANYBODYS",
    "EMAIL",
    "EMAIL_OF_LEA",
    "EVERYBODY",
    "FUND",
    "IDENTITY_OF_MARIE",
    "IDENTITY_OF_PAUL",
    "LEA",
    "MARIE",
    "MOBILE",
    "MOBILE_OF_LEA",
    "NEW_PASSWORD",
    "NIR_OF_LEA",
    "NIR_OF_MARIE",
    "NIR_OF_PAUL",
    "NIR_OF_ROGER",
    "PAID",
    "PAUL",
    "ROGER",
    "SERIAL",
    "SIRET_OF_PAUL",
    "START",
    "USUAL_PASSWORD",
    "Person",
    "people",
]

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When every test begins."""

ANYBODYS: Final = Helpdesk("Assistance Internet", "03 20 90 05 00", "assistance@example.org")
"""Whom anybody may call."""

FUND: Final = Helpdesk("MSA Gironde", "05 36 49 00 33", "gironde@example.org")
"""The fund of every account."""

USUAL_PASSWORD: Final = "Vendanges#2019"
"""Of every account that has one."""

NEW_PASSWORD: Final = "Brouette-7-bleue-au-pre"
"""One that every policy accepts."""

SERIAL: Final = "80250000012345678906"
"""Of the carte Vitale of Léa, 20 digits."""

PAID: Final = date(2026, 2, 1)
"""When Léa was paid the benefit of 148,52 euros: a right answer for six months."""

MARIE: Final = AccountKey("marie")
"""An individual who can be reached by SMS and e-mail: the usual case."""

LEA: Final = AccountKey("lea")
"""An individual who has never signed in."""

PAUL: Final = AccountKey("paul")
"""A farmer with two identifiers, who can be reached by SMS."""

ROGER: Final = AccountKey("roger")
"""An individual who can be reached by post alone."""

NIR_OF_MARIE: Final = "2840333900001"
"""13 digits, as all of these: without the key."""

NIR_OF_LEA: Final = "2950640906008"
"""Of Léa."""

NIR_OF_PAUL: Final = "1700133903005"
"""Of Paul."""

SIRET_OF_PAUL: Final = "35600000000048"
"""Of Paul's farm, 14 digits."""

NIR_OF_ROGER: Final = "1510740901002"
"""Of Roger."""

MOBILE: Final = "+33600000011"
"""Of Marie and of Paul, in E.164."""

EMAIL: Final = "marie@example.org"
"""Of Marie."""

MOBILE_OF_LEA: Final = "+33600000018"
"""Of Léa, in E.164."""

EMAIL_OF_LEA: Final = "lea@example.org"
"""Of Léa."""

ADDRESS: Final = ("MME MARIE LABORDE", "12 CHEMIN DES CHENES", "33000 BORDEAUX")
"""Where letters to anybody go, line by line."""

IDENTITY_OF_MARIE: Final = VerifiedIdentity(
    subject="fc",
    given_names=("Marie",),
    family_name="Laborde",
    birthdate="1984-03-17",
    gender="female",
    birthplace="33900",
    birthcountry="99100",
)
"""Marie, as FranceConnect vouches for her."""

IDENTITY_OF_PAUL: Final = VerifiedIdentity(
    subject="fc-2",
    given_names=("Paul",),
    family_name="Laborde",
    birthdate="1970-01-05",
    gender="male",
    birthplace="33903",
    birthcountry="99100",
)
"""Paul, as FranceConnect vouches for him: a farmer, whom it does not sign in."""


def _contact(key: AccountKey, kind: ContactKind, value: EmailAddress | PhoneNumber) -> Contact:
    return Contact(ContactId(sha256(f"{key}:{kind}".encode()).hexdigest()), kind, value)


def _account(
    key: AccountKey,
    type_: AccountType,
    identifiers: tuple[Identifier, ...],
    *contacts: tuple[ContactKind, EmailAddress | PhoneNumber],
    first_sign_in: bool = False,
) -> Account:
    return Account(
        key=key,
        type=type_,
        first_sign_in=first_sign_in,
        identifiers=identifiers,
        contacts=tuple(_contact(key, kind, value) for kind, value in contacts),
        names=(key.capitalize(), "Laborde"),
        postal_address=ADDRESS,
        fund=FUND,
    )


@final
@frozen(kw_only=True)
class Person:
    """Somebody whom the directory of a test is to know.

    Attributes:
        account: what the journey may know of the account.
        password: the usual password, in clear; ``None`` where there is none yet.
        proofs: what answers to a knowledge question are checked against.
        identity: the person as FranceConnect would vouch for.
    """

    account: Account
    password: str | None = field(default=None, repr=False)
    proofs: tuple[Proof, ...] = field(default=(), repr=False)
    identity: VerifiedIdentity | None = field(default=None, repr=False)

    def held(self, hashed: str | None) -> HeldAccount:
        """The same as the shipped directories hold it, with this hash of the password."""
        return HeldAccount(self.account, hashed, self.proofs, self.identity)


def _everybody() -> tuple[Person, ...]:
    mobile, email = (ContactKind.MOBILE, PhoneNumber(MOBILE)), (ContactKind.EMAIL, EmailAddress(EMAIL))
    marie = _account(MARIE, AccountType.INDIVIDUAL, (Nir(NIR_OF_MARIE),), mobile, email)
    leas = (ContactKind.MOBILE, PhoneNumber(MOBILE_OF_LEA)), (ContactKind.EMAIL, EmailAddress(EMAIL_OF_LEA))
    lea = _account(LEA, AccountType.INDIVIDUAL, (Nir(NIR_OF_LEA),), *leas, first_sign_in=True)
    paul = _account(PAUL, AccountType.FARMER, (Nir(NIR_OF_PAUL), Siret(SIRET_OF_PAUL)), mobile)
    roger = _account(ROGER, AccountType.INDIVIDUAL, (Nir(NIR_OF_ROGER),))
    proofs = (
        Proof(ChallengeKind.VITALE_SERIAL, VitaleSerial(Secret(SERIAL))),
        Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(148_52), PAID),
    )
    return (
        Person(account=marie, password=USUAL_PASSWORD, identity=IDENTITY_OF_MARIE),
        Person(account=lea, proofs=proofs),
        Person(account=paul, password=USUAL_PASSWORD, identity=IDENTITY_OF_PAUL),
        Person(account=roger, password=USUAL_PASSWORD),
    )


EVERYBODY: Final = _everybody()
"""One person for each way that a journey can go."""


def people(hashed: str) -> tuple[HeldAccount, ...]:
    """Everybody, with a usual password whose hash is this."""
    return tuple(person.held(None if person.password is None else hashed) for person in EVERYBODY)
