"""From what a row asks for to what is kept: sealed messages in the outbox, sealed intents for the directory.

A decoy's rows are as many and as long as an account's; the relay discards them (R13).
"""

import json
from datetime import datetime
from typing import Any, Final, assert_never, final

from attrs import evolve, field, frozen

from msa_recovery.domain.account import Account, AccountKey, Channel, ContactId, Way
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.journey import Edit, JourneyId
from msa_recovery.domain.requests import (
    Intent,
    MarkContacts,
    Notify,
    ReplacePassword,
    RevokeSessions,
    SendCode,
    SendTemporaryPassword,
    UpdateContacts,
)
from msa_recovery.domain.secret import Secret

from . import intents
from .caller import Language
from .messages import MessageKind
from .ports import Vault
from .records import IntentRow, MessageId, OutboxRow
from .sealed import sealed_anew
from .subject import Subject

__all__ = [
    "Letterhead",
    "Parcel",
    "address_of",
    "intent_of",
    "open_edit",
    "open_intent",
    "open_parcel",
    "parcels",
    "reseal_edit",
    "reseal_intent",
    "reseal_message",
    "seal_edit",
    "seal_intent",
    "seal_parcel",
]

_PARCEL_SIZE: Final = 1_024
"""Bytes to which a message is padded: its kind, address and secret leave no trace in its length."""

_INTENT_SIZE: Final = 8_192
"""Bytes to which an intent is padded: more than the longest password in UTF-8, so that none shows its length."""

_EDIT_SIZE: Final = 512
"""Bytes to which a corrected contact detail is padded."""


@final
@frozen
class Letterhead:
    """What all messages of one event have in common.

    Attributes:
        subject: whom they are for.
        journey: which journey promised them.
        language: what the person reads.
        now: when they were promised.
    """

    subject: Subject
    journey: JourneyId
    language: Language
    now: datetime


@final
@frozen(kw_only=True)
class Parcel:
    """What a sealed message holds.

    Attributes:
        genuine: whether there is anybody to deliver it to.
        key: the directory's key of the account.
        kind: what it is for.
        contact: which contact on file it goes to.
        to: the address, for a notice; a secret looks its address up when it leaves, by ``contact``.
        language: what the person reads.
        written_at: when it was promised.
        secret: the code or temporary password.
    """

    genuine: bool
    key: AccountKey = field(repr=False)
    kind: MessageKind
    contact: ContactId
    to: tuple[str, ...] = field(repr=False)
    language: Language
    written_at: datetime
    secret: Secret | None


def address_of(account: Account, way: ContactId, channel: Channel) -> tuple[str, ...] | None:
    """Where a contact on file leads now; ``None`` when that contact is no longer on file."""
    if channel is Channel.LETTER:
        return account.postal_address
    return next(((contact.value.text,) for contact in account.contacts if contact.id == way), None)


# -- messages ----------------------------------------------------------------------------------------------------------


def parcels(
    request: SendCode | SendTemporaryPassword | Notify, head: Letterhead, secret: Secret
) -> tuple[tuple[Way, datetime | None, Parcel], ...]:
    """The messages that one request stands for: one by each way, with the end of its secret."""
    match request:
        case SendCode(way, until):
            return ((way, until, _parcel(head, MessageKind.CODE, way, secret)),)
        case SendTemporaryPassword(way, until):
            return ((way, until, _parcel(head, MessageKind.TEMPORARY_PASSWORD, way, secret)),)
        case Notify(notice, ways):
            return tuple((way, None, _parcel(head, MessageKind(notice.value), way, None)) for way in ways)
        case _:
            assert_never(request)


def _parcel(head: Letterhead, kind: MessageKind, way: Way, secret: Secret | None) -> Parcel:
    account = head.subject.account
    address = None if account is None or secret is not None else address_of(account, way.contact, way.channel)
    return Parcel(
        genuine=account is not None,
        key=head.subject.key,
        kind=kind,
        contact=way.contact,
        to=address or (),
        language=head.language,
        written_at=head.now,
        secret=secret,
    )


def seal_parcel(
    parcel: Parcel, way: Way, until: datetime | None, message: MessageId, head: Letterhead, vault: Vault
) -> OutboxRow:
    """The outbox row of one message."""
    row = OutboxRow(
        id=message,
        account=head.subject.profile.pseudonym,
        journey=head.journey,
        channel=way.channel,
        contact=way.fingerprint,
        until=until,
        sealed=b"",
        due=head.now,
    )
    text = json.dumps(
        {
            "genuine": parcel.genuine,
            "key": parcel.key,
            "kind": parcel.kind,
            "contact": parcel.contact,
            "to": parcel.to,
            "language": parcel.language,
            "written_at": parcel.written_at.isoformat(),
            "secret": None if parcel.secret is None else parcel.secret.reveal(),
        },
        # Escaped, a postal address full of accents would be six times as long, and its row longer than a decoy's.
        ensure_ascii=False,
    )
    plain = text.encode("utf-8", "surrogatepass")
    return evolve(row, sealed=vault.seal(plain, bound_to=_message_binding(row), size=_PARCEL_SIZE))


