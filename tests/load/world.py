"""What all processes of a load agree on: who lives there, the limits, and where everything is."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final, final

from attrs import evolve, frozen

from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.domain.account import AccountKey, ContactId
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.policy import Policy
from msa_recovery.sample import sample_accounts

__all__ = [
    "DIRECTORY",
    "LEASE",
    "NOBODY",
    "POLICY",
    "POST",
    "WITNESS",
    "Place",
    "accounts_like_the_sample",
    "directory",
    "identifier",
    "mobile",
    "settle",
]

NOBODY: Final = 40_000
"""From here on identifiers are nobody's."""

DIRECTORY: Final = "accounts.sqlite"
POST: Final = "post.sock"
WITNESS: Final = "witness.log"

LEASE: Final = timedelta(seconds=6)
"""For how long a relay has a message to itself here. Nobody can wait two minutes for what a dead worker held."""

POLICY: Final = evolve(Policy.msa(), name="load", send_cooldown=timedelta(seconds=2))
"""The product's own caps; only the wait between two codes is short, since an hour passes in a minute here."""


@final
@frozen
class Place:
    """What a process is started with.

    Attributes:
        folder: where sockets, the directory and what was witnessed are.
        url: the store.
        bug: the name of a bug that is planted; empty for none.
    """

    folder: Path
    url: str
    bug: str = ""


def identifier(person: int) -> str:
    """The NIR of an account, made up."""
    return f"1{50 + person // 999}0133900{person % 999 + 1:03}"


def mobile(person: int) -> str:
    """Its mobile."""
    return f"+33600{person:06}"


def email(person: int) -> str:
    """Its e-mail address."""
    return f"person-{person}@example.org"


def directory(folder: Path) -> SqliteDirectory:
    """The directory, which all hosts share."""
    return SqliteDirectory(folder / DIRECTORY, Argon2idHasher(TESTS_ONLY), SystemClock())


def settle(folder: Path, people: int) -> None:
    """So many people move in."""
    with directory(folder) as accounts:
        accounts.add(accounts_like_the_sample(range(people)))


def accounts_like_the_sample(people: Iterable[int]) -> list[HeldAccount]:
    """Individuals, each with a mobile and an e-mail address."""
    sample, *_ = sample_accounts(SystemClock(), Argon2idHasher(TESTS_ONLY))
    by_kind = {contact.kind: contact for contact in sample.account.contacts}
    return [
        evolve(
            sample,
            identity=None,
            account=evolve(
                sample.account,
                key=AccountKey(f"account-{number}"),
                identifiers=(Nir(identifier(number)),),
                contacts=(
                    evolve(
                        by_kind[ContactKind.MOBILE], id=ContactId(f"mobile-{number}"), value=PhoneNumber(mobile(number))
                    ),
                    evolve(
                        by_kind[ContactKind.EMAIL], id=ContactId(f"email-{number}"), value=EmailAddress(email(number))
                    ),
                ),
                postal_address=(f"PERSONNE {number}", "12 CHEMIN DES CHENES", "33000 BORDEAUX"),
            ),
        )
        for number in people
    ]
