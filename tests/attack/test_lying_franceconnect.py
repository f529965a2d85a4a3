"""FranceConnect, or somebody who speaks in its name, lies: nobody is signed in (R2, R16).

The provider is real HTTP on loopback; each test twists one answer of one that is honest otherwise.
"""

import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from attrs import evolve
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.franceconnect import (
    AnswerRefused,
    Arrival,
    Departure,
    FranceConnect,
    NotSignedIn,
    Why,
)
from msa_recovery.domain.secret import Secret
from tests.support.cases import NOW
from tests.support.liar import CLIENT_ID, CLIENT_SECRET, Liar, Reply, at_work, b64, registered
from tests.support.traveller import KINDS, Kind, Traveller, travelling

STRANGER: Final = ECKey.generate_key("P-256", {"kid": "first"}, private=True)


@pytest.fixture
def liar() -> Iterator[Liar]:
    with at_work(ManualClock(NOW)) as liar:
        yield liar


@pytest.fixture
def traveller(liar: Liar) -> Iterator[Traveller]:
    """Both clients judge by the same code: what they do not share is tested with each (:func:`either`)."""
    with travelling(liar) as traveller:
        yield traveller


@pytest.fixture(params=KINDS, ids=["called", "awaited"])
def either(request: pytest.FixtureRequest, liar: Liar) -> Iterator[Traveller]:
    kind: Kind = request.param
    with travelling(liar, kind) as traveller:
        yield traveller


def moment(liar: Liar, seconds: int) -> int:
    return int(liar.clock.now().timestamp()) + seconds


def refused(traveller: Traveller) -> str:
    with pytest.raises(AnswerRefused) as caught:
        traveller.goes_there_and_back()
    return caught.value.rule


def test_the_provider_that_is_honest_is_believed(either: Traveller) -> None:
    """What each refusal below is held against."""
    assert isinstance(either.goes_there_and_back(), Arrival)


# -- what is claimed -------------------------------------------------------------------------------------------------

ID_TOKEN: Final[dict[str, tuple[str, Callable[[Liar], dict[str, Any]]]]] = {
    "another issuer": ("issuer", lambda _: {"iss": "https://oidc.example.org"}),
    "no issuer": ("issuer", lambda _: {"iss": ...}),
    "another audience": ("another client", lambda _: {"aud": "somebody-else"}),
    "an audience beside ours": ("another client", lambda _: {"aud": [CLIENT_ID, "somebody-else"], "azp": CLIENT_ID}),
    "no audience": ("another client", lambda _: {"aud": ...}),
    "made for another party": ("azp", lambda _: {"azp": "somebody-else"}),
    "another nonce": ("nonce", lambda _: {"nonce": "0" * 64}),
    "no nonce": ("nonce", lambda _: {"nonce": ...}),
    "a nonce that is no text": ("nonce", lambda _: {"nonce": ["0" * 64]}),
    "expired": ("exp", lambda liar: {"exp": moment(liar, -31)}),
    "never expiring": ("exp", lambda _: {"exp": ...}),
    "an expiry that is not a number": ("exp", lambda _: {"exp": float("nan")}),
    "an expiry in words": ("exp", lambda _: {"exp": "tomorrow"}),
    "of the future": ("iat", lambda liar: {"iat": moment(liar, 31)}),
    "of long ago": ("iat", lambda liar: {"iat": moment(liar, -331)}),
    "of no time": ("iat", lambda _: {"iat": ...}),
    "not yet": ("nbf", lambda liar: {"nbf": moment(liar, 31)}),
    "a lower level": ("acr", lambda _: {"acr": "eidas0"}),
    "no level": ("acr", lambda _: {"acr": ...}),
    "another access token": ("at_hash", lambda _: {"at_hash": b64(bytes(16))}),
    "nobody": ("sub", lambda _: {"sub": ...}),
    "a subject that is empty": ("subject", lambda _: {"sub": ""}),
    "a subject that is no text": ("sub", lambda _: {"sub": 1}),
    "a subject with control characters": ("subject", lambda _: {"sub": "person-1\n"}),
}


