"""Whom an event speaks of: the account that it names or the journey holds, or the decoy in its place (R13, R14)."""

from typing import Final, assert_never, final

from attrs import evolve, field, frozen

from msa_recovery.domain.account import (
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    IdentifierKind,
    Profile,
    Pseudonym,
    freeze,
)
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.decoy import decoy
from msa_recovery.domain.events import Identify, Naming, OrderLetter, UseFranceConnect
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import Identifier, Nir
from msa_recovery.domain.journey import SIGNED_IN, JourneyId, State
from msa_recovery.domain.policy import Policy

from . import questions as ask
from .errors import UnknownAccount
from .ports import Vault
from .questions import Script
from .records import StoredJourney
from .sealed import sealed_anew

__all__ = ["OPEN", "Subject", "held", "named", "named_by", "of_account", "reseal_key", "seal_key", "without_account"]

OPEN: Final = frozenset({State.COMPLETED, State.SIGNED_IN_WITH_FRANCECONNECT})
"""The states that open the private space."""

_KEY_SIZE: Final = 256
"""Bytes to which an account key is padded: no key's length shows, nor whether it is a decoy's."""


@final
@frozen
class Subject:
    """Whom an event speaks of, as the directory knows it at this moment.

    Attributes:
        key: the directory's key, or a name of the same kind that the directory does not know, for a decoy.
        account: the account, unless it is a decoy, or has changed since the journey froze it.
        profile: what a journey freezes of it, or has frozen.
    """

    key: AccountKey = field(repr=False)
    account: Account | None
    profile: Profile


_STRANGER: Final = Account(
    key=AccountKey(""),
    type=AccountType.INDIVIDUAL,
    first_sign_in=False,
    identifiers=(),
    contacts=(
        Contact(ContactId(""), ContactKind.MOBILE, PhoneNumber("+33600000000")),
        Contact(ContactId(""), ContactKind.EMAIL, EmailAddress("nobody@example.org")),
    ),
    names=(),
    postal_address=("",),
    fund=ASSISTANCE_INTERNET,
)
"""Whom the work of an account is done for when there is none (R14)."""


def _decoy_key(pseudonym: Pseudonym) -> AccountKey:
    return AccountKey(f"decoy:{pseudonym}")


def without_account(subject: Subject) -> Subject:
    """Nobody, under the same name: what is asked of the directory about nobody costs the same and finds nothing."""
    return Subject(_decoy_key(subject.profile.pseudonym), None, subject.profile)


def of_account(account: Account, vault: Vault, policy: Policy) -> Subject:
    """An account that the directory knows."""
    pseudonym = Pseudonym(vault.pseudonym(f"account:{account.key}"))
    return Subject(account.key, account, freeze(account, pseudonym, vault.fingerprint, policy.contact_quarantine))


def named_by(identifier: Identifier, vault: Vault, policy: Policy) -> Script[Subject]:
    """Whoever is known by an identifier. Account and decoy are derived in any case, so that the work is the same."""
    account = yield from ask.find(identifier)
    known = of_account(account or _STRANGER, vault, policy)
    pseudonym = Pseudonym(vault.pseudonym(identifier.canonical))
    kind = IdentifierKind.NIR if isinstance(identifier, Nir) else IdentifierKind.SIRET
    profile = decoy(vault.decoy_seed(identifier.canonical), kind, pseudonym, policy)
    if account is None:
        return Subject(_decoy_key(pseudonym), None, profile)
    return known


def named(event: Naming, vault: Vault, policy: Policy) -> Script[Subject | None]:
    """Whom an event names; ``None`` for a verified identity without an account, which needs no decoy."""
    match event:
        case Identify(identifier) | OrderLetter(identifier):
            return (yield from named_by(identifier, vault, policy))
        case UseFranceConnect(identity):
            account = yield from ask.find_by_identity(identity)
            return None if account is None else of_account(account, vault, policy)
        case _:
            assert_never(event)


def held(stored: StoredJourney, vault: Vault, policy: Policy) -> Script[Subject | None]:
    """Whom the journey holds.

    Before the sign-in, an account that has changed since it was taken up is treated as its decoy. After it, whoever
    gave the right password goes on with the account as it is.

    Raises:
        UnknownAccount: somebody has signed in to an account that the directory no longer knows.
    """
    frozen_profile = stored.journey.profile
    if frozen_profile is None:
        return None
    binding = _binding(stored.journey.id, frozen_profile.pseudonym)
    key = AccountKey(vault.unseal(stored.account, bound_to=binding).decode())
    account = yield from ask.get(key)
    now = of_account(account or _STRANGER, vault, policy)
    if account is not None:
        if now.profile == frozen_profile or stored.journey.state in SIGNED_IN | OPEN:
            return now
    elif stored.journey.state in SIGNED_IN:
        raise UnknownAccount
    return Subject(key, None, evolve(frozen_profile, genuine=False))


def seal_key(subject: Subject, journey: JourneyId, vault: Vault) -> bytes:
    """The subject's key as a journey keeps it."""
    return vault.seal(subject.key.encode(), bound_to=_binding(journey, subject.profile.pseudonym), size=_KEY_SIZE)


def reseal_key(sealed: bytes, profile: Profile, journey: JourneyId, vault: Vault) -> bytes:
    """The same key, sealed with the key that seals now."""
    return sealed_anew(vault, sealed, bound_to=_binding(journey, profile.pseudonym), size=_KEY_SIZE)


def _binding(journey: JourneyId, account: Pseudonym) -> tuple[bytes, ...]:
    return (b"account", journey.encode(), account.encode())
