"""An account that a directory holds as text, and back.

Its proofs stand apart, so that who asks for the account alone does not wait for as many as it has.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import final

from attrs import frozen

from msa_recovery.domain.account import Account, AccountKey, AccountType, Contact, ContactId, VerifiedIdentity
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.identifiers import Identifier, Nir, Siret
from msa_recovery.domain.secret import Secret

from .held_account import HeldAccount
from .json_values import from_json, to_json

__all__ = ["held_of", "proofs_of", "proofs_text", "text_of"]

_NIR_LENGTH = 13


@final
@frozen
class _Contact:
    id: ContactId
    kind: ContactKind
    value: str
    changed_at: datetime | None
    confirmed: bool


@final
@frozen
class _Proof:
    kind: ChallengeKind
    value: str
    on: date | None


@final
@frozen
class _Held:
    """An account whose identifiers and contacts are mere text: what each is follows from what stands beside."""

    key: AccountKey
    type: AccountType
    first_sign_in: bool
    identifiers: tuple[str, ...]
    contacts: tuple[_Contact, ...]
    names: tuple[str, ...]
    postal_address: tuple[str, ...]
    fund: Helpdesk
    contacts_to_confirm: bool
    password_hash: str | None
    identity: VerifiedIdentity | None
    sessions_revoked: int


def text_of(held: HeldAccount) -> str:
    """The account as text, without its proofs."""
    account = held.account
    return to_json(
        _Held(
            key=account.key,
            type=account.type,
            first_sign_in=account.first_sign_in,
            identifiers=tuple(identifier.digits for identifier in account.identifiers),
            contacts=tuple(
                _Contact(each.id, each.kind, each.value.text, each.changed_at, each.confirmed)
                for each in account.contacts
            ),
            names=account.names,
            postal_address=account.postal_address,
            fund=account.fund,
            contacts_to_confirm=account.contacts_to_confirm,
            password_hash=held.password_hash,
            identity=held.identity,
            sessions_revoked=held.sessions_revoked,
        )
    )


def proofs_text(proofs: Iterable[Proof]) -> str:
    """An account's proofs as text."""
    return to_json(tuple(_Proof(proof.kind, _written(proof.value), proof.on) for proof in proofs))


def proofs_of(text: str) -> tuple[Proof, ...]:
    """The proofs that :func:`proofs_text` was given.

    Raises:
        ValueError: the text is damaged.
    """
    return tuple(Proof(proof.kind, _read(proof), proof.on) for proof in from_json(text, tuple[_Proof, ...]))


def held_of(text: str, proofs: tuple[Proof, ...] = ()) -> HeldAccount:
    """The account that :func:`text_of` was given, with these proofs.

    Raises:
        ValueError: the text is damaged.
    """
    kept = from_json(text, _Held)
    account = Account(
        key=kept.key,
        type=kept.type,
        first_sign_in=kept.first_sign_in,
        identifiers=tuple(map(_identifier, kept.identifiers)),
        contacts=tuple(map(_contact, kept.contacts)),
        names=kept.names,
        postal_address=kept.postal_address,
        fund=kept.fund,
        contacts_to_confirm=kept.contacts_to_confirm,
    )
    return HeldAccount(account, kept.password_hash, proofs, kept.identity, kept.sessions_revoked)


def _identifier(digits: str) -> Identifier:
    return Nir(digits) if len(digits) == _NIR_LENGTH else Siret(digits)


def _contact(kept: _Contact) -> Contact:
    value = EmailAddress(kept.value) if kept.kind is ContactKind.EMAIL else PhoneNumber(kept.value)
    return Contact(kept.id, kept.kind, value, kept.changed_at, kept.confirmed)


def _written(value: Amount | VitaleSerial) -> str:
    return str(value.cents) if isinstance(value, Amount) else value.digits.reveal()


def _read(kept: _Proof) -> Amount | VitaleSerial:
    if kept.kind is ChallengeKind.VITALE_SERIAL:
        return VitaleSerial(Secret(kept.value))
    return Amount(int(kept.value))
