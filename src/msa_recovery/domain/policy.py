"""Every number and every yes-or-no that an operator may set, with its unit, its default and its source.

``Policy.msa()`` is the source text with the limits that make four digits bearable; ``Policy.strict()`` follows NIST SP
800-63B-4 and ASVS 5.0 where they ask for more; ``Policy.testing()`` is small and quick, for tests only.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self, final

from attrs import Attribute, field, frozen

from .account import MATRIX, AccountType, Channel, IdentifierKind
from .errors import PolicyError

if TYPE_CHECKING:
    from .risk import Assessment

__all__ = ["DAY", "MONTH", "DecoyWeights", "Policy"]

DAY: Final = timedelta(hours=24)
"""The shorter window of every cap (R5)."""

MONTH: Final = timedelta(days=30)
"""The longer window of every cap (R5)."""


_MOST_DOUBLINGS: Final = 17
"""Enough to make a day of a second: no wait starts shorter or ends later."""


def _count(default: int, least: int = 1, most: int = 10_000) -> int:
    """A whole number between two bounds, both included."""

    def check(_: "Policy", attribute: "Attribute[int]", value: int) -> None:
        if type(value) is not int or not least <= value <= most:
            raise PolicyError(attribute.name, f"a whole number from {least} to {most}, not {value!r}")

    number: int = field(default=default, validator=check)
    return number


def _span(default: timedelta, least: timedelta = timedelta(seconds=1), most: timedelta = 4 * MONTH) -> timedelta:
    """A length of time between two bounds, both included."""

    def check(_: "Policy", attribute: "Attribute[timedelta]", value: timedelta) -> None:
        if not isinstance(value, timedelta) or not least <= value <= most:
            raise PolicyError(attribute.name, f"a timedelta from {least} to {most}, not {value!r}")

    span: timedelta = field(default=default, validator=check)
    return span


def _check_name(_: "Policy", attribute: "Attribute[str]", value: str) -> None:
    if not isinstance(value, str) or not value:
        raise PolicyError(attribute.name, f"a name, not {value!r}")


def _check_yes_or_no(_: "Policy", attribute: "Attribute[bool]", value: bool) -> None:
    if not isinstance(value, bool):
        raise PolicyError(attribute.name, f"True or False, not {value!r}")


@final
@frozen(kw_only=True)
class DecoyWeights:
    """How often an unknown identifier of one kind looks like what (R13).

    Set them near the shares among the host's real accounts: the closer, the less a profile tells.

    Attributes:
        types: weight of each account type; a type that the matrix refuses for the identifier has none.
        first_sign_in: how many of a hundred never signed in.
        channels: weight of each set of electronic channels on file.
    """

    types: Mapping[AccountType, int]
    first_sign_in: int
    channels: Mapping[frozenset[Channel], int]


_CHANNELS: Final[Mapping[frozenset[Channel], int]] = {
    frozenset({Channel.SMS, Channel.EMAIL}): 60,
    frozenset({Channel.SMS}): 15,
    frozenset({Channel.EMAIL}): 15,
    frozenset(): 10,
}

_DECOYS: Final[Mapping[IdentifierKind, DecoyWeights]] = {
    IdentifierKind.NIR: DecoyWeights(
        types={AccountType.INDIVIDUAL: 80, AccountType.FARMER: 16, AccountType.GARDENER_EMPLOYER: 4},
        first_sign_in=30,
        channels=_CHANNELS,
    ),
    IdentifierKind.SIRET: DecoyWeights(
        types={AccountType.FARMER: 50, AccountType.COMPANY: 48, AccountType.GARDENER_EMPLOYER: 2},
        first_sign_in=30,
        channels=_CHANNELS,
    ),
}


def _check_decoys(
    _: "Policy",
    attribute: "Attribute[Mapping[IdentifierKind, DecoyWeights]]",
    value: Mapping[IdentifierKind, DecoyWeights],
) -> None:
    if not isinstance(value, Mapping) or set(value) != set(IdentifierKind):
        raise PolicyError(attribute.name, "weights for each kind of identifier, no more and no less")
    for kind, weights in value.items():
        if not isinstance(weights, DecoyWeights):
            raise PolicyError(attribute.name, f"{kind}: DecoyWeights, not {weights!r}")
        wanted = {type_ for type_, rules in MATRIX.items() if kind in rules.identifiers}
        if set(weights.types) != wanted:
            raise PolicyError(attribute.name, f"{kind}: weights for {sorted(wanted)}, no more and no less")
        if set(weights.channels) != set(_CHANNELS):
            raise PolicyError(attribute.name, f"{kind}: weights for each set of electronic channels")
        if type(weights.first_sign_in) is not int or not 1 <= weights.first_sign_in <= 99:  # noqa: PLR2004 - per cent
            raise PolicyError(attribute.name, f"{kind}: first_sign_in, a whole number from 1 to 99, so that both occur")
        if any(type(each) is not int or each < 1 for each in (*weights.types.values(), *weights.channels.values())):
            raise PolicyError(
                attribute.name, f"{kind}: every weight a whole number from 1, so that every profile occurs"
            )


@final
@frozen(kw_only=True)
class Policy:
    """All limits of a journey. Equal limits are equal policies; a bad value raises :class:`PolicyError`.

    Attributes:
        name: how reports call this policy.
        code_digits: digits of a code (seed: 4; ASVS 6.5.4, NIST 63B 4.2.1.2: 6 or more; R7).
        code_lifetime_sms: how long a code by SMS lives (seed: 30 min; NIST: 10 min; R8).
        code_lifetime_email: how long a code by e-mail lives (seed: 30 min; NIST: up to 24 h; R8).
        guesses_per_code: wrong codes after which a code is dead (R5).
        codes_per_journey: codes that one journey may ask for (R5).
        send_cooldown: time between two codes of an account (R30).
        sends_per_origin_and_day: codes of one account asked for from one origin in 24 h (R30).
        sends_per_day: codes of one account in 24 h (R30).
        sends_per_month: codes of one account in 30 days; after that the letter (R5).
        code_guesses_per_month: wrong codes of one account in 30 days, judged when a code is sent (R5, section 2).
        answers_per_journey: answers to the knowledge question in one journey (seed: 1; R25).
        answers_per_month: answers of one account in 30 days (R24).
        letters_per_month: letters of one account in 30 days; after that the fund (R27).
        temporary_password_length: characters; 12 are over 70 bits (R18), 24 still fit one SMS (R51).
        temporary_password_lifetime: how long one lives that is sent after a code, by SMS or e-mail (R18).
        letter_lifetime: how long a temporary password by letter lives (R8, R27: 30 days at most).
        sign_in_wait_from: how many wrong temporary passwords after which waits begin, for an account and origin (R29).
        sign_in_first_wait: the first of these waits; each further one doubles it (CNIL: more than 1 min; R29).
        sign_in_longest_wait: the wait at which the doubling ends (R29).
        sign_ins_per_day: wrong temporary passwords of an account and origin in 24 h (CNIL: 25; R29).
        sign_in_alarm: wrong temporary passwords of an account in 24 h that raise an alarm (R6).
        sign_in_origins: origins whose tries are counted apart; further ones share a count (decision 1).
        current_password_tries: wrong current passwords in one change journey (R29).
        current_passwords_per_day: wrong current passwords of an account in 24 h (R29).
        comparisons_after_sign_in: comparisons of a new password with the current one after one sign-in (R43).
        password_min: code points of a new password, at least (seed: 8).
        password_max: code points of a new password, at most; never truncated (63B 3.1.1.2: 64 or more; R41).
        contact_quarantine: for how long a changed contact does not serve recovery (R32).
        journey_lifetime: the time from its beginning to the sign-in, codes under way excepted (decision 166).
        signed_in_lifetime: the time for the steps after a sign-in (decision 166).
        delivery_tries: how often a messenger is asked to take a message before an operator has to look. With waits that
            double from 15 s to an hour, 64 are about three days (RFC 5321 4.5.4.1 gives up after 4 to 5 days).
        retention: for how long a finished journey is kept, and a ledger once nothing in it matters (R59).
        audit_retention: for how long a fact says whose it is, when and what (CNIL 2021-122, on security logs: from six
            months to a year; R59).
        show_masks: whether two digits or one letter of a contact are shown (R13, decision 16).
        decoys: what unknown identifiers look like (R13).
    """

    name: str = field(validator=_check_name)
    code_digits: int = _count(4, least=4, most=12)
    code_lifetime_sms: timedelta = _span(timedelta(minutes=30), most=DAY)
    code_lifetime_email: timedelta = _span(timedelta(minutes=30), most=DAY)
    guesses_per_code: int = _count(3, most=10)
    codes_per_journey: int = _count(3, most=100)
    send_cooldown: timedelta = _span(timedelta(seconds=60), most=DAY)
    sends_per_origin_and_day: int = _count(3, most=100)
    sends_per_day: int = _count(5, most=100)
    sends_per_month: int = _count(15, most=1_000)
    code_guesses_per_month: int = _count(10, most=100)
    answers_per_journey: int = _count(1, most=10)
    answers_per_month: int = _count(3, most=10)
    letters_per_month: int = _count(2, most=10)
    temporary_password_length: int = _count(12, least=12, most=24)
    temporary_password_lifetime: timedelta = _span(DAY, most=MONTH)
    letter_lifetime: timedelta = _span(timedelta(days=21), most=MONTH)
    sign_in_wait_from: int = _count(5, most=25)
    sign_in_first_wait: timedelta = _span(timedelta(minutes=2), most=DAY)
    sign_in_longest_wait: timedelta = _span(timedelta(hours=1), most=DAY)
    sign_ins_per_day: int = _count(25, most=100)
    sign_in_alarm: int = _count(100)
    sign_in_origins: int = _count(16, most=1_000)
    current_password_tries: int = _count(5, most=25)
    current_passwords_per_day: int = _count(25, most=100)
    comparisons_after_sign_in: int = _count(10, most=100)
    password_min: int = _count(8, least=8, most=64)
    password_max: int = _count(128, least=64, most=1_024)
    contact_quarantine: timedelta = _span(timedelta(days=7), least=timedelta())
    journey_lifetime: timedelta = _span(timedelta(minutes=60), most=DAY)
    signed_in_lifetime: timedelta = _span(timedelta(minutes=30), most=DAY)
    delivery_tries: int = _count(64, most=1_000)
    retention: timedelta = _span(MONTH, most=12 * MONTH)
    audit_retention: timedelta = _span(timedelta(days=365), most=timedelta(days=3 * 365))
    show_masks: bool = field(default=True, validator=_check_yes_or_no)
    decoys: Mapping[IdentifierKind, DecoyWeights] = field(
        default=_DECOYS, validator=_check_decoys, repr=False, hash=False
    )

    def __attrs_post_init__(self) -> None:
        for smaller, larger in _ORDERED:
            low, high = getattr(self, smaller), getattr(self, larger)
            if low > high:
                raise PolicyError(smaller, f"{low} is more than {larger} = {high}")

    def code_lifetime(self, channel: Channel) -> timedelta:
        """How long a code lives that travels by this channel."""
        return self.code_lifetime_email if channel is Channel.EMAIL else self.code_lifetime_sms

    def sign_in_wait(self, wrong: int) -> timedelta:
        """How long the next try waits after so many wrong temporary passwords."""
        if wrong < self.sign_in_wait_from:
            return timedelta()
        doublings = min(wrong - self.sign_in_wait_from, _MOST_DOUBLINGS)
        return min(self.sign_in_first_wait * (1 << doublings), self.sign_in_longest_wait)

    def assess(self, *, tries_per_second: int = 1_000) -> "Assessment":
        """What these limits risk: the probability of a takeover by guessing, an account's and a campaign's, and every
        deviation from NIST, ASVS, CNIL and ANSSI with what would close it (R60). Computed from the fields alone.

        Args:
            tries_per_second: temporary passwords that the host answers in a second, to all origins together. Nothing
                else bounds them once an attacker has more than ``sign_in_origins`` of them.
        """
        from .risk import assessed

        return assessed(self, tries_per_second)

    @classmethod
    def msa(cls) -> Self:
        """The source text's rules with the compensating limits: what is used when nothing else is said."""
        return cls(name="msa")

    @classmethod
    def strict(cls) -> Self:
        """NIST SP 800-63B-4 and ASVS 5.0: six digits, 10 minutes by SMS, 24 hours by e-mail, no masks shown."""
        return cls(
            name="strict",
            code_digits=6,
            code_lifetime_sms=timedelta(minutes=10),
            code_lifetime_email=DAY,
            password_min=15,
            show_masks=False,
        )

    @classmethod
    def testing(cls) -> Self:
        """Small caps and short waits, so that a test reaches every limit in a few events. Never for people."""
        return cls(
            name="testing",
            guesses_per_code=2,
            codes_per_journey=2,
            send_cooldown=timedelta(seconds=1),
            sends_per_origin_and_day=2,
            sends_per_day=3,
            sends_per_month=4,
            code_guesses_per_month=4,
            answers_per_month=2,
            letters_per_month=1,
            sign_in_wait_from=2,
            sign_ins_per_day=4,
            sign_in_alarm=6,
            sign_in_origins=2,
            current_password_tries=2,
            current_passwords_per_day=3,
            comparisons_after_sign_in=2,
            delivery_tries=4,
        )


_ORDERED: Final = (
    ("guesses_per_code", "code_guesses_per_month"),
    ("sends_per_origin_and_day", "sends_per_day"),
    ("sends_per_day", "sends_per_month"),
    ("answers_per_journey", "answers_per_month"),
    ("temporary_password_lifetime", "letter_lifetime"),
    ("sign_in_first_wait", "sign_in_longest_wait"),
    ("current_password_tries", "current_passwords_per_day"),
    ("password_min", "password_max"),
    ("retention", "audit_retention"),
)
