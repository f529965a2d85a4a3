"""Where a person can be reached: how an address is read, compared, hidden and shown.

Two contacts are the same when their normalised texts are, character by character. Nothing that merely looks like
another address is ever turned into it (CVE-2019-19844).
"""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never, final

from attrs import frozen

from .problem import Problem, ProblemCode
from .typed import DASHES, SPACES, bounded, without

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber as ParsedNumber

__all__ = ["ContactKind", "EmailAddress", "PhoneNumber", "mask", "parse_contact", "pretty"]

_DOT: Final = "\u2022"

MASK_LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
"""The letters that a mask of an e-mail address may show."""

MASK_ENDINGS: Final = ("fr", "com", "net", "org", "eu", "re")
"""The endings that a mask of an e-mail address may show."""

MASK_PREFIXES: Final = ("06", "07")
"""The first digits that a mask of a mobile number may show."""

_LONGEST_EMAIL: Final = 254
_LONGEST_PHONE: Final = 32

_EMAIL: Final = re.compile(r"[!-~]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")

_DIGITS: Final = re.compile(r"\+?[0-9]+")
_EXTENSION: Final = re.compile(r"\+?[0-9]+(?:ext|extension|poste|x|#|,|;ext=)[0-9]+", re.IGNORECASE | re.ASCII)

# Address books wrap a number in direction marks when it is copied: nobody can see them, so nobody could remove them.
_DIRECTION_MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_PHONE_SEPARATORS: Final = SPACES + DASHES + "./()" + _DIRECTION_MARKS

_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

_FRENCH_CODES: Final = frozenset({33, 262, 508, 590, 594, 596, 681, 687, 689})

# 0508 is how the rest of France dials Saint-Pierre-et-Miquelon; the numbering plan of +33 claims it too.
_DIALLED_FIRST: Final = (("00", "+"), ("0508", "+508"))

# One region of each plan: Mayotte shares Réunion's, Saint-Barthélemy and Saint-Martin share Guadeloupe's. Metropolitan
# France comes last, because its plan also claims numbers of Martinique and Mayotte. 08 and 09 mean the same everywhere.
_REGIONS: Final = ("GP", "RE", "MQ", "GF", "PM", "PF", "FR")
_NOT_GEOGRAPHIC: Final = ("08", "09")

# Fewer digits belong to several overseas plans at once, or to a number that was not typed to its end.
_SHORTEST_NATIONAL: Final = 8

_TEN_DIGITS: Final = re.compile(r"\+(?:33|262|508|590|594|596)([0-9]{9})")
_WITHOUT_ZERO: Final = re.compile(r"\+(508|681|687|689)([0-9]+)")


@final
class ContactKind(StrEnum):
    """The four contact details of an account."""

    EMAIL = "email"
    MOBILE = "mobile"
    LANDLINE = "landline"
    FAX = "fax"


