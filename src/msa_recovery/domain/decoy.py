"""What an identifier that the directory does not know looks like: always the same, and like some account (R13).

A decoy is derived from a keyed seed, so that it is stable over time and across hosts with the same keys, and nobody
else can tell it from an account. Its profile is drawn by the policy's weights and obeys the matrix of R48.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import Final, TypeVar, final

from .account import POSTAL, Channel, ContactId, IdentifierKind, Profile, Pseudonym, Way
from .contacts import EmailAddress, PhoneNumber, mask
from .policy import Policy

__all__ = ["decoy"]

_LETTERS: Final = "abcdefghijlmnoprstv"
_DOMAINS: Final = ("gmail.com", "orange.fr", "wanadoo.fr", "hotmail.fr", "laposte.net", "free.fr", "sfr.fr", "yahoo.fr")
_MOBILE: Final = ("6", "6", "6", "7")

_T = TypeVar("_T")


@final
class _Dice:
    """Independent draws from one seed: each takes some bytes of it, many more than the range needs."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._used = 0

    def below(self, limit: int) -> int:
        taken = self._seed[self._used : self._used + 4]
        self._used += 4
        return int.from_bytes(taken, "big") % limit

    def weighted(self, weights: Mapping[_T, int]) -> _T:
        at = self.below(sum(weights.values()))
        return next(value for value, end in zip(weights, accumulate(weights.values()), strict=True) if at < end)


def decoy(seed: bytes, kind: IdentifierKind, pseudonym: Pseudonym, policy: Policy) -> Profile:
    """The profile of an unknown identifier.

    Args:
        seed: 32 bytes derived from the identity root and the identifier's canonical form.
        kind: the identifier's kind; the matrix allows only some account types for it.
        pseudonym: the keyed name of the identifier's canonical form.
        policy: whose weights decide how often each profile occurs.
    """
    dice, weights = _Dice(seed), policy.decoys[kind]
    account_type = dice.weighted(weights.types)
    first_sign_in = dice.below(100) < weights.first_sign_in
    held = dice.weighted(weights.channels)
    number = PhoneNumber(f"+33{_MOBILE[dice.below(4)]}000000{dice.below(100):02}")
    address = EmailAddress(f"{_LETTERS[dice.below(len(_LETTERS))]}@{_DOMAINS[dice.below(len(_DOMAINS))]}")
    masks = {Channel.SMS: mask(number), Channel.EMAIL: mask(address), Channel.LETTER: ""}
    ways = tuple(
        Way(channel, POSTAL if channel is Channel.LETTER else ContactId(seed.hex()), seed[:16], shown)
        for channel, shown in masks.items()
        if channel in held or channel is Channel.LETTER
    )
    return Profile(pseudonym, False, account_type, first_sign_in, ways)