@pytest.mark.parametrize(("rule", "claims"), ID_TOKEN.values(), ids=ID_TOKEN)
def test_an_id_token_is_refused(
    traveller: Traveller, liar: Liar, rule: str, claims: Callable[[Liar], dict[str, Any]]
) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7."""
    liar.id_token = claims(liar)
    assert rule in refused(traveller)
    assert "/userinfo" not in liar.asked, "nothing more is asked"


USERINFO: Final[dict[str, tuple[str, Callable[[Liar], dict[str, Any]]]]] = {
    "another person": ("another person", lambda _: {"sub": "person-2"}),
    "nobody": ("subject", lambda _: {"sub": ...}),
    "another issuer": ("issuer", lambda _: {"iss": "https://oidc.example.org"}),
    "no issuer": ("issuer", lambda _: {"iss": ...}),
    "another audience": ("another client", lambda _: {"aud": "somebody-else"}),
    "no audience": ("another client", lambda _: {"aud": ...}),
    "expired": ("exp", lambda liar: {"exp": moment(liar, -31)}),
    "never expiring": ("exp", lambda _: {"exp": ...}),
    "of the future": ("iat", lambda liar: {"iat": moment(liar, 31)}),
    "no given name": ("given_name", lambda _: {"given_name": ..., "given_name_array": ...}),
    "no family name": ("family_name", lambda _: {"family_name": " "}),
    "a name that is no text": ("family_name", lambda _: {"family_name": {"x": 1}}),
    "a name of a line": ("family_name", lambda _: {"family_name": "LABORDE\nX"}),
    "a name without end": ("family_name", lambda _: {"family_name": "A" * 256}),
    "names without end": ("given_name_array", lambda _: {"given_name_array": ["A"] * 33}),
    "no names in the list": ("given_name_array", lambda _: {"given_name_array": []}),
    "names that are no list": ("given_name_array", lambda _: {"given_name_array": "Camille"}),
    "no birthdate": ("birthdate", lambda _: {"birthdate": ...}),
    "no day of the calendar": ("birthdate", lambda _: {"birthdate": "1984-02-30"}),
    "a day in words": ("birthdate", lambda _: {"birthdate": "17 mars 1984"}),
    "digits of another script": ("birthdate", lambda _: {"birthdate": "١٩٨٤-03-17"}),
    "no gender": ("gender", lambda _: {"gender": ...}),
    "another gender": ("gender", lambda _: {"gender": "F"}),
    "a place in words": ("birthplace", lambda _: {"birthplace": "Arcachon"}),
    "no country": ("birthcountry", lambda _: {"birthcountry": ...}),
    "a country in words": ("birthcountry", lambda _: {"birthcountry": "France"}),
}


@pytest.mark.parametrize(("rule", "claims"), USERINFO.values(), ids=USERINFO)
def test_user_info_is_refused(
    traveller: Traveller, liar: Liar, rule: str, claims: Callable[[Liar], dict[str, Any]]
) -> None:
    """OpenID Connect Core 1.0, 5.3.2 and 5.3.4."""
    liar.userinfo = claims(liar)
    assert rule in refused(traveller)


def test_a_higher_level_than_was_asked_for_will_do_and_a_lower_one_will_not(liar: Liar) -> None:
    asked = registered(acr="eidas2")
    with travelling(liar, registration=asked) as traveller:
        liar.id_token = {"acr": "eidas3"}
        assert isinstance(traveller.goes_there_and_back(), Arrival)
        liar.id_token = {"acr": "eidas1"}
        assert "acr" in refused(traveller)


# -- how it is signed ------------------------------------------------------------------------------------------------


def unsigned(header: dict[str, Any], payload: bytes) -> str:
    return f"{b64(json.dumps({**header, 'alg': 'none'}).encode())}.{b64(payload)}."


def signed_with(secret: bytes) -> Callable[[dict[str, Any], bytes], str]:
    """HS256 with something that everybody, or the client, knows; no library would sign with it."""

    def sign(header: dict[str, Any], payload: bytes) -> str:
        signed = f"{b64(json.dumps({**header, 'alg': 'HS256'}).encode())}.{b64(payload)}"
        return f"{signed}.{b64(hmac.digest(secret, signed.encode(), 'sha256'))}"

    return sign


def by_a_stranger(header: dict[str, Any], payload: bytes) -> str:
    return jws.serialize_compact(header, payload, STRANGER, ["ES256"])


def with_its_own_key(header: dict[str, Any], payload: bytes) -> str:
    return jws.serialize_compact({**header, "jwk": STRANGER.as_dict(private=False)}, payload, STRANGER, ["ES256"])


def without_its_signature(header: dict[str, Any], payload: bytes) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(payload)}."


SIGNED: Final[dict[str, Callable[[Liar], Callable[[dict[str, Any], bytes], str]]]] = {
    "not at all": lambda _: unsigned,
    "with nothing behind the last dot": lambda _: without_its_signature,
    "by a stranger under the provider's key id": lambda _: by_a_stranger,
    "with a key that it brings along": lambda _: with_its_own_key,
    "HS256 with the public key": lambda liar: signed_with(json.dumps(liar.key.as_dict(private=False)).encode()),
    "HS256 with the public key as PEM": lambda liar: signed_with(liar.key.as_pem(private=False)),
    "HS256 with the client's secret": lambda _: signed_with(CLIENT_SECRET.encode()),
    "with five parts, as if encrypted": lambda _: lambda header, payload: "a.b.c.d.e",
    "not even a token": lambda _: lambda header, payload: "é" * 99,
}


@pytest.mark.parametrize("how", SIGNED.values(), ids=SIGNED)
@pytest.mark.parametrize("of", ["id_token", "userinfo"])
def test_what_is_not_signed_by_the_provider_is_refused(
    traveller: Traveller, liar: Liar, of: str, how: Callable[[Liar], Callable[[dict[str, Any], bytes], str]]
) -> None:
    """RFC 8725, 2.1 and 3.1: alg none, key confusion."""

    def from_now_on(reply: Reply) -> Reply:
        """The ID token was right: only what follows it is not."""
        liar.sign = how(liar)
        return reply

    if of == "id_token":
        liar.sign = how(liar)
    else:
        liar.twist["/token"] = from_now_on
    rule = refused(traveller)
    assert "sign" in rule
    assert (of == "userinfo") is ("/userinfo" in liar.asked)


def test_a_key_that_is_no_public_one_verifies_nothing(liar: Liar) -> None:
    """A symmetric key in the key set is known to everybody."""
    shared = OctKey.generate_key(256, {"kid": "first"})
    liar.twist["/jwks"] = lambda _: Reply(json.dumps({"keys": [shared.as_dict(private=True)]}).encode())
    with travelling(liar) as traveller:
        assert "no usable key" in refused(traveller)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(lambda: RSAKey.generate_key(1024, {"kid": "first"}, private=True), id="a short RSA key"),
        pytest.param(lambda: ECKey.generate_key("P-384", {"kid": "first"}, private=True), id="another curve"),
        pytest.param(
            lambda: ECKey.generate_key("P-256", {"kid": "first", "use": "enc"}, private=True), id="for encryption"
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_a_key_that_signs_nothing_of_ours_is_left_out(liar: Liar, key: Callable[[], ECKey | RSAKey]) -> None:
    published = key().as_dict(private=False)
    liar.twist["/jwks"] = lambda _: Reply(json.dumps({"keys": [published]}).encode())
    with travelling(liar) as traveller:
        assert "no usable key" in refused(traveller)


def test_an_algorithm_that_was_not_agreed_on_is_refused(liar: Liar) -> None:
    liar.key = RSAKey.generate_key(2048, {"kid": "first"}, private=True)
    with travelling(liar, registration=registered(algorithms={"RS256"})) as traveller:
        assert isinstance(traveller.goes_there_and_back(), Arrival)
    with travelling(liar, registration=registered(algorithms="ES256")) as traveller:
        assert "agreed" in refused(traveller)


@pytest.mark.parametrize("header", [{"kid": ...}, {"kid": 7}, {"kid": "second"}, {"crit": ["exp"]}, {"b64": False}])
def test_a_header_that_hides_the_key_or_asks_for_more_is_refused(liar: Liar, header: dict[str, Any]) -> None:
    """RFC 8725, 3.10: what is critical is understood, or refused."""
    key = liar.key
    liar.sign = lambda _, payload: _raw({"alg": "ES256", "kid": "first", **header}, payload, key)
    with travelling(liar) as traveller:
        refused(traveller)


def _raw(header: dict[str, Any], payload: bytes, key: ECKey | RSAKey) -> str:
    """Signed rightly, with a header that no library would write."""
    head = b64(json.dumps({name: value for name, value in header.items() if value is not ...}).encode())
    plain = jws.JWSRegistry.algorithms["ES256"].sign(f"{head}.{b64(payload)}".encode(), key)
    return f"{head}.{b64(payload)}.{b64(plain)}"


def test_a_claim_that_is_made_twice_is_refused(liar: Liar) -> None:
    key = liar.key
    liar.sign = lambda header, payload: jws.serialize_compact(header, payload[:-1] + b', "sub": "x"}', key, ["ES256"])
    with travelling(liar) as traveller:
        assert "signature" in refused(traveller)


def test_user_info_that_is_not_signed_is_refused(traveller: Traveller, liar: Liar) -> None:
    """The media type is what FranceConnect names it by; JSON would be as good as any text of anybody."""
    liar.twist["/userinfo"] = lambda _: Reply(b'{"sub": "person-1", "family_name": "LABORDE"}')
    assert "not signed" in refused(traveller)


def test_an_id_token_in_place_of_user_info_names_nobody(liar: Liar) -> None:
    """Both are signed by the same key for the same client."""
    liar.userinfo = dict.fromkeys(("given_name", "given_name_array", "family_name", "birthdate"), ...)
    with travelling(liar) as traveller:
        assert "missing" in refused(traveller)


# -- who comes back --------------------------------------------------------------------------------------------------


@pytest.fixture
def departure(traveller: Traveller) -> Departure:
    return traveller.start()


def test_another_state_is_nobodys(traveller: Traveller, liar: Liar, departure: Departure) -> None:
    """RFC 6749, 10.12: a callback that somebody else's browser was given."""
    other = traveller.start()
    came = traveller.finish(liar.visited(other.url), departure.kept)
    assert (NotSignedIn(Why.NOT_STARTED_HERE), 0) == (came, liar.asked.count("/token"))


