"""``msa-recovery forget``: delete all that a store keeps of an account; which one is never an argument."""

import sys
from datetime import date
from typing import TYPE_CHECKING, NoReturn, final

import typer
from attrs import frozen

from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.intents import DirectoryIntent
from msa_recovery.domain.account import Account, AccountKey, AccountType, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.problem import Problem

from .complaints import complaint
from .stores import KeysPath, StorePlace, recovering

if TYPE_CHECKING:
    from msa_recovery.domain.secret import Secret

__all__ = ["forget"]


def forget(keys: KeysPath, store: StorePlace) -> None:
    """Delete all that is kept of an account: journeys, counts, messages, and whose its facts in the audit are.

    Asks for an identifier of the account and for the key that the host's directory has for it, or reads them as two
    lines. The key may be empty where the directory has none: then what was kept of the identifier goes. Safe beside
    running hosts. A host does the same with Recovery.forget().
    """
    identifier, key = _asked("Identifier"), _asked("Key of the account in the directory")
    known = _Known(AccountKey(key)) if key else None
    with recovering(keys, store, accounts=known) as recovery:
        problem = recovery.forget(identifier, Caller(agent=True))
    if isinstance(problem, Problem):
        raise complaint(f"not an identifier: {problem.code}")
    typer.echo(f"{store}: forgotten")


def _asked(what: str) -> str:
    if sys.stdin.isatty():
        typer.echo(f"{what}: ", nl=False)
    return sys.stdin.readline().strip()


@final
@frozen(eq=False)
class _Known:
    """A directory in which every identifier is of the one account whose key was given. It applies nothing: what the
    store still holds for the host's own directory would be lost."""

    key: AccountKey

    def find(self, identifier: Identifier) -> Account:
        return Account(
            key=self.key,
            type=AccountType.INDIVIDUAL,
            first_sign_in=False,
            identifiers=(identifier,),
            contacts=(),
            names=(),
            postal_address=("",),
            fund=ASSISTANCE_INTERNET,
        )

    def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> NoReturn:  # noqa: ARG002 - as the port has it
        raise InfrastructureError(
            "accounts", "an effect on the directory is still open: let relay() of a host apply it first"
        )

    def find_by_identity(self, identity: VerifiedIdentity) -> None:  # noqa: ARG002 - as the port has it
        return None

    def get(self, key: AccountKey) -> None:  # noqa: ARG002 - as the port has it
        return None

    def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:  # noqa: ARG002 - as the port has it
        return ()

    def password_matches(self, key: AccountKey, password: "Secret") -> bool:  # noqa: ARG002 - as the port has it
        return False
