"""What a policy risks: how likely somebody gets in by guessing, and where it is not what the standards ask for.

Made by :meth:`Policy.assess <.policy.Policy.assess>`; ``docs/risk.md`` explains every number.
"""

from datetime import timedelta
from typing import Final, final

from attrs import frozen

from .deviation import Deviation, Standard, found_by
from .deviations_of_journey import OF_JOURNEY
from .deviations_of_limits import OF_LIMITS
from .odds import at_least_one, guesses_at_codes, one_code, tries_from_one_origin
from .policy import DAY, Policy
from .temporary import entropy_bits

__all__ = ["CAMPAIGNS", "SPANS", "Assessment", "Odds", "assessed"]

SPANS: Final = (1, 30, 365)
"""Days that an account is judged over: a day, a month, a year."""

CAMPAIGNS: Final = (1_000, 10_000, 100_000)
"""How many accounts a campaign goes through."""

_SECOND: Final = timedelta(seconds=1)


@final
@frozen(kw_only=True)
class Odds:
    """What somebody gets who guesses as much as the caps let through, against accounts that ask no question first.

    Attributes:
        accounts: how many accounts are guessed at.
        days: for how many days; 0 stands for one code of each account.
        guesses: codes of one account that are compared, at most.
        expected: right codes to expect, of all accounts together.
        right_code: probability of at least one right code. It sends a temporary password to a contact on file, and
            opens nothing else.
        after_code: probability that a temporary password sent after such a code is guessed (R60: ``P(code) x m/R``).
        by_letter: probability that one sent by letter is guessed, live all the time. Whoever knows an identifier can
            cause a letter, so this needs no right code.
    """

    accounts: int
    days: int
    guesses: int
    expected: float
    right_code: float
    after_code: float
    by_letter: float

    @property
    def takeover(self) -> float:
        """Probability of a takeover by guessing, at most."""
        return min(1.0, self.after_code + self.by_letter)


@final
@frozen(kw_only=True)
class Assessment:
    """The risk of one policy.

    Attributes:
        policy: its name.
        codes: how many codes there are.
        password_bits: entropy of a temporary password, in bits.
        tries_per_second: temporary passwords that the host answers in a second, all origins together: an assumption.
        tries_from_one_origin: temporary passwords that one origin can try in 24 hours.
        account: one account, over each of :data:`SPANS`.
        campaigns: each of :data:`CAMPAIGNS`, one code each and over each of :data:`SPANS`.
        deviations: in the order of the standards.
    """

    policy: str
    codes: int
    password_bits: float
    tries_per_second: int
    tries_from_one_origin: int
    account: tuple[Odds, ...]
    campaigns: tuple[Odds, ...]
    deviations: tuple[Deviation, ...]

    def deviation(self, code: str) -> Deviation | None:
        """The deviation of this code, or ``None`` if the policy has none."""
        return next((each for each in self.deviations if each.code == code), None)


def assessed(policy: Policy, tries_per_second: int) -> Assessment:
    """The risk of a policy; see :meth:`Policy.assess <.policy.Policy.assess>`."""
    return Assessment(
        policy=policy.name,
        codes=10**policy.code_digits,
        password_bits=entropy_bits(policy.temporary_password_length),
        tries_per_second=tries_per_second,
        tries_from_one_origin=tries_from_one_origin(policy),
        account=tuple(_odds(policy, 1, days, tries_per_second) for days in SPANS),
        campaigns=tuple(
            _odds(policy, accounts, days, tries_per_second) for accounts in CAMPAIGNS for days in (0, *SPANS)
        ),
        deviations=_deviations(policy),
    )


def _odds(policy: Policy, accounts: int, days: int, tries_per_second: int) -> Odds:
    codes = 10**policy.code_digits
    spent = guesses_at_codes(policy, days) if days else {policy.guesses_per_code: 1}
    guesses = sum(each * times for each, times in spent.items())
    expected = accounts * guesses / codes
    right = at_least_one((one_code(each, codes), times * accounts) for each, times in spent.items())
    passwords = 2.0 ** entropy_bits(policy.temporary_password_length)
    # A host answers so many tries and no more, whether they go to one account or to thousands.
    live = min(expected * policy.temporary_password_lifetime, days * DAY + policy.temporary_password_lifetime)
    return Odds(
        accounts=accounts,
        days=days,
        guesses=guesses,
        expected=expected,
        right_code=right,
        after_code=one_code(live / _SECOND * tries_per_second, passwords),
        by_letter=one_code(days * DAY / _SECOND * tries_per_second, passwords),
    )


def _deviations(policy: Policy) -> tuple[Deviation, ...]:
    found = (found_by(rule, policy) for rule in (*OF_LIMITS, *OF_JOURNEY))
    order = tuple(Standard)
    return tuple(sorted((each for each in found if each is not None), key=lambda each: order.index(each.standard)))
