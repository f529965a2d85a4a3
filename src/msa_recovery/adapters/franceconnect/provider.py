"""Where FranceConnect is: its fixed endpoints, or those that it publishes itself."""

from typing import Final, final

import msgspec
from attrs import field, frozen
from attrs.validators import optional

from .addresses import check_address, is_address
from .errors import AnswerRefused
from .exchange import decoded

__all__ = ["INTEGRATION", "PRODUCTION", "Provider", "published"]


@final
@frozen(kw_only=True)
class Provider:
    """The addresses of one environment; a bad one is a ``CallerError`` that names it.

    Attributes:
        issuer: what signed answers must name as their issuer, to the letter.
        authorize: where the person is sent.
        token: where a code is exchanged.
        userinfo: where the identity is read.
        jwks: where the keys are that sign.
        end_session: where a person is sent who signs out; ``None`` where there is no such place.
        pkce: whether a code is bound to its exchange as well (RFC 7636, S256).
    """

    issuer: str = field(validator=check_address)
    authorize: str = field(validator=check_address)
    token: str = field(validator=check_address)
    userinfo: str = field(validator=check_address)
    jwks: str = field(validator=check_address)
    end_session: str | None = field(default=None, validator=optional(check_address))
    pkce: bool = False


def _franceconnect(issuer: str) -> Provider:
    # Its published parameters of the authorization have no code_challenge, and it shows an error for what it does not
    # expect: the secret of the client and the nonce are what binds a code there.
    return Provider(
        issuer=issuer,
        authorize=f"{issuer}/authorize",
        token=f"{issuer}/token",
        userinfo=f"{issuer}/userinfo",
        jwks=f"{issuer}/jwks",
        end_session=f"{issuer}/session/end",
    )


PRODUCTION: Final = _franceconnect("https://oidc.franceconnect.gouv.fr/api/v2")
"""FranceConnect itself, as its partners' documentation gives it."""

INTEGRATION: Final = _franceconnect("https://fcp-low.integ01.dev-franceconnect.fr/api/v2")
"""The environment in which a service is tried out, with made-up persons."""


class _Metadata(msgspec.Struct):
    """What is read of a configuration document (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    code_challenge_methods_supported: list[str] = []


def published(issuer: str, document: bytes) -> Provider:
    """The endpoints that a provider publishes.

    Raises:
        AnswerRefused: the document is another issuer's, or no such document, or names an address that is not secure.
    """
    read = decoded(document, _Metadata)
    if read is None:
        raise AnswerRefused("no configuration document")
    if read.issuer != issuer:
        raise AnswerRefused("the configuration document is another issuer's")
    named = [read.authorization_endpoint, read.token_endpoint, read.userinfo_endpoint, read.jwks_uri]
    named += [] if read.end_session_endpoint is None else [read.end_session_endpoint]
    local = issuer.startswith("http:")
    if not all(is_address(address) and (local or address.startswith("https:")) for address in named):
        raise AnswerRefused("the configuration document names an address that is not https")
    return Provider(
        issuer=issuer,
        authorize=read.authorization_endpoint,
        token=read.token_endpoint,
        userinfo=read.userinfo_endpoint,
        jwks=read.jwks_uri,
        end_session=read.end_session_endpoint,
        pkce="S256" in read.code_challenge_methods_supported,
    )