@pytest.mark.parametrize("kept", [None, Secret(""), Secret("[]"), Secret("é"), Secret('["", "", "", 9999999999]')])
def test_a_browser_that_brings_nothing_of_ours_is_nobody(
    traveller: Traveller, liar: Liar, departure: Departure, kept: Secret | None
) -> None:
    came = traveller.finish(liar.visited(departure.url), kept)
    assert NotSignedIn(Why.NOT_STARTED_HERE) == came


@pytest.mark.parametrize(
    "bent",
    [
        pytest.param(lambda query: "", id="nothing"),
        pytest.param(lambda query: query.replace("state=", "state=x"), id="another state"),
        pytest.param(lambda query: query.replace("state=", "other="), id="no state"),
        pytest.param(lambda query: f"{query}&state=x", id="two states"),
        pytest.param(lambda query: f"{query}&code=x", id="two codes"),
        pytest.param(lambda query: query + "&x=1" * 99, id="many parameters"),
        pytest.param(lambda query: f"{query}&x={'1' * 9000}", id="a long query"),
        pytest.param(lambda query: f"{query}&x=é", id="not ASCII"),
    ],
)
def test_a_callback_that_was_bent_is_nobodys(
    traveller: Traveller, liar: Liar, departure: Departure, bent: Callable[[str], str]
) -> None:
    came = traveller.finish(bent(liar.visited(departure.url)), departure.kept)
    assert (NotSignedIn(Why.NOT_STARTED_HERE), 0) == (came, liar.asked.count("/token"))


