"""What an identifier that the directory does not know looks like: always the same, and like some account (R13).

A decoy is derived from a keyed seed, so that it is stable over time and across hosts with the same keys, and nobody
else can tell it from an account. Its profile is drawn by the policy's weights and obeys the matrix of R48.
"""

import hashlib
from collections.abc import Mapping
from itertools import accumulate
from typing import Final, TypeVar, final

from .account import POSTAL, Channel, ContactId, IdentifierKind, Profile, Pseudonym, Way
from .contacts import MASK_ENDINGS, MASK_LETTERS, MASK_PREFIXES, email_mask, phone_mask
from .policy import Policy

__all__ = ["decoy"]

_HIDDEN: Final = 64
"""One in so many signs of a mask is hidden, as it is for an account whose contact has an unusual one there."""

_T = TypeVar("_T")


@final
class _Dice:
    """Independent draws from one seed: each from a digest of its own, far larger than the range."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, limit: int) -> int:
        self._drawn += 1
        drawn = hashlib.sha256(self._seed + bytes((self._drawn,))).digest()
        return int.from_bytes(drawn[:8], "big") % limit

    def weighted(self, weights: Mapping[_T, int]) -> _T:
        at = self.below(sum(weights.values()))
        return next(value for value, end in zip(weights, accumulate(weights.values()), strict=True) if at < end)


def _contact_id(seed: bytes, channel: Channel) -> ContactId:
    return ContactId(hashlib.sha256(seed + b"contact" + channel.encode()).hexdigest())


def _fingerprint(seed: bytes, channel: Channel) -> bytes:
    return hashlib.sha256(seed + b"fingerprint" + channel.encode()).digest()[:16]


def _phone_mask(dice: _Dice) -> str:
    prefix = "" if dice.below(_HIDDEN) == 0 else MASK_PREFIXES[dice.below(len(MASK_PREFIXES))]
    return phone_mask(prefix, f"{dice.below(100):02}")


def _email_mask(dice: _Dice) -> str:
    signs = ["" if dice.below(_HIDDEN) == 0 else MASK_LETTERS[dice.below(len(MASK_LETTERS))] for _ in range(2)]
    ending = "" if dice.below(_HIDDEN) == 0 else MASK_ENDINGS[dice.below(len(MASK_ENDINGS))]
    return email_mask(signs[0], signs[1], ending)


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
    masks = {Channel.SMS: _phone_mask(dice), Channel.EMAIL: _email_mask(dice), Channel.LETTER: ""}
    ways = tuple(
        Way(
            channel,
            POSTAL if channel is Channel.LETTER else _contact_id(seed, channel),
            _fingerprint(seed, channel),
            shown,
        )
        for channel, shown in masks.items()
        if channel in held or channel is Channel.LETTER
    )
    return Profile(pseudonym, False, account_type, first_sign_in, ways)
