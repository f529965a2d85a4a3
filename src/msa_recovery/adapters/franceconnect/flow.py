"""The authorization code flow (OpenID Connect Core 1.0, section 3.1), without any input or output of its own."""

import json
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, final
from urllib.parse import parse_qsl

import msgspec
from attrs import field, frozen

from msa_recovery.application.ports import Clock
from msa_recovery.domain.account import VerifiedIdentity
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.secret import Secret

from .errors import AnswerRefused, Misconfigured, ProviderUnavailable
from .exchange import Answer, Ask, Exchange, decoded
from .identity import person_of
from .provider import Provider
from .registration import Registration
from .requests import authorization, code_exchange, logout
from .sources import Sources
from .tokens import check_id_token, check_userinfo

__all__ = ["Arrival", "Departure", "Flow", "NotSignedIn", "Why"]

_RANDOM_BYTES: Final = 32
"""In hexadecimal digits, which every version of FranceConnect takes: at least 22 characters are asked for."""

_MINUTES: Final = 15
"""A person has ten minutes on FranceConnect's pages; after that its session is over."""

_LONGEST_QUERY: Final = 8_192
_MOST_PARAMETERS: Final = 16
_OUT_OF_ORDER: Final = frozenset({"server_error", "temporarily_unavailable"})
_REGISTERED_OTHERWISE: Final = {
    "invalid_client": "client_id and client_secret are not those of the registration",
    "invalid_request": "the callback is not the registered one, or a parameter is not expected",
    "invalid_scope": "a scope of the pivot identity is not granted to this client",
    "unauthorized_client": "this client may not use the authorization code flow",
    "unsupported_grant_type": "this is no provider of the authorization code flow",
    "unsupported_response_type": "this is no provider of the authorization code flow",
}
_REFUSED: Final = frozenset({400, 401})


@final
@frozen
class Departure:
    """Where the person is sent.

    Attributes:
        url: of FranceConnect's own page.
        kept: what the same browser must bring back to ``finish``: in the host's session, or sealed in a cookie that no
            script reads and no other site sets. It is used once.
    """

    url: str
    kept: Secret


@final
@frozen
class Arrival:
    """The person came back, and FranceConnect vouches for who it is.

    Attributes:
        identity: for ``UseFranceConnect``.
        id_token: what ``logout_url`` needs when the person signs out.
    """

    identity: VerifiedIdentity
    id_token: Secret


@final
class Why(StrEnum):
    """What became of somebody who was sent to FranceConnect and is not signed in; nobody is to blame."""

    CANCELLED = "cancelled"
    """The person turned back there."""
    TOO_LATE = "too_late"
    """The person took more than a quarter of an hour."""
    NOT_STARTED_HERE = "not_started_here"
    """This browser did not start what the callback ends: another one did, or it was ended already (R2)."""
    CODE_REFUSED = "code_refused"
    """FranceConnect no longer takes the code: it was used already, as by a reload, or is older than 30 seconds."""


@final
@frozen
class NotSignedIn:
    """The person came back as nobody, and may start again.

    Attributes:
        why: what became of it.
    """

    why: Why


class _Granted(msgspec.Struct):
    access_token: str
    token_type: str
    id_token: str


class _Error(msgspec.Struct):
    error: str


@final
@frozen
class _Kept:
    """What one departure is remembered by.

    Attributes:
        state: what the callback must name.
        nonce: what the ID token must name.
        verifier: what the code is bound to (PKCE); empty without.
        until: seconds since 1970.
    """

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    until: int

    def secret(self) -> Secret:
        return Secret(json.dumps([self.state, self.nonce, self.verifier, self.until]))

    @classmethod
    def read(cls, kept: Secret) -> "_Kept | None":
        read = decoded(kept.reveal(), tuple[str, str, str, int])
        return None if read is None else cls(*read)


