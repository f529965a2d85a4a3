"""The question at a first sign-in: what may be asked, how an answer is read, and when it is right.

The source text asks each kind of account for one thing that only its owner should know (R25). A right answer alone
never sets a password (R24).
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NoReturn, assert_never, final

from attrs import field, frozen

from .problem import Problem, ProblemCode
from .secret import Secret
from .typed import DASHES, SPACES, bounded, without

__all__ = [
    "WINDOW_MONTHS",
    "Amount",
    "Answer",
    "ChallengeKind",
    "Proof",
    "VitaleSerial",
    "answers",
    "parse_amount",
    "parse_answer",
    "parse_vitale_serial",
    "window_start",
]

_FIELD: Final = "answer"
_MOST_TYPED: Final = 32
_MOST_TYPED_SERIAL: Final = 64

_LARGEST_CENTS: Final = 9_999_999_99
_TOO_LARGE_EUROS: Final = 10_000_000
_DECIMALS: Final = 2
_MONTHS_A_YEAR: Final = 12

_CURRENCY: Final = re.compile(r"(?P<amount>.*?) ?(?:€|eur|euros?)", re.IGNORECASE | re.ASCII)
_NEGATIVE: Final = re.compile(rf"[{re.escape(DASHES)}] ?[0-9].*")
_AMOUNT: Final = re.compile(
    r"""
    (?P<euros> [0-9]+                            # 1234
             | [0-9]{1,3} (?:\ [0-9]{3})+        # 1 234
             | [0-9]{1,3} (?:\.[0-9]{3})+ (?=,)  # 1.234, and then only with a decimal comma
    )
    (?: [.,] (?P<cents> [0-9]+ ) )?
    """,
    re.VERBOSE,
)
_SERIAL: Final = re.compile(r"[0-9]{10,21}")


@final
class ChallengeKind(StrEnum):
    """What may be asked."""

    VITALE_SERIAL = "vitale_serial"
    BENEFIT_AMOUNT = "benefit_amount"
    CONTRIBUTION_INVOICE = "contribution_invoice"
    PAYROLL_CONTRIBUTIONS = "payroll_contributions"


_KINDS: Final[Mapping[str, ChallengeKind]] = MappingProxyType({kind.value: kind for kind in ChallengeKind})

WINDOW_MONTHS: Final[Mapping[ChallengeKind, int | None]] = MappingProxyType(
    {
        ChallengeKind.VITALE_SERIAL: None,
        ChallengeKind.BENEFIT_AMOUNT: 6,
        ChallengeKind.CONTRIBUTION_INVOICE: 12,
        ChallengeKind.PAYROLL_CONTRIBUTIONS: 12,
    }
)
"""How many calendar months back a payment serves as an answer (R25); ``None`` where no date matters."""


@final
@frozen(repr=False)
class Amount:
    """A sum of money, exact to the cent; ``repr`` does not show it.

    Attributes:
        cents: cents of a euro, from 1 to 999 999 999.

    Raises:
        ValueError: out of this range: the caller's fault.
    """

    cents: int

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.cents <= _LARGEST_CENTS:
            raise ValueError("an amount is at least 0.01 and at most 9 999 999.99 euros")

    def __repr__(self) -> str:
        return "<Amount>"


@final
@frozen(repr=False)
class VitaleSerial:
    """The serial number of a carte Vitale: digits of which nothing is known but their count; ``repr`` hides them.

    Attributes:
        digits: 10 to 21 of them, leading zeros kept; compared in constant time (R37).

    Raises:
        ValueError: anything else: the caller's fault.
    """

    digits: Secret

    def __attrs_post_init__(self) -> None:
        if not _SERIAL.fullmatch(self.digits.reveal()):
            raise ValueError("a serial number has 10 to 21 digits: use parse_vitale_serial")

    def __repr__(self) -> str:
        return "<VitaleSerial>"


def _of_the_kind(kind: ChallengeKind, value: Amount | VitaleSerial) -> bool:
    return isinstance(value, VitaleSerial) is (kind is ChallengeKind.VITALE_SERIAL)


@final
@frozen
class Proof:
    """One thing that the directory knows and that would be a right answer.

    Attributes:
        kind: the question that it answers.
        value: what a right answer equals.
        on: the day of the payment, in the fund's own calendar; ``None`` for the serial number, which has no date.

    Raises:
        ValueError: value, kind and date do not belong together, or the date has a time of day: the directory's fault.
    """

    kind: ChallengeKind
    value: Amount | VitaleSerial
    on: date | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if not _of_the_kind(self.kind, self.value) or (self.on is None) is not (WINDOW_MONTHS[self.kind] is None):
            raise ValueError("an amount has a day of payment, a serial number has none")
        if isinstance(self.on, datetime):
            raise ValueError("a day of payment has no time of day")


@final
@frozen
class Answer:
    """What a person answered, read and not yet compared. It shows nothing of itself and is never pickled (R54).

    Attributes:
        kind: the question that the person chose to answer.
        value: the answer.

    Raises:
        ValueError: the value does not belong to the kind: the caller's fault.
    """

    kind: ChallengeKind
    value: Amount | VitaleSerial

    def __attrs_post_init__(self) -> None:
        if not _of_the_kind(self.kind, self.value):
            raise ValueError("only the serial number is answered by a serial number")

    def __reduce__(self) -> NoReturn:
        raise TypeError("an Answer is never pickled or copied")


def parse_answer(kind_text: str, text: str) -> Answer | Problem:
    """Reads the answer to the question of that name, a value of :class:`ChallengeKind`."""
    kind = _KINDS.get(kind_text) if len(kind_text) <= _MOST_TYPED else None
    if kind is None:
        return _refused(ProblemCode.CHALLENGE_UNKNOWN)
    value = parse_vitale_serial(text) if kind is ChallengeKind.VITALE_SERIAL else parse_amount(text)
    return value if isinstance(value, Problem) else Answer(kind, value)


def parse_amount(text: str) -> Amount | Problem:
    """Reads a sum in euros in French or in plain notation: ``1 234,56 €``, ``1.234,56``, ``1234.56``, ``12`` (R26).

    A sum that could be read in two ways is refused, since a refusal costs the person nothing and a wrong answer counts:
    ``1,234.56`` and ``12,5`` are asked for again. The limit of ``AMOUNT_DECIMALS`` is the number of decimals, that of
    ``AMOUNT_TOO_LARGE`` is in euros, and the first that is too much.
    """
    typed = bounded(text, _MOST_TYPED, _FIELD)
    if isinstance(typed, Problem):
        return typed
    plain = typed.translate(dict.fromkeys(map(ord, SPACES), " "))
    currency = _CURRENCY.fullmatch(plain)
    number = currency["amount"] if currency else plain
    if _NEGATIVE.fullmatch(number):
        return _refused(ProblemCode.AMOUNT_NOT_POSITIVE)
    found = _AMOUNT.fullmatch(number)
    if not found:
        return _refused(ProblemCode.AMOUNT_FORM)
    decimals = found["cents"] or "00"
    if len(decimals) != _DECIMALS:
        return _refused(ProblemCode.AMOUNT_DECIMALS, _DECIMALS)
    cents = int(without(found["euros"], " .") + decimals)
    if cents == 0:
        return _refused(ProblemCode.AMOUNT_NOT_POSITIVE)
    return Amount(cents) if cents <= _LARGEST_CENTS else _refused(ProblemCode.AMOUNT_TOO_LARGE, _TOO_LARGE_EUROS)


def parse_vitale_serial(text: str) -> VitaleSerial | Problem:
    """Reads the serial number printed on a carte Vitale; spaces and dashes are dropped, leading zeros kept."""
    typed = bounded(text, _MOST_TYPED_SERIAL, _FIELD)
    if isinstance(typed, Problem):
        return typed
    digits = without(typed, SPACES + DASHES)
    return VitaleSerial(Secret(digits)) if _SERIAL.fullmatch(digits) else _refused(ProblemCode.VITALE_SERIAL_FORM)


def window_start(today: date, months: int) -> date:
    """The same day of the month, that many calendar months ago; the month's last day where it has no such day."""
    year, month = divmod(today.year * _MONTHS_A_YEAR + today.month - 1 - months, _MONTHS_A_YEAR)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