def test_a_callback_of_another_issuer_is_refused(traveller: Traveller, liar: Liar, departure: Departure) -> None:
    """RFC 9207: mix-up."""
    query = liar.visited(departure.url).partition("&iss=")[0]
    with pytest.raises(AnswerRefused, match="issuer"):
        traveller.finish(f"{query}&iss=https://oidc.example.org", departure.kept)
    assert "/token" not in liar.asked


def test_a_code_works_once(traveller: Traveller, liar: Liar, departure: Departure) -> None:
    query = liar.visited(departure.url)
    first, second = (traveller.finish(query, departure.kept) for _ in range(2))
    assert (True, NotSignedIn(Why.CODE_REFUSED)) == (isinstance(first, Arrival), second)


def test_a_replayed_code_does_not_serve_another_browser_even_if_the_provider_takes_it(
    traveller: Traveller, liar: Liar, departure: Departure
) -> None:
    """The thief has the code and starts a journey of their own: the nonce is the other one's."""
    liar.replays = True
    stolen = liar.visited(departure.url)
    assert isinstance(traveller.finish(stolen, departure.kept), Arrival)
    thief = traveller.start()
    state = thief.url.partition("state=")[2].partition("&")[0]
    code = stolen.partition("code=")[2].partition("&")[0]
    with pytest.raises(AnswerRefused, match="nonce"):
        traveller.finish(f"code={code}&state={state}", thief.kept)


