"""The answer to a call: a handle for the next one, and what the host may show."""

from typing import final

from attrs import field, frozen

from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.view import View

__all__ = ["Reply"]


@final
@frozen
class Reply:
    """What a call answers.

    Attributes:
        handle: the person's handle from now on: keep it where only that person's browser has it. It is another one than
            before after a right temporary password; the earlier one is unknown by then.
        view: what may be shown.
        account: whose private space may be opened, by the directory's key: only once the journey is ``completed`` or
            ``signed_in_with_franceconnect``. The library opens no session: the host decides (R21).
    """

    handle: Secret
    view: View
    account: AccountKey | None = field(default=None, repr=False)
