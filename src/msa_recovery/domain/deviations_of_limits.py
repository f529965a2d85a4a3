"""Where a policy's own fields are not what a standard asks for: another value closes each of these."""

from datetime import timedelta
from itertools import count
from typing import Final

from .deviation import Demand, Rule, Standard, in_words
from .policy import DAY, Policy
from .temporary import entropy_bits

__all__ = ["OF_LIMITS"]

_DIGITS: Final = 6
_TEN_MINUTES: Final = timedelta(minutes=10)
_ONE_MINUTE: Final = timedelta(minutes=1)
_LETTER: Final = timedelta(days=21)
_SINGLE_FACTOR: Final = 15
_STRONG_ALONE: Final = 12
_FAILURES: Final = 5
_TRIES: Final = 25
_NOT_SLOW: Final = 112

_SOURCE_DIGITS: Final = (
    "the source text has four digits; wrong codes are capped by code and by account and 30 days, and a right one only"
    " sends a temporary password to a contact on file"
)
_SOURCE_LIFETIME: Final = (
    "the source text gives 30 minutes; how long a code lives does not change how often it can be guessed at"
)
_SOURCE_LENGTH: Final = (
    "the source text asks for eight characters with a digit, a capital, a small letter and a special sign; what a meter"
    " that knows French finds weak is refused besides"
)
_KEYED: Final = (
    "it is random, short-lived and dead once a password is chosen, and its digest is keyed with a key that is held"
    " elsewhere: a slow hash would let an anonymous visitor make the host spend 100 ms and 64 MiB a try"
)


def _digits(policy: Policy) -> str:
    return f"{policy.code_digits} digits: one code in {10**policy.code_digits:,}".replace(",", " ")


def _length(policy: Policy) -> str:
    return f"{policy.password_min} characters"


def _bits(policy: Policy) -> str:
    length = policy.temporary_password_length
    return f"a keyed digest, not a slow one, of {entropy_bits(length):.1f} bits ({length} characters)"


def _is_guessable_offline(policy: Policy) -> bool:
    return entropy_bits(policy.temporary_password_length) < _NOT_SLOW


def _never_guessable(_: Policy) -> dict[str, int | timedelta | bool]:
    return {"temporary_password_length": next(length for length in count(4) if entropy_bits(length) >= _NOT_SLOW)}


def _first_wait(policy: Policy) -> dict[str, int | timedelta | bool]:
    first = max(policy.sign_in_first_wait, 2 * _ONE_MINUTE)
    return {
        "sign_in_wait_from": min(policy.sign_in_wait_from, _FAILURES),
        "sign_in_first_wait": first,
        "sign_in_longest_wait": max(policy.sign_in_longest_wait, first),
    }


def _growing(policy: Policy) -> dict[str, int | timedelta | bool]:
    first = min(policy.sign_in_first_wait, DAY / 2)
    return {"sign_in_first_wait": first, "sign_in_longest_wait": 2 * first}


def _letter(policy: Policy) -> dict[str, int | timedelta | bool]:
    return {
        "letter_lifetime": _LETTER,
        "temporary_password_lifetime": min(policy.temporary_password_lifetime, _LETTER),
    }


