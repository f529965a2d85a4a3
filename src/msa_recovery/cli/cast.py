"""The sample accounts as the demonstration needs them: with the passwords that stand in clear in their file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, final

from attrs import frozen

from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.kept_directory import KeptDirectory
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof
from msa_recovery.domain.identifiers import Identifier, Nir

__all__ = ["Member", "cast_of", "member"]

_GROUPS_OF_A_NIR: Final = (1, 2, 2, 2, 3, 3)
_GROUPS_OF_A_SIRET: Final = (3, 3, 3, 5)


@final
@frozen
class Member:
    """One made-up person or company.

    Attributes:
        held: what the directory holds of it.
        password: the usual password, in clear; empty for whoever never signed in.
    """

    held: HeldAccount
    password: str

    @property
    def key(self) -> AccountKey:
        """The directory's key."""
        return self.held.account.key

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Every identifier, spaced as on a card or a letter."""
        return tuple(_spaced(identifier) for identifier in self.held.account.identifiers)

    @property
    def identifier(self) -> str:
        """The first identifier."""
        return self.identifiers[0]

    def answers(self, kind: ChallengeKind) -> tuple[str, ...]:
        """What the account's proofs of that kind say, as a person would type it, the newest first."""
        proofs = [proof for proof in self.held.proofs if proof.kind is kind]
        return tuple(_typed(proof) for proof in sorted(proofs, key=lambda proof: str(proof.on), reverse=True))


def cast_of(directory: KeptDirectory) -> tuple[Member, ...]:
    """Every sample account, in the order of their file."""
    passwords = _passwords()
    return tuple(Member(held, passwords.get(held.account.key, "")) for held in directory.accounts())


def member(directory: KeptDirectory, key: str) -> Member:
    """The sample account of that key.

    Raises:
        KeyError: the file has none of that key.
    """
    return {each.key: each for each in cast_of(directory)}[AccountKey(key)]


@cache
def _passwords() -> Mapping[str, str]:
    """By account key. The directory only keeps their hashes."""
    text = resources.files("msa_recovery.sample").joinpath("accounts.toml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["account"]
    return {entry["key"]: entry["password"] for entry in entries if "password" in entry}


def _spaced(identifier: Identifier) -> str:
    if isinstance(identifier, Nir):
        return f"{_grouped(identifier.digits, _GROUPS_OF_A_NIR)} {identifier.key}"
    return _grouped(identifier.digits, _GROUPS_OF_A_SIRET)


def _grouped(digits: str, sizes: tuple[int, ...]) -> str:
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return " ".join(digits[start : start + size] for start, size in zip(starts, sizes, strict=True))


def _typed(proof: Proof) -> str:
    if isinstance(proof.value, Amount):
        return f"{proof.value.cents // 100},{proof.value.cents % 100:02d}"
    return proof.value.digits.reveal()
