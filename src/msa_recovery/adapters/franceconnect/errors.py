"""What FranceConnect, or somebody in its name, does wrong. What the person does is no exception: see ``NotSignedIn``.

No message holds anything that came from outside: a token or a name must not reach a log by way of an exception (R54).
"""

from typing import Final, final

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.errors import CallerError

__all__ = ["AnswerRefused", "Misconfigured", "ProviderUnavailable"]

_PORT: Final = "franceconnect"


@final
class ProviderUnavailable(InfrastructureError):
    """FranceConnect cannot be reached, is too slow, or says that it is out of order. Its fault, or the network's: the
    person may try again."""

    def __init__(self, why: str) -> None:
        super().__init__(_PORT, why)


@final
class AnswerRefused(InfrastructureError):
    """An answer breaks a rule of the protocol: FranceConnect lies, or somebody speaks in its name. Nobody is signed in;
    an operator should know of it.

    Attributes:
        rule: what does not hold, in words of the library's own.
    """

    def __init__(self, rule: str) -> None:
        super().__init__(_PORT, f"the answer is refused: {rule}")
        self.rule = rule


@final
class Misconfigured(CallerError):
    """FranceConnect does not know this client as it was configured: the host's fault, the same call fails again.

    Attributes:
        said: the error code of the protocol, one of a closed list.
    """

    def __init__(self, said: str, remedy: str) -> None:
        super().__init__(f"FranceConnect says {said}: {remedy}")
        self.said = said