OF_LIMITS: Final = (
    Rule(
        code="nist_code_digits",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 4.2.1.2",
        wants="6 digits or more",
        has=_digits,
        why=_SOURCE_DIGITS,
        broken=lambda policy: policy.code_digits < _DIGITS,
        closing=lambda _: {"code_digits": _DIGITS},
    ),
    Rule(
        code="asvs_code_digits",
        standard=Standard.ASVS,
        clause="6.5.4",
        wants="20 bits, as 6 digits have",
        has=_digits,
        why=_SOURCE_DIGITS,
        broken=lambda policy: policy.code_digits < _DIGITS,
        closing=lambda _: {"code_digits": _DIGITS},
    ),
    Rule(
        code="nist_code_lifetime_sms",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 4.2.1.2",
        wants="10 min at most by SMS",
        has=lambda policy: in_words(policy.code_lifetime_sms),
        why=_SOURCE_LIFETIME,
        broken=lambda policy: policy.code_lifetime_sms > _TEN_MINUTES,
        closing=lambda _: {"code_lifetime_sms": _TEN_MINUTES},
    ),
    Rule(
        code="asvs_code_lifetime_sms",
        standard=Standard.ASVS,
        clause="6.5.5",
        wants="10 min at most",
        has=lambda policy: f"{in_words(policy.code_lifetime_sms)} by SMS",
        why=_SOURCE_LIFETIME,
        broken=lambda policy: policy.code_lifetime_sms > _TEN_MINUTES,
        closing=lambda _: {"code_lifetime_sms": _TEN_MINUTES},
    ),
    Rule(
        code="asvs_code_lifetime_email",
        standard=Standard.ASVS,
        clause="6.5.5",
        wants="10 min at most, whatever the channel (NIST allows 24 h by e-mail)",
        has=lambda policy: f"{in_words(policy.code_lifetime_email)} by e-mail",
        why=_SOURCE_LIFETIME,
        broken=lambda policy: policy.code_lifetime_email > _TEN_MINUTES,
        closing=lambda _: {"code_lifetime_email": _TEN_MINUTES},
    ),
    Rule(
        code="nist_temporary_password_lifetime",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 4.2.1.2",
        wants="10 min at most for what recovers an account and went by SMS",
        has=lambda policy: f"{in_words(policy.temporary_password_lifetime)} for a temporary password sent after a code",
        why="the source text names no time; it may be read the next day, cannot be guessed, and is dead once a password"
        " is chosen",
        broken=lambda policy: policy.temporary_password_lifetime > _TEN_MINUTES,
        closing=lambda _: {"temporary_password_lifetime": _TEN_MINUTES},
    ),
    Rule(
        code="nist_letter_lifetime",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 4.2.1.2",
        wants="21 days at most by post (30 outside the contiguous United States)",
        has=lambda policy: f"{in_words(policy.letter_lifetime)} for a temporary password by letter",
        why="post takes its time, to the overseas departments above all",
        broken=lambda policy: policy.letter_lifetime > _LETTER,
        closing=_letter,
    ),
    Rule(
        code="nist_password_length",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 3.1.1.2",
        wants="15 characters of a password that is the only factor (8 beside another one)",
        has=_length,
        why=_SOURCE_LENGTH,
        broken=lambda policy: policy.password_min < _SINGLE_FACTOR,
        closing=lambda _: {"password_min": _SINGLE_FACTOR},
        remedy="or the host asks for a second factor",
    ),
    Rule(
        code="asvs_password_length",
        standard=Standard.ASVS,
        clause="6.2.1",
        demand=Demand.SHOULD,
        wants="15 characters are strongly recommended, 8 required",
        has=_length,
        why=_SOURCE_LENGTH,
        broken=lambda policy: policy.password_min < _SINGLE_FACTOR,
        closing=lambda _: {"password_min": _SINGLE_FACTOR},
    ),
    Rule(
        code="cnil_password_length",
        standard=Standard.CNIL,
        clause="case 1 (a password alone)",
        wants="80 bits, as 12 characters of all four classes have; 50 bits (8 characters) where tries are limited",
        has=_length,
        why=_SOURCE_LENGTH,
        broken=lambda policy: policy.password_min < _STRONG_ALONE,
        closing=lambda _: {"password_min": _STRONG_ALONE},
        remedy="or the host's own sign-in limits tries, as in case 2",
    ),
    Rule(
        code="anssi_password_length",
        standard=Standard.ANSSI,
        clause="R21",
        demand=Demand.SHOULD,
        wants="12 characters or more where what is protected is of medium to high sensitivity",
        has=_length,
        why=_SOURCE_LENGTH,
        broken=lambda policy: policy.password_min < _STRONG_ALONE,
        closing=lambda _: {"password_min": _STRONG_ALONE},
    ),
    Rule(
        code="cnil_first_wait",
        standard=Standard.CNIL,
        clause="case 2 (tries are limited)",
        wants="a wait of more than 1 min after 5 wrong ones",
        has=lambda policy: f"after 5 wrong temporary passwords, a wait of {in_words(policy.sign_in_wait(_FAILURES))}",
        why="nothing in the source text asks for less",
        broken=lambda policy: policy.sign_in_wait(_FAILURES) <= _ONE_MINUTE,
        closing=_first_wait,
    ),
    Rule(
        code="cnil_growing_waits",
        standard=Standard.CNIL,
        clause="case 2 (tries are limited)",
        wants="waits that grow exponentially",
        has=lambda policy: (
            f"from {in_words(policy.sign_in_first_wait)} on, no more than {in_words(policy.sign_in_longest_wait)}"
        ),
        why="nothing in the source text asks for less",
        broken=lambda policy: policy.sign_in_longest_wait < 2 * policy.sign_in_first_wait,
        closing=_growing,
    ),
    Rule(
        code="cnil_tries_a_day",
        standard=Standard.CNIL,
        clause="case 2 (tries are limited)",
        wants="25 wrong ones in 24 h at most",
        has=lambda policy: f"{policy.sign_ins_per_day} wrong temporary passwords in 24 h from one origin",
        why="nothing in the source text asks for more",
        broken=lambda policy: policy.sign_ins_per_day > _TRIES,
        closing=lambda _: {"sign_ins_per_day": _TRIES},
    ),
    Rule(
        code="asvs_masks",
        standard=Standard.ASVS,
        clause="14.2.6 (level 3)",
        wants="no more personal data than is needed, before anybody has signed in above all",
        has=lambda _: "the last digits of a number and letters of an address, to whoever names the account",
        why="people with several telephones choose better; unknown identifiers show such masks as well",
        broken=lambda policy: policy.show_masks,
        closing=lambda _: {"show_masks": False},
    ),
    Rule(
        code="asvs_temporary_password_digest",
        standard=Standard.ASVS,
        clause="6.5.2",
        wants="a slow, salted hash of what has less than 112 bits",
        has=_bits,
        why=_KEYED,
        broken=_is_guessable_offline,
        closing=_never_guessable,
    ),
    Rule(
        code="nist_temporary_password_digest",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 3.1.2.2",
        wants="a salted password hash of what has less than 112 bits",
        has=_bits,
        why=_KEYED,
        broken=_is_guessable_offline,
        closing=_never_guessable,
    ),
)
"""``risk.py`` puts them in the order of the standards."""
