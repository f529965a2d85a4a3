"""The arithmetic of guessing: how likely somebody is right who may try a few times, now and then."""

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from .policy import DAY, MONTH, Policy

__all__ = ["any_of", "at_least_one", "guesses_at_codes", "one_code", "tries_from_one_origin"]

_DAYS_OF_A_MONTH: Final = MONTH // DAY


def one_code(guesses: float, codes: float) -> float:
    """The probability that one of some different guesses at one secret out of ``codes`` is right."""
    return min(1.0, guesses / codes)


def any_of(chance: float, times: float) -> float:
    """The probability that something of this chance happens at least once in so many independent times.

    ``times`` need not be whole, so that a cap of 30 days can be spread over 365. Exact for very small chances too.
    """
    return at_least_one([(chance, times)])


def at_least_one(chances: Iterable[tuple[float, float]]) -> float:
    """The same of several kinds of trials: ``(chance, times)`` each."""
    never = 0.0
    for chance, times in chances:
        if chance >= 1 and times > 0:
            return 1.0
        never += times * math.log1p(-chance) if times else 0.0
    return -math.expm1(never)


# -- what the caps let through -----------------------------------------------------------------------------------------


def guesses_at_codes(policy: Policy, days: int) -> dict[int, int]:
    """How an attacker who starts today best spends what the caps let through on one account in so many days.

    Guesses at one code, and how many codes get so many. In any 30 days no more wrong codes are compared than
    ``code_guesses_per_month``: that is judged when a code is sent, with all guesses that are then open, so the last
    code sent cannot exceed it. All can be spent in the first minutes of 30 days, and 365 days hold 13 such beginnings.
    As many guesses as possible at each code are the best: no two of them are the same.

    Exact where the guesses of a month fit into a day, or a code bears a single one; else perhaps a few too many.
    """
    months, rest = divmod(days, _DAYS_OF_A_MONTH)
    spent: dict[int, int] = {}
    for times, span in ((months, _DAYS_OF_A_MONTH), (1, rest)):
        cooled_down = math.ceil(span * DAY / policy.send_cooldown)
        sent = min(policy.sends_per_month, policy.sends_per_day * span, cooled_down)
        whole, part = divmod(
            min(sent * policy.guesses_per_code, policy.code_guesses_per_month), policy.guesses_per_code
        )
        for guesses, codes in ((policy.guesses_per_code, whole), (part, 1)):
            if guesses and codes and times:
                spent[guesses] = spent.get(guesses, 0) + codes * times
    return spent


def tries_from_one_origin(policy: Policy) -> int:
    """Temporary passwords that one origin can try in the 24 hours after its first one, all wrong (R29)."""
    waits = [policy.sign_in_wait(wrong) for wrong in range(1, policy.sign_ins_per_day)]
    moments = [timedelta()]
    for wait in waits:
        moments.append(moments[-1] + wait)
    return sum(moment < DAY for moment in moments)
