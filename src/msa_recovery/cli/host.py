"""What belongs to the host and not to the library: here, the sign-in form."""

from typing import final

from attrs import frozen

from msa_recovery.application.caller import Caller
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from .stage import Stage

__all__ = ["Opened", "sign_in"]


@final
@frozen
class Opened:
    """A usual sign-in that was right.

    Attributes:
        account: whose private space it is.
        to_confirm: the journey that comes first, where contact details are still to be confirmed.
    """

    account: AccountKey
    to_confirm: Reply | None


def sign_in(stage: Stage, identifier: str, password: str, caller: Caller) -> Opened | Reply | Problem | None:
    """Try the usual password first, and then whether it is a temporary one.

    A reply when it is a temporary password: its journey is at the new-password step. A problem when the person has to
    wait. ``None`` when it is neither, or nobody has this identifier: the form says the same then.
    """
    account = stage.directory.sign_in(identifier, Secret(password))
    if account is not None:
        return Opened(account, stage.recovery.pending(account, caller))
    return stage.recovery.sign_in(identifier, password, caller)
