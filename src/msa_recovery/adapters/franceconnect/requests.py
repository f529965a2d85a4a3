"""What is sent, as Authlib writes it."""

from typing import Any, Final
from urllib.parse import urlencode

from authlib.oauth2 import auth, rfc7636
from authlib.oauth2.rfc6749 import parameters

from msa_recovery.domain.secret import Secret

from .exchange import Ask
from .provider import Provider
from .registration import SCOPES, Registration

__all__ = ["authorization", "code_exchange", "logout"]

# Authlib is typed in part only.
_AUTH: Final[Any] = auth
_PARAMETERS: Final[Any] = parameters
_PKCE: Final[Any] = rfc7636


def authorization(provider: Provider, we: Registration, *, state: str, nonce: str, verifier: str) -> str:
    """Where to send a person who signs in (OpenID Connect Core 1.0, section 3.1.2.1).

    Args:
        provider: whom we ask.
        we: who asks.
        state: what the callback must name.
        nonce: what the ID token must name.
        verifier: what the code is bound to (RFC 7636); empty without.
    """
    bound = {"code_challenge": _PKCE.create_s256_code_challenge(verifier), "code_challenge_method": "S256"}
    url = _PARAMETERS.prepare_grant_uri(
        provider.authorize,
        we.client_id,
        "code",
        redirect_uri=we.callback,
        scope=" ".join(SCOPES),
        state=state,
        nonce=nonce,
        acr_values=we.acr,
        **(bound if verifier else {}),
    )
    return str(url)


def code_exchange(provider: Provider, we: Registration, *, code: Secret, verifier: str) -> Ask:
    """What asks for tokens (section 3.1.3.1). The secret goes in the body, as FranceConnect wants it."""
    form = _PARAMETERS.prepare_token_request(
        "authorization_code",
        "",
        we.callback,
        code=code.reveal(),
        **({"code_verifier": verifier} if verifier else {}),
    )
    client = _AUTH.ClientAuth(we.client_id, we.client_secret.reveal(), "client_secret_post")
    _, headers, body = client.prepare(
        "POST", provider.token, {"content-type": "application/x-www-form-urlencoded"}, form
    )
    return Ask("POST", provider.token, headers, body.encode("ascii"))


def logout(end_session: str, we: Registration, *, id_token: Secret, state: str) -> str:
    """Where to send a person who signs out (OpenID Connect RP-Initiated Logout 1.0, section 2)."""
    asked = {"id_token_hint": id_token.reveal(), "post_logout_redirect_uri": we.signed_out, "state": state}
    return f"{end_session}{'&' if '?' in end_session else '?'}{urlencode(asked)}"
