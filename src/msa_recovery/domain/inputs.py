"""What a person types, and how it is read: text that cannot be read never becomes an event.

Each class here is what a host makes of one form. :func:`read` turns it into an event of ``events.py``, or into the
problem that the person is told; then nothing was counted or compared. What carries no text is an event as it is.
"""

from typing import ClassVar, Final, assert_never, final

from attrs import Attribute, field, fields, frozen

from . import events
from .account import ELECTRONIC, Channel
from .challenge import parse_answer
from .contacts import ContactKind, parse_contact
from .errors import NotText
from .identifiers import parse_identifier
from .passwords import normalised
from .policy import Policy
from .problem import Problem, ProblemCode
from .secret import Secret
from .temporary import has_form
from .typed import DASHES, SPACES, bounded, without

__all__ = [
    "AnswerChallenge",
    "ChooseChannel",
    "ChoosePassword",
    "EditContact",
    "Identify",
    "Input",
    "OrderLetter",
    "ProvePassword",
    "SignIn",
    "SubmitCode",
    "read",
    "texts_of",
]

_SHORT: Final = 64
"""The longest code, channel or kind that is looked at, in code points."""

_LONGEST_PASSWORD: Final = 1_024
"""The longest password that is looked at, in code points; the policy's own limit is a rule among the others."""


def _is_text(_: object, attribute: "Attribute[str]", value: object) -> None:
    """A field that holds what was typed: a ``str`` and nothing else (R35), never shown."""
    if not isinstance(value, str):
        raise NotText(attribute.name, value)


@final
@frozen
class Identify:
    """An identifier: a NIR or a SIRET.

    Attributes:
        identifier: as it was typed, with or without spaces; of more than 64 code points nothing is read.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.IDENTIFY
    identifier: str = field(validator=_is_text, repr=False)


@final
@frozen
class OrderLetter:
    """An identifier, typed by an agent; only for callers whom the host knows as agents (R58).

    Attributes:
        identifier: as that of :class:`Identify`.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.ORDER_LETTER
    identifier: str = field(validator=_is_text, repr=False)


@final
@frozen
class AnswerChallenge:
    """The answer to a knowledge question.

    Attributes:
        kind: the question: ``vitale_serial``, ``benefit_amount`` ...
        answer: as it was typed; of an amount of more than 32 code points, and of a serial number of more than 64,
            nothing is read.

    Raises:
        NotText: one of them is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.ANSWER_CHALLENGE
    kind: str = field(validator=_is_text, repr=False)
    answer: str = field(validator=_is_text, repr=False)


@final
@frozen
class ChooseChannel:
    """How code and temporary password shall travel.

    Attributes:
        channel: ``sms`` or ``email``; of more than 64 code points nothing is read.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.CHOOSE_CHANNEL
    channel: str = field(validator=_is_text, repr=False)


@final
@frozen
class SubmitCode:
    """The code.

    Attributes:
        code: with or without spaces and dashes (R36); of more than 64 code points nothing is read.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.SUBMIT_CODE
    code: str = field(validator=_is_text, repr=False)


@final
@frozen
class SignIn:
    """A temporary password.

    Attributes:
        password: spaces around it are dropped; of more than 1 024 code points nothing is read.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.SIGN_IN
    password: str = field(validator=_is_text, repr=False)


@final
@frozen
class ProvePassword:
    """The current password, before a voluntary change.

    Attributes:
        password: put into NFC, and else as it was typed (R41); of more than 1 024 code points nothing is read.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.PROVE_PASSWORD
    password: str = field(validator=_is_text, repr=False)


@final
@frozen
class ChoosePassword:
    """The new password, twice.

    Attributes:
        password: put into NFC, and else as it was typed (R41); of more than 1 024 code points nothing is read, and the
            policy's ``password_max`` is a rule among the others.
        repeated: the second field, read alike.

    Raises:
        NotText: one of them is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.CHOOSE_PASSWORD
    password: str = field(validator=_is_text, repr=False)
    repeated: str = field(validator=_is_text, repr=False)


@final
@frozen
class EditContact:
    """A correction of a contact detail (the pencil).

    Attributes:
        kind: ``email``, ``mobile``, ``landline`` or ``fax``.
        value: the new address or number; empty takes it off file. Of an address of more than 254 code points, and of a
            number of more than 32, nothing is read.

    Raises:
        NotText: one of them is no ``str``: the host's fault (R35).
    """

    name: ClassVar = events.EventName.EDIT_CONTACT
    kind: str = field(validator=_is_text, repr=False)
    value: str = field(validator=_is_text, repr=False)


