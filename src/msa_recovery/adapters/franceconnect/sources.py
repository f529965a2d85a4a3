"""What is fetched from the provider and kept for a while: its configuration, and the keys that it signs with."""

from collections.abc import Mapping
from typing import Final, final

from attrs import frozen
from authlib.oidc.discovery import get_well_known_url

from msa_recovery.application.ports import Clock
from msa_recovery.domain.errors import CallerError

from .addresses import is_address
from .errors import AnswerRefused, Misconfigured
from .exchange import Ask, Exchange
from .provider import Provider, published
from .registration import Registration
from .tokens import Key, Token, named_key, read_keys, verified

__all__ = ["Sources"]

_CONFIGURATION_SECONDS: Final = 3_600
_KEYS_SECONDS: Final = 600
_PAUSE_SECONDS: Final = 30
"""A key that is not there may be a new one: it is looked for at once, but not again and again."""

_NOT_FOUND: Final = 404


@final
@frozen
class _Keys:
    by_id: Mapping[str, Key]
    fetched: float


@final
class Sources:
    """Configuration and keys of one provider. What two threads fetch at once is the same: the last one is kept.

    Args:
        registration: who we are.
        provider: its endpoints, or the issuer whose published ones are used.
        clock: says when what is kept is too old.

    Raises:
        CallerError: it is neither, or the issuer is not an https address.
    """

    def __init__(self, registration: Registration, provider: Provider | str, clock: Clock) -> None:
        if not (is_address(provider) if isinstance(provider, str) else isinstance(provider, Provider)):
            raise CallerError("provider: a Provider, or the https address of an issuer")
        self._we = registration
        self._clock = clock
        self._issuer = provider if isinstance(provider, str) else provider.issuer
        self._fixed = None if isinstance(provider, str) else provider
        self._published: tuple[Provider, float] | None = None
        self._keys: _Keys | None = None

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def provider(self) -> Exchange[Provider]:
        """Where the provider is."""
        if self._fixed is not None:
            return self._fixed
        known, now = self._published, self._now()
        if known is not None and 0 <= now - known[1] < _CONFIGURATION_SECONDS:
            return known[0]
        answer = yield Ask("GET", str(get_well_known_url(self._issuer, external=True)))
        if answer.status == _NOT_FOUND:
            raise Misconfigured("not found", "there is no configuration document at this issuer")
        provider = published(self._issuer, answer.fetched())
        self._published = (provider, now)
        return provider

    def verified(self, token: str) -> Exchange[Token]:
        """What a token says, once a key of the provider has signed it.

        Raises:
            AnswerRefused: none has.
        """
        kid = named_key(token, self._we)
        key = (yield from self._known_keys(kid)).get(kid)
        if key is None:
            raise AnswerRefused("it is signed with an unknown key")
        return verified(token, key, self._we)

    def _known_keys(self, wanted: str) -> Exchange[Mapping[str, Key]]:
        kept, now = self._keys, self._now()
        age = -1.0 if kept is None else now - kept.fetched
        if kept is not None and (0 <= age < _PAUSE_SECONDS or (0 <= age < _KEYS_SECONDS and wanted in kept.by_id)):
            return kept.by_id
        provider = yield from self.provider()
        answer = yield Ask("GET", provider.jwks)
        fetched = _Keys(read_keys(answer.fetched()), now)
        self._keys = fetched
        return fetched.by_id