def test_a_stolen_code_is_worth_nothing_without_its_verifier(liar: Liar) -> None:
    """RFC 7636, where the provider publishes that it knows it."""
    with travelling(liar, provider=liar.issuer) as traveller:
        victim, thief = traveller.start(), traveller.start()
        assert "code_challenge_method=S256" in victim.url
        code = liar.visited(victim.url).partition("code=")[2].partition("&")[0]
        state = thief.url.partition("state=")[2].partition("&")[0]
        assert NotSignedIn(Why.CODE_REFUSED) == traveller.finish(f"code={code}&state={state}", thief.kept)
        assert "/userinfo" not in liar.asked


# -- what nobody should take in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(b"", "application/jwt"), id="nothing"),
        pytest.param(Reply(b"\xff\xfe\x00", "application/jwt"), id="no text"),
        pytest.param(Reply(b"[" * 60_000, "application/jwt"), id="deep"),
        pytest.param(Reply(b'{"keys": 1, "access_token": 1}', "application/jwt"), id="of another form"),
    ],
)
def test_garbage_is_refused(either: Traveller, liar: Liar, path: str, reply: Reply) -> None:
    """R35: bounded before any work is done on it."""
    liar.twist[path] = lambda _: evolve(reply)
    refused(either)


@pytest.mark.parametrize(
    ("bent", "rule"),
    [
        pytest.param(lambda reply: evolve(reply, body=reply.body + b" " * 65_536), "far too long", id="padded"),
        pytest.param(lambda reply: evolve(reply, headers={"content-encoding": "gzip"}), "compressed", id="compressed"),
    ],
)
@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_what_would_be_right_is_refused_for_its_size(
    either: Traveller, liar: Liar, path: str, bent: Callable[[Reply], Reply], rule: str
) -> None:
    """R35: the end of it is not read, and nothing is unpacked."""
    liar.twist[path] = bent
    assert rule in refused(either)


def test_what_lies_elsewhere_is_not_fetched(either: Traveller, liar: Liar) -> None:
    """The access token goes to the user-info endpoint, and to no other place that it names."""
    honest: list[Reply] = []

    def moved(reply: Reply) -> Reply:
        honest.append(reply)
        return Reply(b"", status=307, headers={"location": f"{liar.issuer}/elsewhere"})

    liar.twist |= {"/userinfo": moved, "/elsewhere": lambda _: honest[0]}
    assert "HTTP 307" in refused(either)
    assert "/elsewhere" not in liar.asked


def test_a_refusal_shows_nothing_that_came_from_outside(traveller: Traveller, liar: Liar) -> None:
    """R54: neither its text nor those of its causes."""
    liar.userinfo = {"family_name": ["Confidential"], "birthdate": "Confidential"}
    departure = traveller.start()
    query = liar.visited(departure.url)
    with pytest.raises(AnswerRefused) as caught:
        traveller.finish(query, departure.kept)
    causes: list[BaseException | None] = [caught.value, caught.value.__cause__]
    said = "".join(f"{cause!r} {cause}" for cause in causes)
    assert [] == [text for text in ("Confidential", query, departure.kept.reveal(), "at-1") if text in said]


def test_the_secret_of_the_client_goes_to_the_token_endpoint_alone(liar: Liar) -> None:
    with travelling(liar, FranceConnect) as traveller:
        departure = traveller.start()
        traveller.finish(liar.visited(departure.url), departure.kept)
    assert CLIENT_SECRET == liar.forms[0]["client_secret"]
    assert CLIENT_SECRET not in departure.url + "".join(liar.asked) + repr(registered())