@final
class Flow:
    """The protocol between one host and one provider; threads and tasks may share it.

    Args:
        registration: who we are.
        sources: where the provider is, and the keys that it signs with.
        clock: what time it is.
    """

    def __init__(self, registration: Registration, sources: Sources, clock: Clock) -> None:
        self._we = registration
        self._sources = sources
        self._clock = clock

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def start(self) -> Exchange[Departure]:
        """Send a person off."""
        provider = yield from self._sources.provider()
        verifier = secrets.token_hex(_RANDOM_BYTES) if provider.pkce else ""
        until = self._now() + 60 * _MINUTES
        kept = _Kept(secrets.token_hex(_RANDOM_BYTES), secrets.token_hex(_RANDOM_BYTES), verifier, until)
        url = authorization(provider, self._we, state=kept.state, nonce=kept.nonce, verifier=verifier)
        return Departure(url, kept.secret())

    def finish(self, query: str, kept: Secret | None) -> Exchange[Arrival | NotSignedIn]:
        """Take a person back."""
        if not isinstance(query, str) or not (kept is None or isinstance(kept, Secret)):
            raise CallerError("finish: the query as text, and what start() gave to keep, or None")
        said, departure = _parameters(query), None if kept is None else _Kept.read(kept)
        if departure is None or Secret(departure.state) != Secret(said.get("state", "")):
            return NotSignedIn(Why.NOT_STARTED_HERE)
        if self._now() >= departure.until:
            return NotSignedIn(Why.TOO_LATE)
        provider = yield from self._sources.provider()
        # RFC 9207: a provider that names itself must be the one that the person was sent to.
        if said.get("iss", provider.issuer) != provider.issuer:
            raise AnswerRefused("the callback is another issuer's")
        if "error" in said:
            return _turned_back(said["error"])
        if not said.get("code"):
            raise AnswerRefused("neither a code nor an error")
        granted = yield from self._exchanged(provider, Secret(said["code"]), departure.verifier)
        if granted is None:
            return NotSignedIn(Why.CODE_REFUSED)
        return (yield from self._vouched(provider, granted, departure.nonce))

    def logout_url(self, id_token: Secret) -> Exchange[str]:
        """Where to send a person who signs out."""
        provider = yield from self._sources.provider()
        if provider.end_session is None:
            return self._we.signed_out
        return logout(provider.end_session, self._we, id_token=id_token, state=secrets.token_hex(_RANDOM_BYTES))

    # -- what the person does not see ------------------------------------------------------------------------------

    def _exchanged(self, provider: Provider, code: Secret, verifier: str) -> Exchange[_Granted | None]:
        """What the code is worth; ``None`` if it is worth nothing any more."""
        answer = yield code_exchange(provider, self._we, code=code, verifier=verifier)
        if answer.status in _REFUSED:
            _refuse(answer)
            return None
        granted = decoded(answer.fetched(), _Granted)
        if granted is None:
            raise AnswerRefused("no tokens in exchange for the code")
        if granted.token_type.lower() != "bearer" or not _is_token(granted.access_token):
            raise AnswerRefused("a kind of access token that nobody asked for")
        return granted

    def _vouched(self, provider: Provider, granted: _Granted, nonce: str) -> Exchange[Arrival]:
        """Whom the tokens speak of."""
        id_token = yield from self._sources.verified(granted.id_token)
        subject = check_id_token(
            id_token, provider, self._we, self._now(), nonce=nonce, access_token=granted.access_token
        )
        answer = yield Ask("GET", provider.userinfo, {"authorization": f"Bearer {granted.access_token}"})
        body = answer.fetched()
        if answer.media_type != "application/jwt":
            raise AnswerRefused("the user-info is not signed")
        userinfo = yield from self._sources.verified(body.decode("ascii", "replace").strip())
        check_userinfo(userinfo, provider, self._we, self._now(), subject=subject)
        return Arrival(person_of(subject, userinfo.claims), Secret(granted.id_token))


def _parameters(query: str) -> Mapping[str, str]:
    """What the callback says; nothing if it says something twice, which no provider does."""
    if len(query) > _LONGEST_QUERY or not query.isascii():
        return {}
    try:
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return {}
    said = dict(pairs)
    return said if len(said) == len(pairs) else {}


def _turned_back(error: str) -> NotSignedIn:
    if error == "access_denied":
        return NotSignedIn(Why.CANCELLED)
    if error in _OUT_OF_ORDER:
        raise ProviderUnavailable(error)
    if error in _REGISTERED_OTHERWISE:
        raise Misconfigured(error, _REGISTERED_OTHERWISE[error])
    raise AnswerRefused("an error that the protocol does not have")


def _refuse(answer: Answer) -> None:
    """Raise what a refused exchange means, unless it is only that the code is worth nothing any more."""
    read = decoded(answer.body, _Error)
    error = "" if read is None else read.error
    if error in _REGISTERED_OTHERWISE:
        raise Misconfigured(error, _REGISTERED_OTHERWISE[error])
    if error != "invalid_grant":
        raise AnswerRefused("an error that the protocol does not have")


def _is_token(text: str) -> bool:
    """What may stand in a header (RFC 6750, section 2.1, b64token, generously)."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