@final
@frozen(repr=False)
class EmailAddress:
    """An e-mail address in the form in which it is compared and written to.

    Attributes:
        text: ASCII; the domain in lower case, an international one in its ``xn--`` form.

    Raises:
        ValueError: ``text`` has not that form: the caller's fault; other texts go through :func:`parse_contact`.
    """

    text: str

    def __attrs_post_init__(self) -> None:
        if len(self.text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(self.text):
            raise ValueError("not a normalised e-mail address: use parse_contact")

    def __repr__(self) -> str:
        return "<EmailAddress>"


@final
@frozen(repr=False)
class PhoneNumber:
    """A phone number in the form in which it is compared and called.

    Attributes:
        text: E.164, such as ``+33612345678``.

    Raises:
        ValueError: ``text`` has not that form: the caller's fault; other texts go through :func:`parse_contact`.
    """

    text: str

    def __attrs_post_init__(self) -> None:
        if not _E164.fullmatch(self.text):
            raise ValueError("not a phone number in E.164: use parse_contact")

    def __repr__(self) -> str:
        return "<PhoneNumber>"


def parse_contact(kind: ContactKind, text: str) -> EmailAddress | PhoneNumber | Problem:
    """Reads what a person typed as one of the contact details; a problem names the kind as its field.

    An e-mail address is judged by its form, never looked up. A phone number belongs to metropolitan or overseas France
    (R50), in national form or with ``+`` or ``00``; the six digits of Saint-Pierre-et-Miquelon, New Caledonia and
    Wallis-et-Futuna need their country code, because these plans overlap: a code sent to the number that was not meant
    would reach a stranger. A number for text messages is of a mobile type; a landline or a fax is of any other type but
    the premium-rate ones.
    """
    typed = bounded(text, _LONGEST_EMAIL if kind is ContactKind.EMAIL else _LONGEST_PHONE, kind.value)
    if isinstance(typed, Problem):
        return typed
    outcome: EmailAddress | PhoneNumber | ProblemCode
    match kind:
        case ContactKind.EMAIL:
            outcome = _email(typed)
        case ContactKind.MOBILE | ContactKind.LANDLINE | ContactKind.FAX:
            outcome = _phone(kind, without(typed, _PHONE_SEPARATORS))
        case _:
            assert_never(kind)
    return Problem(outcome, kind.value) if isinstance(outcome, ProblemCode) else outcome


def mask(contact: EmailAddress | PhoneNumber) -> str:
    """Enough for its owner to recognise a contact and too little for anybody else to use it.

    ``m•••••@e•••••.fr`` and ``06 •• •• •• 12``: the shape is always the same, so that it tells no length. The first two
    digits are hidden as well where a number has no leading zero: they would be a third of it. Only signs that a decoy's
    mask may hold as well are shown (R13).
    """
    match contact:
        case EmailAddress(text=text):
            local, _, domain = text.rpartition("@")
            return email_mask(local[0], domain[0], domain.rpartition(".")[2])
        case PhoneNumber(text=text):
            return phone_mask((_ten_digits(text) or "")[:2], text[-2:])
        case _:
            assert_never(contact)


def email_mask(first: str, first_of_domain: str, ending: str) -> str:
    """The mask of an e-mail address, of which these signs may be shown; what stands in no list is a dot."""
    shown = [sign if sign in MASK_LETTERS else _DOT for sign in (first, first_of_domain)]
    return f"{shown[0]}{_DOT * 5}@{shown[1]}{_DOT * 5}.{ending if ending in MASK_ENDINGS else _DOT * 2}"


def phone_mask(first_two: str, last_two: str) -> str:
    """The mask of a phone number, of which these digits may be shown; no first ones for a number without a zero."""
    return " ".join((first_two if first_two in MASK_PREFIXES else _DOT * 2, *(_DOT * 2,) * 3, last_two))


def pretty(contact: EmailAddress | PhoneNumber) -> str:
    """A contact as its owner writes it: a French number nationally and in pairs, ``06 12 34 56 78``.

    A number without a leading zero keeps its country code, ``+687 75 12 34``; what is shown can be typed back.
    """
    match contact:
        case EmailAddress(text=text):
            return text
        case PhoneNumber(text=text):
            if national := _ten_digits(text):
                return _in_pairs(national)
            local = _WITHOUT_ZERO.fullmatch(text)
            return f"+{local[1]} {_in_pairs(local[2])}" if local else text
        case _:
            assert_never(contact)


def _email(typed: str) -> EmailAddress | ProblemCode:
    from email_validator import EmailNotValidError, validate_email

    try:
        # A local part that is not ASCII needs SMTPUTF8 on every relay: it would look accepted and never arrive.
        valid = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ProblemCode.EMAIL_FORM
    # The validator maps look-alikes (a Kelvin sign, a full-width letter) to their ASCII twin: only A to Z may change.
    domain = typed.rpartition("@")[2].translate(_ASCII_LOWER)
    if domain not in (valid.domain, valid.ascii_domain):
        return ProblemCode.EMAIL_FORM
    return EmailAddress(f"{valid.local_part}@{valid.ascii_domain}")


def _phone(kind: ContactKind, compact: str) -> PhoneNumber | ProblemCode:
    from phonenumbers import PhoneNumberFormat, PhoneNumberType, format_number, number_type

    if _EXTENSION.fullmatch(compact):
        return ProblemCode.PHONE_EXTENSION
    number = _french(compact) if _DIGITS.fullmatch(compact) else ProblemCode.PHONE_FORM
    if isinstance(number, ProblemCode):
        return number
    type_ = number_type(number)
    mobile = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    landline = (
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    )
    if kind is ContactKind.MOBILE and type_ not in mobile:
        return ProblemCode.PHONE_NOT_MOBILE
    if kind is not ContactKind.MOBILE and type_ not in landline:
        return ProblemCode.PHONE_NOT_LANDLINE
    return PhoneNumber(format_number(number, PhoneNumberFormat.E164))


def _french(compact: str) -> "ParsedNumber | ProblemCode":
    from phonenumbers import is_valid_number

    for dialled, meant in _DIALLED_FIRST:
        if compact.startswith(dialled):
            compact = meant + compact.removeprefix(dialled)
    if compact.startswith("+"):
        number = _parsed(compact, None)
        if number and number.country_code not in _FRENCH_CODES:
            return ProblemCode.PHONE_NOT_FRENCH
        return number if number and is_valid_number(number) else ProblemCode.PHONE_FORM
    if len(compact) >= _SHORTEST_NATIONAL:
        for region in ("FR",) if compact.startswith(_NOT_GEOGRAPHIC) else _REGIONS:
            number = _parsed(compact, region)
            if number and is_valid_number(number):
                return number
    return ProblemCode.PHONE_FORM


def _parsed(compact: str, region: str | None) -> "ParsedNumber | None":
    from phonenumbers import NumberParseException, parse

    try:
        return parse(compact, region)
    except NumberParseException:
        return None


def _ten_digits(e164: str) -> str | None:
    found = _TEN_DIGITS.fullmatch(e164)
    return f"0{found[1]}" if found else None


def _in_pairs(digits: str) -> str:
    return " ".join(digits[start : start + 2] for start in range(0, len(digits), 2))
