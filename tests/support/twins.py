"""An account and an identifier that nobody has, of the same profile: of every profile of the matrix (R48)."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import combinations
from typing import Final, final

from attrs import evolve, frozen
from stdnum import luhn

from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.vault import Vault
from msa_recovery.domain.account import (
    ELECTRONIC,
    MATRIX,
    Account,
    AccountKey,
    AccountType,
    Channel,
    Contact,
    ContactId,
    IdentifierKind,
    Profile,
    Pseudonym,
)
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.decoy import decoy
from msa_recovery.domain.identifiers import Identifier, Nir, Siret
from msa_recovery.domain.policy import DecoyWeights, Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import ADDRESS, EMAIL, FUND, MOBILE, PAID, SERIAL, USUAL_PASSWORD

from .house import KEYS

__all__ = ["HELD", "LOOKS", "Look", "account_of", "even", "identifier_of", "looks_of", "nobody"]

HELD: Final = AccountKey("held")
_SEARCHED: Final = 2_000
_NUMBERS: Final = (range(_SEARCHED), range(_SEARCHED, 2 * _SEARCHED))
"""Of those whom nobody knows, and of those who are known."""


@final
@frozen
class Look:
    """What an identifier looks like to those who hold nothing of it."""

    kind: IdentifierKind
    type: AccountType
    first_sign_in: bool
    channels: frozenset[Channel]

    def __str__(self) -> str:
        first = "new" if self.first_sign_in else "usual"
        return f"{self.kind}-{self.type}-{first}-{'+'.join(sorted(self.channels)) or 'post'}"


def _every_look() -> Iterator[Look]:
    for type_, rules in MATRIX.items():
        for kind in sorted(rules.identifiers):
            for first in (False, True):
                for many in range(len(ELECTRONIC) + 1):
                    for channels in combinations(ELECTRONIC, many):
                        yield Look(kind, type_, first, frozenset(channels))


LOOKS: Final = tuple(_every_look())
"""All that there are."""


def even(policy: Policy) -> Policy:
    """The same limits, and every look as often among decoys: one of each is soon found."""
    return evolve(
        policy,
        decoys={
            kind: DecoyWeights(
                types={type_: 1 for type_, rules in MATRIX.items() if kind in rules.identifiers},
                first_sign_in=50,
                channels={look.channels: 1 for look in LOOKS},
            )
            for kind in IdentifierKind
        },
    )


def looks_of(kind: IdentifierKind, profile: Profile) -> Look:
    """What a profile looks like."""
    channels = frozenset(way.channel for way in profile.ways) - {Channel.LETTER}
    return Look(kind, profile.type, profile.first_sign_in, channels)


def identifier_of(kind: IdentifierKind, number: int) -> Identifier:
    """One of many that nobody in the tests has, unless it is given to somebody."""
    if kind is IdentifierKind.NIR:
        return Nir(f"19901{number // 1000 + 33:02}990{number % 1000:03}")
    siren = f"4{number:07}"
    establishment = f"{siren}{luhn.calc_check_digit(siren)}0001"
    return Siret(f"{establishment}{luhn.calc_check_digit(establishment)}")


@lru_cache(maxsize=1)
def _nobodies() -> dict[Look, Identifier]:
    vault, policy, found = Vault(KEYS), even(Policy.msa()), dict[Look, Identifier]()
    for kind in IdentifierKind:
        for number in _NUMBERS[0]:
            identifier = identifier_of(kind, number + 1)
            shown = decoy(vault.decoy_seed(identifier.canonical), kind, Pseudonym(""), policy)
            found.setdefault(looks_of(kind, shown), identifier)
    return found


def nobody(look: Look) -> Identifier:
    """An identifier that nobody has, whose decoy looks like this where decoys are :func:`even`."""
    return _nobodies()[look]


def account_of(look: Look) -> HeldAccount:
    """An account that looks like this."""
    values: dict[Channel, tuple[ContactKind, EmailAddress | PhoneNumber]] = {
        Channel.SMS: (ContactKind.MOBILE, PhoneNumber(MOBILE)),
        Channel.EMAIL: (ContactKind.EMAIL, EmailAddress(EMAIL)),
    }
    contacts = (values[channel] for channel in ELECTRONIC if channel in look.channels)
    account = Account(
        key=HELD,
        type=look.type,
        first_sign_in=look.first_sign_in,
        identifiers=(identifier_of(look.kind, _NUMBERS[1].start + 1),),
        contacts=tuple(Contact(ContactId(sha256(kind.encode()).hexdigest()), kind, value) for kind, value in contacts),
        names=("Laborde",),
        postal_address=ADDRESS,
        fund=FUND,
    )
    proofs = (
        Proof(kind, VitaleSerial(Secret(SERIAL)))
        if kind is ChallengeKind.VITALE_SERIAL
        else Proof(kind, Amount(148_52), PAID)
        for kind in MATRIX[look.type].challenges
    )
    return HeldAccount(account, None if look.first_sign_in else USUAL_PASSWORD, tuple(proofs))
