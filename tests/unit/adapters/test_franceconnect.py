"""The client of FranceConnect: where it sends a person, whom it takes back, and whose fault it says it is."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import evolve
from joserfc.jwk import ECKey

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.franceconnect import (
    INTEGRATION,
    PRODUCTION,
    AnswerRefused,
    Arrival,
    FranceConnect,
    Misconfigured,
    NotSignedIn,
    Provider,
    ProviderUnavailable,
    Why,
)
from msa_recovery.adapters.franceconnect.provider import published
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.account import VerifiedIdentity
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.secret import Secret
from tests.support.cases import NOW
from tests.support.liar import (
    CALLBACK,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNED_OUT,
    Liar,
    Reply,
    asked_in,
    at_work,
    registered,
)
from tests.support.traveller import KINDS, Kind, Traveller, travelling

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)


@pytest.fixture
def liar() -> Iterator[Liar]:
    with at_work(ManualClock(NOW)) as liar:
        yield liar


@pytest.fixture
def traveller(liar: Liar) -> Iterator[Traveller]:
    with travelling(liar) as traveller:
        yield traveller


@pytest.fixture(params=KINDS, ids=["called", "awaited"])
def either(request: pytest.FixtureRequest, liar: Liar) -> Iterator[Traveller]:
    kind: Kind = request.param
    with travelling(liar, kind, seconds=0.5) as traveller:
        yield traveller


# -- there ---------------------------------------------------------------------------------------------------------


def test_a_person_is_sent_with_what_was_agreed_and_nothing_else_is_asked(traveller: Traveller, liar: Liar) -> None:
    url = traveller.start().url
    asked = asked_in(url)
    assert url.startswith(f"{liar.issuer}/authorize?")
    assert [64, 64] == [len(asked.pop(name)) for name in ("state", "nonce")]
    assert {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid given_name family_name birthdate gender birthplace birthcountry",
        "acr_values": "eidas1",
    } == asked


def test_no_two_departures_are_alike(traveller: Traveller) -> None:
    first, second = traveller.start(), traveller.start()
    names = ("state", "nonce")
    assert 4 == len({asked_in(departure.url)[name] for departure in (first, second) for name in names})


def test_what_the_browser_keeps_is_shown_to_nobody(traveller: Traveller) -> None:
    """R54."""
    departure = traveller.start()
    assert asked_in(departure.url)["nonce"] in departure.kept.reveal()
    assert asked_in(departure.url)["nonce"] not in repr(departure.kept)


def test_a_fixed_provider_is_not_asked_where_it_is(traveller: Traveller, liar: Liar) -> None:
    traveller.start()
    assert [] == liar.asked


# -- and back ------------------------------------------------------------------------------------------------------


def test_the_person_who_comes_back_is_whom_the_provider_vouches_for(either: Traveller) -> None:
    came = either.goes_there_and_back()
    assert isinstance(came, Arrival)
    assert (
        VerifiedIdentity(
            subject="person-1",
            given_names=("Camille", "Hélène"),
            family_name="LABORDE",
            birthdate="1984-03-17",
            gender="female",
            birthplace="33900",
            birthcountry="99100",
        )
        == came.identity
    )


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param({"given_name_array": ...}, {}, id="given names in one text"),
        pytest.param({"given_name_array": ["Jean Paul"]}, {"given_names": ("Jean Paul",)}, id="a name with a space"),
        pytest.param(
            {"birthplace": "", "birthcountry": "99109"}, {"birthplace": "", "birthcountry": "99109"}, id="abroad"
        ),
        pytest.param({"birthplace": ...}, {"birthplace": ""}, id="no birthplace"),
        pytest.param({"birthplace": "2A004"}, {"birthplace": "2A004"}, id="in Corsica"),
        pytest.param({"birthdate": "1950-00-00"}, {"birthdate": "1950-00-00"}, id="no month is known"),
        pytest.param({"gender": "male"}, {"gender": "male"}, id="a man"),
        pytest.param({"aud": [CLIENT_ID]}, {}, id="an audience of one, in a list"),
    ],
)
def test_a_person_is_read_as_the_registry_has_them(
    traveller: Traveller, liar: Liar, claims: dict[str, Any], expected: dict[str, Any]
) -> None:
    usual = traveller.goes_there_and_back()
    liar.userinfo = claims
    came = traveller.goes_there_and_back()
    assert isinstance(usual, Arrival)
    assert isinstance(came, Arrival)
    assert evolve(usual.identity, **expected) == came.identity


def test_clocks_may_be_apart_by_the_skew_and_no_second_more(traveller: Traveller, liar: Liar) -> None:
    now = int(NOW.timestamp())
    liar.id_token = liar.userinfo = {"iat": now + 30, "exp": now - 29}
    assert isinstance(traveller.goes_there_and_back(), Arrival)
    liar.id_token = {"iat": now + 30, "exp": now - 30}
    with pytest.raises(AnswerRefused, match="exp"):
        traveller.goes_there_and_back()


def test_a_person_has_a_quarter_of_an_hour(traveller: Traveller, liar: Liar) -> None:
    departures = [traveller.start() for _ in range(2)]
    liar.clock.advance(15 * MINUTE - SECOND)
    assert isinstance(traveller.finish(liar.visited(departures[0].url), departures[0].kept), Arrival)
    liar.clock.advance(SECOND)
    came = traveller.finish(liar.visited(departures[1].url), departures[1].kept)
    assert NotSignedIn(Why.TOO_LATE) == came


def test_a_person_who_turns_back_is_nobody(traveller: Traveller, liar: Liar) -> None:
    departure = traveller.start()
    query = f"error=access_denied&error_description=User+auth+aborted&state={asked_in(departure.url)['state']}"
    assert NotSignedIn(Why.CANCELLED) == traveller.finish(query, departure.kept)
    assert [] == liar.asked


def test_an_error_without_the_state_says_nothing(traveller: Traveller) -> None:
    """Any site can lead a browser here with an error in the address."""
    came = traveller.finish("error=invalid_client", traveller.start().kept)
    assert NotSignedIn(Why.NOT_STARTED_HERE) == came


# -- whose fault it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        ("server_error", ProviderUnavailable),
        ("temporarily_unavailable", ProviderUnavailable),
        ("invalid_request", Misconfigured),
        ("invalid_scope", Misconfigured),
        ("unauthorized_client", Misconfigured),
        ("unsupported_response_type", Misconfigured),
        ("<script>", AnswerRefused),
        ("", AnswerRefused),
    ],
)
def test_an_error_of_the_callback_says_whose_fault_it_is(
    traveller: Traveller, error: str, fault: type[Exception]
) -> None:
    departure = traveller.start()
    with pytest.raises(fault) as caught:
        traveller.finish(f"error={error}&state={asked_in(departure.url)['state']}", departure.kept)
    assert "<" not in str(caught.value)


def test_a_callback_with_neither_code_nor_error_is_refused(traveller: Traveller) -> None:
    departure = traveller.start()
    with pytest.raises(AnswerRefused, match="neither"):
        traveller.finish(f"code=&state={asked_in(departure.url)['state']}", departure.kept)


def test_another_secret_is_the_hosts_fault(liar: Liar) -> None:
    with travelling(liar, registration=registered(client_secret=Secret("another"))) as traveller:
        departure = traveller.start()
        with pytest.raises(Misconfigured, match="client_secret") as caught:
            traveller.finish(liar.visited(departure.url), departure.kept)
    assert "invalid_client" == caught.value.said
    assert isinstance(caught.value, CallerError)


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_provider_that_is_out_of_order_is_unavailable(
    traveller: Traveller, liar: Liar, path: str, status: int
) -> None:
    liar.twist[path] = lambda _: Reply(b"<h1>maintenance</h1>", "text/html", status)
    with pytest.raises(ProviderUnavailable, match=str(status)) as caught:
        traveller.goes_there_and_back()
    assert isinstance(caught.value, InfrastructureError)


@pytest.mark.parametrize("status", [201, 204, 301, 403, 404])
def test_an_answer_of_another_kind_is_refused(traveller: Traveller, liar: Liar, status: int) -> None:
    liar.twist["/userinfo"] = lambda reply: evolve(reply, status=status, body=b"")
    with pytest.raises(AnswerRefused):
        traveller.goes_there_and_back()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error": "<b>"}', b'{"error": 1}', b"<h1>400</h1>"])
def test_a_refusal_that_the_protocol_does_not_have_is_refused(traveller: Traveller, liar: Liar, body: bytes) -> None:
    liar.twist["/token"] = lambda _: Reply(body, status=400)
    with pytest.raises(AnswerRefused):
        traveller.goes_there_and_back()


@pytest.mark.parametrize("token", [{"token_type": "mac"}, {"access_token": ""}, {"access_token": "a\r\nX: b"}])
def test_another_kind_of_access_token_is_refused(traveller: Traveller, liar: Liar, token: dict[str, str]) -> None:
    liar.twist["/token"] = lambda reply: evolve(reply, body=json.dumps({**json.loads(reply.body), **token}).encode())
    with pytest.raises(AnswerRefused, match="access token"):
        traveller.goes_there_and_back()


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_that_nobody_is_at_is_unavailable(liar: Liar, kind: Kind) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        provider = evolve(liar.provider, token=address)
        with travelling(liar, kind, provider=provider) as traveller, pytest.raises(ProviderUnavailable):
            traveller.goes_there_and_back()


@pytest.mark.parametrize("drip", [pytest.param(10.0, id="it stops"), pytest.param(0.1, id="it drips")])
def test_a_provider_that_is_too_slow_is_unavailable(either: Traveller, liar: Liar, drip: float) -> None:
    """Half a second is given here; a byte now and then does not stretch it."""
    body = b" " * 20
    liar.twist["/token"] = lambda _: Reply(body, drip=drip)
    with pytest.raises(ProviderUnavailable):
        either.goes_there_and_back()


def test_a_provider_that_hangs_up_is_unavailable(either: Traveller, liar: Liar) -> None:
    liar.twist["/token"] = lambda _: Reply(b"{}", headers={"content-length": "99", "connection": "close"})
    with pytest.raises(ProviderUnavailable) as caught:
        either.goes_there_and_back()
    assert caught.value.__context__ is None, "R54: no traceback leads to what was sent"


# -- keys and endpoints that change ----------------------------------------------------------------------------------


def test_keys_are_fetched_once_in_a_while(traveller: Traveller, liar: Liar) -> None:
    for _ in range(3):
        traveller.goes_there_and_back()
    assert 1 == liar.asked.count("/jwks")
    liar.clock.advance(10 * MINUTE)
    traveller.goes_there_and_back()
    assert 2 == liar.asked.count("/jwks")


def test_a_new_key_is_found_at_once_and_the_old_one_serves_no_more(traveller: Traveller, liar: Liar) -> None:
    old = liar.key
    traveller.goes_there_and_back()
    liar.clock.advance(MINUTE)
    liar.key = ECKey.generate_key("P-256", {"kid": "second"}, private=True)
    assert isinstance(traveller.goes_there_and_back(), Arrival)
    liar.key, liar.twist["/jwks"] = old, lambda _: pytest.fail("within the pause")
    with pytest.raises(AnswerRefused, match="unknown key"):
        traveller.goes_there_and_back()


def test_unknown_keys_do_not_make_the_client_ask_again_and_again(traveller: Traveller, liar: Liar) -> None:
    traveller.goes_there_and_back()
    liar.header = {"kid": "nobody's"}
    for _ in range(3):
        with pytest.raises(AnswerRefused, match="unknown key"):
            traveller.goes_there_and_back()
    assert 1 == liar.asked.count("/jwks")


def test_a_clock_that_went_back_keeps_no_key_longer(traveller: Traveller, liar: Liar) -> None:
    traveller.goes_there_and_back()
    liar.clock.advance(-MINUTE)
    traveller.goes_there_and_back()
    assert 2 == liar.asked.count("/jwks")


def test_an_issuer_publishes_where_everything_is(liar: Liar) -> None:
    with travelling(liar, provider=liar.issuer) as traveller:
        assert "S256" == asked_in(traveller.start().url)["code_challenge_method"]
        assert isinstance(traveller.goes_there_and_back(), Arrival)
        assert 1 == liar.asked.count("/.well-known/openid-configuration")
        liar.clock.advance(60 * MINUTE)
        traveller.start()
    assert 2 == liar.asked.count("/.well-known/openid-configuration")


def test_no_challenge_is_sent_where_the_provider_does_not_know_it(liar: Liar) -> None:
    liar.metadata = {"code_challenge_methods_supported": ["plain"]}
    with travelling(liar, provider=liar.issuer) as traveller:
        assert "code_challenge" not in traveller.start().url
        assert isinstance(traveller.goes_there_and_back(), Arrival)
    assert "code_verifier" not in liar.forms[0]


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://oidc.example.org"},
        {"token_endpoint": "http://oidc.example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"userinfo_endpoint": 1},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_configuration_that_leads_astray_is_refused(liar: Liar, metadata: dict[str, Any]) -> None:
    liar.metadata = metadata
    with travelling(liar, provider=liar.issuer) as traveller, pytest.raises(AnswerRefused, match="configuration"):
        traveller.start()


def test_an_issuer_that_publishes_nothing_is_the_hosts_fault(liar: Liar) -> None:
    with travelling(liar, provider=f"{liar.issuer}/x") as traveller, pytest.raises(Misconfigured, match="issuer"):
        traveller.start()


def test_an_https_issuer_names_nothing_on_this_machine() -> None:
    """A configuration document does not make a host call itself."""
    issuer = "https://oidc.example.org"
    named = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    document = {"issuer": issuer, **{name: f"{issuer}/{name}" for name in named}}
    assert f"{issuer}/jwks_uri" == published(issuer, json.dumps(document).encode()).jwks
    with pytest.raises(AnswerRefused, match="https"):
        published(issuer, json.dumps({**document, "jwks_uri": "http://127.0.0.1/keys"}).encode())


# -- and out -------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_there_too(either: Traveller, liar: Liar) -> None:
    came = either.goes_there_and_back()
    assert isinstance(came, Arrival)
    url = either.logout_url(came.id_token)
    asked = asked_in(url)
    assert url.startswith(f"{liar.issuer}/session/end?")
    assert 64 == len(asked.pop("state"))
    assert {"id_token_hint": came.id_token.reveal(), "post_logout_redirect_uri": SIGNED_OUT} == asked


def test_without_a_place_to_sign_out_the_person_goes_straight_home(liar: Liar) -> None:
    with travelling(liar, provider=evolve(liar.provider, end_session=None)) as traveller:
        assert SIGNED_OUT == traveller.logout_url(Secret("x"))


# -- what a host configures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "host"),
    [(PRODUCTION, "oidc.franceconnect.gouv.fr"), (INTEGRATION, "fcp-low.integ01.dev-franceconnect.fr")],
)
def test_the_fixed_endpoints_are_those_of_the_partners_documentation(provider: Provider, host: str) -> None:
    base = f"https://{host}/api/v2"
    assert (
        Provider(
            issuer=base,
            authorize=f"{base}/authorize",
            token=f"{base}/token",
            userinfo=f"{base}/userinfo",
            jwks=f"{base}/jwks",
            end_session=f"{base}/session/end",
        )
        == provider
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"client_id": ""}, "client_id"),
        ({"client_id": "é"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"client_secret": "in clear"}, "client_secret"),
        ({"client_secret": Secret("")}, "client_secret"),
        ({"callback": "http://example.org/callback"}, "callback"),
        ({"callback": "https://example.org/callback#x"}, "callback"),
        ({"callback": "https://user@example.org/"}, "callback"),
        ({"callback": "https://example.org:x/"}, "callback"),
        ({"callback": "https:///callback"}, "callback"),
        ({"callback": "/callback"}, "callback"),
        ({"callback": None}, "callback"),
        ({"signed_out": "https://example.org/ x"}, "signed_out"),
        ({"acr": "eidas4"}, "acr"),
        ({"algorithms": ()}, "algorithms"),
        ({"algorithms": {"ES256", "none"}}, "algorithms"),
        ({"algorithms": "HS256"}, "algorithms"),
        ({"clock_skew": timedelta(minutes=6)}, "clock_skew"),
        ({"clock_skew": -SECOND}, "clock_skew"),
        ({"clock_skew": 30}, "clock_skew"),
    ],
)
def test_a_registration_that_cannot_be_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(CallerError, match=named):
        registered(**changes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("registration", "provider", "said"),
    [
        (registered(), None, "provider: a Provider"),
        (registered(), Provider, "provider: a Provider"),
        (PRODUCTION, registered(), "registration: a Registration, not Provider"),
        ("msa", PRODUCTION, "registration: a Registration, not str"),
    ],
)
def test_a_client_that_could_ask_nobody_is_refused_by_name(
    kind: Any, registration: Any, provider: Any, said: str
) -> None:
    with pytest.raises(CallerError, match=said):
        kind(registration, provider)


@pytest.mark.parametrize("seconds", [0, -1, 61, float("nan"), "10", None, True])
def test_a_wait_without_end_is_refused(seconds: Any) -> None:
    with pytest.raises(CallerError, match="seconds"):
        FranceConnect(registered(), PRODUCTION, seconds=seconds)


@pytest.mark.parametrize("issuer", ["http://oidc.example.org", "oidc.example.org", ""])
def test_an_issuer_that_is_not_https_is_refused(issuer: str) -> None:
    with pytest.raises(CallerError, match="provider"):
        FranceConnect(registered(), issuer)


@pytest.mark.parametrize(("query", "kept"), [(b"", None), ("", "kept")], ids=["bytes", "text"])
def test_a_callback_that_is_handed_over_wrongly_is_the_hosts_fault(traveller: Traveller, query: Any, kept: Any) -> None:
    with pytest.raises(CallerError, match="finish"):
        traveller.finish(query, kept)


def test_the_secret_is_shown_by_nothing(liar: Liar) -> None:
    """R54."""
    assert CLIENT_SECRET not in repr(registered())


def test_a_client_is_closed_by_its_block(liar: Liar) -> None:
    with FranceConnect(registered(), liar.provider) as client:
        departure = client.start()
    with pytest.raises(RuntimeError, match="closed"):
        client.finish(liar.visited(departure.url), departure.kept)
