"""Signed answers: which key signed one, and whether it is meant for us, now."""

import json
from collections.abc import Mapping
from typing import Any, Final, final

import msgspec
from attrs import field, frozen
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from .errors import AnswerRefused
from .exchange import decoded
from .provider import Provider
from .registration import LEVELS, Registration

__all__ = ["Key", "Token", "check_id_token", "check_userinfo", "named_key", "read_keys", "verified"]

_MOST_KEYS: Final = 32
_SMALLEST_RSA: Final = 2_048
_LONGEST_TEXT: Final = 255
_OLDEST_ID_TOKEN: Final = 300
"""Seconds: it was made for the code that was exchanged just now."""

_UNREADABLE: Final = (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""What a library raises when it is given a token that somebody made on purpose."""

Key = ECKey | RSAKey


class _KeySet(msgspec.Struct):
    keys: list[dict[str, Any]]


@final
@frozen
class Token:
    """A signed answer whose signature is right; whom it is for, and until when, is another question.

    Attributes:
        header: what stands beside the claims.
        claims: what is claimed.
    """

    header: dict[str, Any]
    claims: dict[str, Any] = field(repr=False)


def read_keys(document: bytes) -> Mapping[str, Key]:
    """The keys of a JWKS document by their ids. Those that cannot verify a signature of ours are left out.

    Raises:
        AnswerRefused: there is no usable key in it.
    """
    read = decoded(document, _KeySet)
    if read is None:
        raise AnswerRefused("no key set")
    keys = {jwk.get("kid"): _usable(jwk) for jwk in read.keys[:_MOST_KEYS] if isinstance(jwk.get("kid"), str)}
    usable = {kid: key for kid, key in keys.items() if kid is not None and key is not None}
    if not usable:
        raise AnswerRefused("no usable key in the key set")
    return usable


def _usable(jwk: dict[str, Any]) -> Key | None:
    if jwk.get("use", "sig") != "sig" or "d" in jwk:
        return None
    try:
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            return ECKey.import_key(jwk)
        if jwk.get("kty") == "RSA":
            key = RSAKey.import_key(jwk)
            return key if key.raw_value.key_size >= _SMALLEST_RSA else None
    except _UNREADABLE:
        return None
    return None


def named_key(token: str, registration: Registration) -> str:
    """The id of the key that a token says it was signed with, once it is signed in a way that was agreed on.

    Raises:
        AnswerRefused: it is no signed token, or signed otherwise (``none``, a secret shared with the client ...).
    """
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except _UNREADABLE:
        raise AnswerRefused("it is not a signed token") from None
    if header.get("alg") not in registration.algorithms:
        raise AnswerRefused("it is not signed as was agreed at the registration")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise AnswerRefused("it does not say which key signed it")
    return kid


def verified(token: str, key: Key, registration: Registration) -> Token:
    """The token, once this key has signed it.

    Raises:
        AnswerRefused: it has not.
    """
    try:
        read = jwt.decode(token, key, algorithms=sorted(registration.algorithms), decoder_cls=_Strict)
    except _UNREADABLE:
        raise AnswerRefused("its signature is wrong") from None
    return Token(read.header, read.claims)


class _Strict(json.JSONDecoder):
    """Refuses a claim that stands there twice: two readers could each see another one."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError
    return read


def _for_us(token: Token, provider: Provider, registration: Registration) -> None:
    """Both signed answers name who speaks, and to whom: to nobody else, since we know of no other audience."""
    if token.claims.get("iss") != provider.issuer:
        raise AnswerRefused("another issuer")
    if token.claims.get("aud") not in (registration.client_id, [registration.client_id]):
        raise AnswerRefused("it is for another client")


def check_id_token(
    token: Token, provider: Provider, registration: Registration, now: int, *, nonce: str, access_token: str
) -> str:
    """What OpenID Connect Core 1.0 demands of an ID token (3.1.3.7), and the level of assurance.

    Args:
        token: signed by the provider.
        provider: whom we asked.
        registration: who we are.
        now: seconds since 1970.
        nonce: what was sent along with the person.
        access_token: what came with it.

    Returns:
        The provider's name of the person.

    Raises:
        AnswerRefused: something does not hold.
    """
    _for_us(token, provider, registration)
    skew = int(registration.clock_skew.total_seconds())
    params = {"nonce": nonce, "client_id": registration.client_id, "access_token": access_token}
    try:
        CodeIDToken(token.claims, token.header, {}, params).validate(now, skew)
    except _UNREADABLE as wrong:
        raise AnswerRefused(f"the ID token's {_claim_of(wrong)}") from None
    if token.claims["iat"] < now - _OLDEST_ID_TOKEN - skew:
        raise AnswerRefused("the ID token's iat")
    acr = token.claims.get("acr")
    if acr not in LEVELS[LEVELS.index(registration.acr) :]:
        raise AnswerRefused("the ID token's acr")
    return _subject(token)


def check_userinfo(token: Token, provider: Provider, registration: Registration, now: int, *, subject: str) -> None:
    """User-info must be this provider's, for us, of the same person (OpenID Connect Core 1.0, 5.3.2 and 5.3.4), and of
    now.

    Raises:
        AnswerRefused: something does not hold.
    """
    _for_us(token, provider, registration)
    if _subject(token) != subject:
        raise AnswerRefused("the user-info is another person's")
    skew = int(registration.clock_skew.total_seconds())
    try:
        jwt.JWTClaimsRegistry(now, skew, exp={"essential": True}, iat={"essential": True}).validate(token.claims)
    except _UNREADABLE as wrong:
        raise AnswerRefused(f"the user-info's {_claim_of(wrong)}") from None


def _subject(token: Token) -> str:
    subject = token.claims.get("sub")
    if not isinstance(subject, str) or not (subject.isascii() and subject.isprintable()):
        raise AnswerRefused("no subject")
    if not 0 < len(subject) <= _LONGEST_TEXT:
        raise AnswerRefused("no subject")
    return subject


def _claim_of(wrong: Exception) -> str:
    """Which claim it is about: a name of the standard, never a text of the token."""
    claim = str(getattr(wrong, "claim", ""))
    return claim if claim.isidentifier() and len(claim) <= len("auth_time") else "form"
