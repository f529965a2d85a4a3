"""What is explored: one account variant, under one policy, by one journey or by two at once.

A policy is explored at its own caps or at smaller ones: a cap of 2 already shows the first, the last and the one too
many. Lengths of time do not matter here (``abstraction.py``), so policies with the same caps have the same states.
"""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import Final, final

from attrs import evolve, frozen

from msa_recovery.domain.account import (
    POSTAL,
    AccountType,
    Channel,
    ContactId,
    Profile,
    Pseudonym,
    Way,
)
from msa_recovery.domain.policy import Policy

from .moment import LATER, NOW

__all__ = ["CAPS", "FAMILIES", "VARIANTS", "Setting", "Variant", "capped", "staggered"]

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "codes": (
            "guesses_per_code",
            "codes_per_journey",
            "sends_per_origin_and_day",
            "sends_per_day",
            "sends_per_month",
            "code_guesses_per_month",
        ),
        "answers-and-letters": ("answers_per_journey", "answers_per_month", "letters_per_month"),
        "sign-ins": ("sign_in_wait_from", "sign_ins_per_day", "sign_in_alarm", "sign_in_origins"),
        "passwords": ("current_password_tries", "current_passwords_per_day", "comparisons_after_sign_in"),
    }
)
"""Caps that some guard or reservation reads together; no one reads counts of two of these, but where the charts go from
codes or answers to the letter."""

CAPS: Final = tuple(cap for family in FAMILIES.values() for cap in family)
"""The fields of a policy that limit how often something is done."""


def capped(policy: Policy, cap: int) -> Policy:
    """The policy with every cap that is larger reduced to this one."""
    reduced = {name: min(cap, getattr(policy, name)) for name in CAPS}
    return evolve(policy, name=f"{policy.name}-caps-{cap}", **reduced)


def staggered(policy: Policy) -> Policy:
    """The policy with caps on codes that differ from each other, each by one, and all others at 1."""
    return evolve(
        capped(policy, 1),
        name=f"{policy.name}-caps-staggered",
        codes_per_journey=2,
        sends_per_origin_and_day=1,
        sends_per_day=2,
        sends_per_month=3,
        code_guesses_per_month=2,
    )


@final
@frozen
class Variant:
    """One kind of account.

    Attributes:
        type: a line of the matrix.
        first_sign_in: whether its holder never signed in.
        usable: the electronic channels that lead somewhere.
        quarantined: the electronic channels whose contact changed too recently to serve recovery (R32).
    """

    type: AccountType
    first_sign_in: bool
    usable: tuple[Channel, ...] = ()
    quarantined: tuple[Channel, ...] = ()

    def __str__(self) -> str:
        ways = [*map(str, self.usable), *(f"{channel}-later" for channel in self.quarantined)] or ["post"]
        return "-".join((str(self.type), "first" if self.first_sign_in else "known", *ways))

    def profile(self, name: str, *, genuine: bool = True, waiting: bool = True) -> Profile:
        """What a journey freezes of such an account, or of its decoy.

        Args:
            name: the pseudonym.
            genuine: whether the directory knows it.
            waiting: whether the time of what is quarantined is still to come.
        """
        until = LATER if waiting else NOW
        ways = [
            Way(c, ContactId(c.value), b"fingerprint", "", until if c in self.quarantined else None) for c in Channel
        ]
        held = [way for way in ways if way.channel in self.usable or way.channel in self.quarantined]
        post = Way(Channel.LETTER, POSTAL, b"fingerprint", "")
        return Profile(Pseudonym(name), genuine, self.type, self.first_sign_in, (*held, post))


_SMS, _EMAIL = Channel.SMS, Channel.EMAIL
_WAYS: Final[tuple[tuple[Channel, ...], ...]] = ((_SMS, _EMAIL), (_SMS,), (_EMAIL,), ())

VARIANTS: Final = (
    *(Variant(type_, first, usable) for type_, first, usable in product(AccountType, (False, True), _WAYS)),
    Variant(AccountType.INDIVIDUAL, True, (_SMS,), (_EMAIL,)),
    Variant(AccountType.INDIVIDUAL, True, (), (_SMS,)),
)
"""Every line of the matrix, by whether a challenge comes first, by which ways there are to its holder; and those whose
contact changed lately, of one type."""


@final
@frozen
class Setting:
    """One exploration.

    Attributes:
        policy: the limits, reduced or not.
        variant: the account.
        journeys: how many may be under way at once.
        another: whether the person may name another account of the same kind on the way.
        changes: whether the directory may change the account on the way.
        past: whether earlier journeys may have left something behind.
        ages: whether the windows of 24 hours and of 30 days pass, in which counts are kept.
    """

    policy: Policy
    variant: Variant
    journeys: int = 1
    another: bool = False
    changes: bool = False
    past: bool = False
    ages: bool = True

    @property
    def name(self) -> str:
        """How the setting is called."""
        extras = [word for word in ("another", "changes", "past") if getattr(self, word)]
        extras += [] if self.ages else ["within-a-day"]
        return " ".join((self.policy.name, str(self.variant), f"journeys-{self.journeys}", *extras))
