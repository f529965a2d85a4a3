"""What can happen to a journey. An event has been read already: text that cannot be read never becomes one.

What a person types, and how it is read, is in ``inputs.py``.
"""

from enum import StrEnum
from typing import ClassVar, final

from attrs import Attribute, field, frozen

from .account import Channel, VerifiedIdentity
from .challenge import Answer
from .contacts import ContactKind, EmailAddress, PhoneNumber
from .errors import CallerError
from .identifiers import Identifier
from .secret import Secret

__all__ = [
    "Abandon",
    "AnswerChallenge",
    "ChooseChannel",
    "ChoosePassword",
    "ConfirmContacts",
    "EditContact",
    "Event",
    "EventName",
    "GoBack",
    "Guessing",
    "Identify",
    "Lapse",
    "Naming",
    "OrderLetter",
    "ProvePassword",
    "ResendCode",
    "SignIn",
    "SubmitCode",
    "UseFranceConnect",
]


@final
class EventName(StrEnum):
    """The columns of the chart."""

    IDENTIFY = "identify"
    USE_FRANCECONNECT = "use_franceconnect"
    ORDER_LETTER = "order_letter"
    ANSWER_CHALLENGE = "answer_challenge"
    CHOOSE_CHANNEL = "choose_channel"
    SUBMIT_CODE = "submit_code"
    RESEND_CODE = "resend_code"
    SIGN_IN = "sign_in"
    PROVE_PASSWORD = "prove_password"  # noqa: S105 - an event
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105 - an event
    EDIT_CONTACT = "edit_contact"
    CONFIRM_CONTACTS = "confirm_contacts"
    GO_BACK = "go_back"
    ABANDON = "abandon"
    LAPSE = "lapse"


@final
@frozen
class Identify:
    """The person gives an identifier."""

    name: ClassVar = EventName.IDENTIFY
    identifier: Identifier


def _is_verified(_: object, __: "Attribute[VerifiedIdentity]", value: VerifiedIdentity) -> None:
    if not isinstance(value, VerifiedIdentity):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise CallerError("identity: a VerifiedIdentity, which only an adapter of FranceConnect makes")


@final
@frozen
class UseFranceConnect:
    """FranceConnect vouches for the person: the other way in.

    Attributes:
        identity: what the adapter of FranceConnect made; nothing that comes from a request becomes one.

    Raises:
        CallerError: it is something else: the host's fault.
    """

    name: ClassVar = EventName.USE_FRANCECONNECT
    identity: VerifiedIdentity = field(validator=_is_verified)


@final
@frozen
class OrderLetter:
    """An agent of the fund has a temporary password posted, and never sees it (R58)."""

    name: ClassVar = EventName.ORDER_LETTER
    identifier: Identifier


@final
@frozen
class AnswerChallenge:
    """The person answers a knowledge question."""

    name: ClassVar = EventName.ANSWER_CHALLENGE
    answer: Answer


@final
@frozen
class ChooseChannel:
    """The person says how code and temporary password shall travel: by one of the electronic channels."""

    name: ClassVar = EventName.CHOOSE_CHANNEL
    channel: Channel


@final
@frozen
class SubmitCode:
    """The person types the code."""

    name: ClassVar = EventName.SUBMIT_CODE
    code: Secret


@final
@frozen
class ResendCode:
    """The person asks for another code by the same channel."""

    name: ClassVar = EventName.RESEND_CODE


@final
@frozen
class SignIn:
    """The person types something that has a temporary password's form."""

    name: ClassVar = EventName.SIGN_IN
    password: Secret


@final
@frozen
class ProvePassword:
    """The person, signed in, types the current password before a voluntary change."""

    name: ClassVar = EventName.PROVE_PASSWORD
    password: Secret


@final
@frozen
class ChoosePassword:
    """The person types a new password, twice.

    Attributes:
        password: in NFC (R41).
        repeated: the second field, in NFC.
    """

    name: ClassVar = EventName.CHOOSE_PASSWORD
    password: Secret
    repeated: Secret


@final
@frozen
class EditContact:
    """The person corrects a contact detail (the pencil).

    Attributes:
        kind: which line is edited.
        value: the new address or number, or ``None`` to take it off file.
    """

    name: ClassVar = EventName.EDIT_CONTACT
    kind: ContactKind
    value: EmailAddress | PhoneNumber | None = field(repr=False)


@final
@frozen
class ConfirmContacts:
    """The person says that the contact details, as shown, are right."""

    name: ClassVar = EventName.CONFIRM_CONTACTS


@final
@frozen
class GoBack:
    """Précédent. It refunds nothing (R38)."""

    name: ClassVar = EventName.GO_BACK


@final
@frozen
class Abandon:
    """Abandonner. It refunds nothing (R38)."""

    name: ClassVar = EventName.ABANDON


@final
@frozen
class Lapse:
    """Time has passed: the operator's batch says it, or any event that comes too late is taken as it."""

    name: ClassVar = EventName.LAPSE


Guessing = AnswerChallenge | SubmitCode | SignIn | ProvePassword | ChoosePassword
"""The events whose secret is compared with another one: a guess is reserved before it is compared (R3)."""

Naming = Identify | UseFranceConnect | OrderLetter
"""The events that name an account; all others speak of the account that the journey holds."""

Event = Naming | Guessing | ChooseChannel | ResendCode | EditContact | ConfirmContacts | GoBack | Abandon | Lapse
"""Everything that the charts accept: a closed list."""