def open_parcel(row: OutboxRow, vault: Vault) -> Parcel:
    """What a row of the outbox holds."""
    data: dict[str, Any] = json.loads(vault.unseal(row.sealed, bound_to=_message_binding(row)))
    return Parcel(
        genuine=data["genuine"],
        key=AccountKey(data["key"]),
        kind=MessageKind(data["kind"]),
        contact=ContactId(data["contact"]),
        to=tuple(data["to"]),
        language=Language(data["language"]),
        written_at=datetime.fromisoformat(data["written_at"]),
        secret=None if data["secret"] is None else Secret(data["secret"]),
    )


def reseal_message(row: OutboxRow, vault: Vault) -> OutboxRow:
    """The same message, sealed with the key that seals now."""
    return evolve(row, sealed=sealed_anew(vault, row.sealed, bound_to=_message_binding(row), size=_PARCEL_SIZE))


def _message_binding(row: OutboxRow) -> tuple[bytes, ...]:
    until = "" if row.until is None else row.until.isoformat()
    said = (row.id, row.account, row.journey, row.channel, until)
    return (b"message", row.contact, *(text.encode() for text in said))


# -- corrected contact details -----------------------------------------------------------------------------------------


def seal_edit(kind: ContactKind, value: EmailAddress | PhoneNumber | None, journey: JourneyId, vault: Vault) -> bytes:
    """A corrected contact detail as the journey keeps it."""
    text = "" if value is None else value.text
    return vault.seal(text.encode(), bound_to=_edit_binding(kind, journey), size=_EDIT_SIZE)


def open_edit(edit: Edit, journey: JourneyId, vault: Vault) -> EmailAddress | PhoneNumber | None:
    """The corrected contact detail, or ``None`` when the line is taken off file."""
    text = vault.unseal(edit.sealed, bound_to=_edit_binding(edit.kind, journey)).decode()
    return _contact(edit.kind, None if edit.removed else text)


def reseal_edit(edit: Edit, journey: JourneyId, vault: Vault) -> Edit:
    """The same corrected contact detail, sealed with the key that seals now."""
    binding = _edit_binding(edit.kind, journey)
    return evolve(edit, sealed=sealed_anew(vault, edit.sealed, bound_to=binding, size=_EDIT_SIZE))


def _edit_binding(kind: ContactKind, journey: JourneyId) -> tuple[bytes, ...]:
    return (b"edit", journey.encode(), kind.encode())


# -- intents -----------------------------------------------------------------------------------------------------------


def intent_of(request: Intent, password: Secret, journey: JourneyId, vault: Vault) -> intents.DirectoryIntent:
    """What the directory is asked to do, with the values that the domain does not have."""
    match request:
        case ReplacePassword():
            return intents.ReplacePassword(password)
        case RevokeSessions():
            return intents.RevokeSessions()
        case MarkContacts(to_confirm):
            return intents.SetContactsMark(to_confirm)
        case UpdateContacts(edits):
            return intents.UpdateContacts(tuple((edit.kind, open_edit(edit, journey, vault)) for edit in edits))
        case _:
            assert_never(request)


def seal_intent(
    intent: intents.DirectoryIntent, subject: Subject, number: int, journey: JourneyId, vault: Vault
) -> IntentRow:
    """The row of one intent."""
    row = IntentRow(subject.profile.pseudonym, number, journey, b"")
    data: dict[str, Any] = {"key": subject.key, "kind": type(intent).__name__}
    match intent:
        case intents.ReplacePassword(password):
            data["password"] = password.reveal()
        case intents.SetContactsMark(to_confirm):
            data["to_confirm"] = to_confirm
        case intents.UpdateContacts(values):
            data["values"] = [(kind, None if value is None else value.text) for kind, value in values]
        case intents.RevokeSessions():
            pass
        case _:
            assert_never(intent)
    sealed = vault.seal(json.dumps(data).encode(), bound_to=_intent_binding(row), size=_INTENT_SIZE)
    return evolve(row, sealed=sealed)


def open_intent(row: IntentRow, vault: Vault) -> tuple[AccountKey, intents.DirectoryIntent]:
    """Whose row of the intents it is, and what to do."""
    data: dict[str, Any] = json.loads(vault.unseal(row.sealed, bound_to=_intent_binding(row)))
    key = AccountKey(data["key"])
    match data["kind"]:
        case intents.ReplacePassword.__name__:
            return key, intents.ReplacePassword(Secret(data["password"]))
        case intents.SetContactsMark.__name__:
            return key, intents.SetContactsMark(data["to_confirm"])
        case intents.UpdateContacts.__name__:
            return key, intents.UpdateContacts(
                tuple((ContactKind(kind), _contact(ContactKind(kind), text)) for kind, text in data["values"])
            )
        case _:
            return key, intents.RevokeSessions()


def reseal_intent(row: IntentRow, vault: Vault) -> IntentRow:
    """The same intent, sealed with the key that seals now."""
    return evolve(row, sealed=sealed_anew(vault, row.sealed, bound_to=_intent_binding(row), size=_INTENT_SIZE))


def _contact(kind: ContactKind, text: str | None) -> EmailAddress | PhoneNumber | None:
    if text is None:
        return None
    return EmailAddress(text) if kind is ContactKind.EMAIL else PhoneNumber(text)


def _intent_binding(row: IntentRow) -> tuple[bytes, ...]:
    # All that its idempotency key is made of: under another one, it would be applied again.
    return (b"intent", row.key.encode())
