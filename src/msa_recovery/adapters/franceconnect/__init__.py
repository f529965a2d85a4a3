"""FranceConnect (version 2), as an OpenID Connect client that gives a ``VerifiedIdentity`` (extra ``franceconnect``).

A host makes one client when it starts, sends the person to where ``start()`` says, and hands what comes back to
``finish()``. What it gives is what ``UseFranceConnect`` takes; ``docs/franceconnect.md`` has the whole way.
"""

from msa_recovery.domain.errors import CallerError

try:
    from .client import AsyncFranceConnect, FranceConnect
    from .errors import AnswerRefused, Misconfigured, ProviderUnavailable
    from .flow import Arrival, Departure, NotSignedIn, Why
    from .provider import INTEGRATION, PRODUCTION, Provider
    from .registration import Registration
except ModuleNotFoundError as missing:
    raise CallerError(f"FranceConnect needs {missing.name}: pip install 'msa-recovery[franceconnect]'") from None

__all__ = [
    "INTEGRATION",
    "PRODUCTION",
    "AnswerRefused",
    "Arrival",
    "AsyncFranceConnect",
    "Departure",
    "FranceConnect",
    "Misconfigured",
    "NotSignedIn",
    "Provider",
    "ProviderUnavailable",
    "Registration",
    "Why",
]