Input = (
    Identify
    | OrderLetter
    | AnswerChallenge
    | ChooseChannel
    | SubmitCode
    | SignIn
    | ProvePassword
    | ChoosePassword
    | EditContact
    | events.UseFranceConnect
    | events.ResendCode
    | events.ConfirmContacts
    | events.GoBack
    | events.Abandon
    | events.Lapse
)
"""Everything that a host may send: a closed list."""


def texts_of(typed: Input) -> tuple[str, ...]:
    """Everything that was typed, field by field, to tell a double submit from another try."""
    texts = (getattr(typed, attribute.name) for attribute in fields(type(typed)))
    return tuple(text for text in texts if isinstance(text, str))


def read(typed: Input, policy: Policy) -> events.Event | Problem:
    """Read what was typed. Any text gives an event or a problem, whatever its length, and never an exception."""
    match typed:
        case Identify(text):
            identifier = parse_identifier(text)
            return identifier if isinstance(identifier, Problem) else events.Identify(identifier)
        case OrderLetter(text):
            identifier = parse_identifier(text)
            return identifier if isinstance(identifier, Problem) else events.OrderLetter(identifier)
        case AnswerChallenge(kind, text):
            answer = parse_answer(kind, text)
            return answer if isinstance(answer, Problem) else events.AnswerChallenge(answer)
        case ChooseChannel(text):
            return _channel(text)
        case SubmitCode(text):
            return _code(text, policy)
        case SignIn(text):
            return _temporary_password(text, policy)
        case ProvePassword(text):
            password = _password(text)
            return password if isinstance(password, Problem) else events.ProvePassword(password)
        case ChoosePassword(text, again):
            return _new_password(text, again)
        case EditContact(kind, text):
            return _contact(kind, text)
        case (
            events.UseFranceConnect()
            | events.ResendCode()
            | events.ConfirmContacts()
            | events.GoBack()
            | events.Abandon()
            | events.Lapse()
        ):
            return typed
        case _:
            assert_never(typed)


def _channel(text: str) -> events.ChooseChannel | Problem:
    name = bounded(text, _SHORT, "channel")
    if isinstance(name, Problem):
        return name
    if name not in ELECTRONIC:
        return Problem(ProblemCode.CHANNEL_UNKNOWN, "channel")
    return events.ChooseChannel(Channel(name))


def _code(text: str, policy: Policy) -> events.SubmitCode | Problem:
    """Spaces and dashes dropped, then ASCII digits only, as many as a code has (R36)."""
    digits = bounded(text, _SHORT, "code")
    if isinstance(digits, Problem):
        return digits
    digits = without(digits, SPACES + DASHES)
    if not (digits.isascii() and digits.isdigit() and len(digits) == policy.code_digits):
        return Problem(ProblemCode.CODE_FORM, "code", limit=policy.code_digits)
    return events.SubmitCode(Secret(digits))


def _temporary_password(text: str, policy: Policy) -> events.SignIn | Problem:
    """What has not a temporary password's form was never sent: it is no guess, and counts nothing."""
    password = bounded(text, _LONGEST_PASSWORD, "password")
    if isinstance(password, Problem):
        return password
    if not has_form(password, policy.temporary_password_length):
        return Problem(ProblemCode.TEMPORARY_PASSWORD_FORM, "password", limit=policy.temporary_password_length)
    return events.SignIn(Secret(password))


def _password(text: str, field_name: str = "password") -> Secret | Problem:
    """In NFC; a space around a password belongs to it, so nothing is dropped (R41)."""
    if len(text) > _LONGEST_PASSWORD:
        return Problem(ProblemCode.TEXT_TOO_LONG, field_name, limit=_LONGEST_PASSWORD)
    if not text:
        return Problem(ProblemCode.TEXT_MISSING, field_name)
    if any(character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in text):
        return Problem(ProblemCode.PASSWORD_CHARACTERS, field_name)
    return Secret(normalised(text))


def _new_password(text: str, again: str) -> events.ChoosePassword | Problem:
    password, repeated = _password(text), _password(again, "repeated")
    if isinstance(password, Problem):
        return password
    if isinstance(repeated, Problem):
        return repeated
    return events.ChoosePassword(password, repeated)


def _contact(kind: str, text: str) -> events.EditContact | Problem:
    name = bounded(kind, _SHORT, "kind")
    if isinstance(name, Problem):
        return name
    if name not in tuple(ContactKind):
        return Problem(ProblemCode.CONTACT_KIND_UNKNOWN, "kind")
    wanted = ContactKind(name)
    value = parse_contact(wanted, text)
    if isinstance(value, Problem) and value.code is ProblemCode.TEXT_MISSING:
        return events.EditContact(wanted, None)
    return value if isinstance(value, Problem) else events.EditContact(wanted, value)