def answers(answer: Answer, proofs: Sequence[Proof], today: date) -> bool:
    """Whether some proof of that kind, paid within the window and not after today, equals the answer exactly.

    Every proof is compared, in constant time, whatever the others gave; where there is none, something is compared all
    the same, so that the work tells neither the right one nor whether there is any (R14, R37).
    """
    nothing = Proof(answer.kind, answer.value, None if WINDOW_MONTHS[answer.kind] is None else today)
    right = False
    for proof in proofs or (nothing,):
        right |= _equal(answer, proof) & _counts(proof, today)
    return right & bool(proofs)


def _equal(answer: Answer, proof: Proof) -> bool:
    return hmac.compare_digest(_comparable(answer.kind, answer.value), _comparable(proof.kind, proof.value))


def _comparable(kind: ChallengeKind, value: Amount | VitaleSerial) -> bytes:
    match value:
        case Amount(cents=cents):
            digits = str(cents)
        case VitaleSerial(digits=secret):
            digits = secret.reveal()
        case _:
            assert_never(value)
    return f"{kind.value}:{digits}".encode()


def _counts(proof: Proof, today: date) -> bool:
    months = WINDOW_MONTHS[proof.kind]
    return months is None or (proof.on is not None and window_start(today, months) <= proof.on <= today)


def _refused(code: ProblemCode, limit: int | None = None) -> Problem:
    return Problem(code, _FIELD, limit=limit)
