"""A provider of OpenID Connect on loopback that tells the truth until a test twists one of its answers."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast, final
from urllib.parse import parse_qs, urlsplit

from attrs import Factory, define
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.franceconnect import Provider, Registration
from msa_recovery.domain.secret import Secret

__all__ = ["CAMILLE", "Key", "Liar", "Reply", "asked_in", "at_work", "b64", "registered"]

Key = ECKey | RSAKey

CLIENT_ID: Final = "msa-recovery-tests"
CLIENT_SECRET: Final = "a secret that the two of us share, of more than 32 bytes"
CALLBACK: Final = "http://127.0.0.1:1/recovery/franceconnect/callback"
SIGNED_OUT: Final = "http://127.0.0.1:1/recovery/"

CAMILLE: Final[Mapping[str, Any]] = {
    "given_name": "Camille Hélène",
    "given_name_array": ["Camille", "Hélène"],
    "family_name": "LABORDE",
    "birthdate": "1984-03-17",
    "gender": "female",
    "birthplace": "33900",
    "birthcountry": "99100",
}
"""The claims of the sample's first person."""


@final
@define
class Reply:
    """One answer, before it is sent."""

    body: bytes
    media_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = Factory(dict[str, str])
    drip: float = 0.0
    """Seconds between two bytes."""


def asked_in(url: str) -> dict[str, str]:
    """What an address of the provider asks for, by name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def registered(**changes: Any) -> Registration:
    """A host's registration with it."""
    agreed: dict[str, Any] = {
        "client_id": CLIENT_ID,
        "client_secret": Secret(CLIENT_SECRET),
        "callback": CALLBACK,
        "signed_out": SIGNED_OUT,
    }
    return Registration(**{**agreed, **changes})


@final
@define(eq=False)
class Liar:
    """What it answers, and what it was asked. Twists are set by a test, one at a time.

    Attributes:
        issuer: its address.
        clock: what time it is there.
        key: what it signs with.
        id_token: changes the claims of ID tokens.
        userinfo: changes the claims of user-info.
        header: changes the header of both.
        sign: signs both, if not as usual.
        twist: changes an answer just before it is sent, by path.
        asked: every path that was asked for, in order.
    """

    issuer: str
    clock: ManualClock
    key: Key = Factory(lambda: ECKey.generate_key("P-256", {"kid": "first"}, private=True))
    subject: str = "person-1"
    id_token: dict[str, Any] = Factory(dict[str, Any])
    userinfo: dict[str, Any] = Factory(dict[str, Any])
    header: dict[str, Any] = Factory(dict[str, Any])
    metadata: dict[str, Any] = Factory(dict[str, Any])
    sign: Callable[[dict[str, Any], bytes], str] | None = None
    twist: dict[str, Callable[[Reply], Reply]] = Factory(dict[str, Callable[[Reply], Reply]])
    asked: list[str] = Factory(list[str])
    forms: list[dict[str, str]] = Factory(list[dict[str, str]])
    replays: bool = False
    """Whether it takes a code twice."""
    _codes: dict[str, tuple[str, str]] = Factory(dict[str, tuple[str, str]])
    _spent: set[str] = Factory(set[str])

    # -- the person's way ------------------------------------------------------------------------------------------

    def visited(self, url: str) -> str:
        """A person signs in there: the query of the callback."""
        sent = asked_in(url)
        code = secrets.token_hex(16)
        self._codes[code] = (sent["nonce"], sent.get("code_challenge", ""))
        return f"code={code}&state={sent['state']}&iss={self.issuer.replace(':', '%3A').replace('/', '%2F')}"

    @property
    def provider(self) -> Provider:
        """Its endpoints, as a host configures them."""
        return Provider(
            issuer=self.issuer,
            authorize=f"{self.issuer}/authorize",
            token=f"{self.issuer}/token",
            userinfo=f"{self.issuer}/userinfo",
            jwks=f"{self.issuer}/jwks",
            end_session=f"{self.issuer}/session/end",
        )

    # -- what it answers -------------------------------------------------------------------------------------------

    def answer(self, path: str, form: Mapping[str, str]) -> Reply:
        self.asked.append(path)
        answers: dict[str, Callable[[], Reply]] = {
            "/.well-known/openid-configuration": self._configuration,
            "/jwks": self._jwks,
            "/token": lambda: self._token(form),
            "/userinfo": self._userinfo,
        }
        made = answers[path]() if path in answers else Reply(b"", status=404)
        return self.twist[path](made) if path in self.twist else made

    def _configuration(self) -> Reply:
        named = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "code_challenge_methods_supported": ["S256"],
        }
        return Reply(json.dumps({**named, **self.metadata}).encode())

    def _jwks(self) -> Reply:
        return Reply(json.dumps({"keys": [self.key.as_dict(private=False)]}).encode())

    def _token(self, form: Mapping[str, str]) -> Reply:
        self.forms.append(dict(form))
        if (CLIENT_ID, CLIENT_SECRET) != (form.get("client_id"), form.get("client_secret")):
            return Reply(b'{"error": "invalid_client"}', status=401)
        code = form.get("code", "")
        nonce, challenge = self._codes.get(code, ("", ""))
        if not nonce or (code in self._spent and not self.replays) or challenge != _challenge(form):
            return Reply(b'{"error": "invalid_grant"}', status=400)
        self._spent.add(code)
        now = int(self.clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "iat": now, "exp": now + 60}
        claims |= {"nonce": nonce, "acr": "eidas1", "auth_time": now, "at_hash": _half_hash("at-1")}
        granted = {"access_token": "at-1", "token_type": "Bearer", "expires_in": 60}
        return Reply(json.dumps({**granted, "id_token": self._signed(claims, self.id_token)}).encode())

    def _userinfo(self) -> Reply:
        now = int(self.clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "iat": now, "exp": now + 60}
        return Reply(self._signed({**claims, **CAMILLE}, self.userinfo).encode(), "application/jwt")

    def _signed(self, claims: dict[str, Any], changes: Mapping[str, Any]) -> str:
        """A claim that is changed to ``...`` is left out."""
        kept = {name: value for name, value in {**claims, **changes}.items() if value is not ...}
        alg = "ES256" if isinstance(self.key, ECKey) else "RS256"
        header = {"alg": alg, "kid": cast("str", self.key.kid), "typ": "JWT", **self.header}
        header = {name: value for name, value in header.items() if value is not ...}
        payload = json.dumps(kept).encode()
        if self.sign is not None:
            return self.sign(header, payload)
        return jws.serialize_compact(header, payload, self.key, [alg])


def _challenge(form: Mapping[str, str]) -> str:
    verifier = form.get("code_verifier", "")
    return b64(hashlib.sha256(verifier.encode()).digest()) if verifier else ""


def _half_hash(text: str) -> str:
    return b64(hashlib.sha256(text.encode()).digest()[:16])


@contextmanager
def at_work(clock: ManualClock) -> Generator[Liar]:
    """One that answers on loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are two writes

        def do_GET(self) -> None:
            self._send(liar.answer(urlsplit(self.path).path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(liar.answer(urlsplit(self.path).path, form))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            headers = {"content-type": reply.media_type, "content-length": str(len(reply.body)), **reply.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if not reply.drip:
                    self.wfile.write(reply.body)
                for byte in reply.body if reply.drip else b"":
                    self.wfile.write(bytes([byte]))
                    time.sleep(reply.drip)
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar = Liar(f"http://127.0.0.1:{server.server_port}", clock)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
