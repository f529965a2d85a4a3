"""The way to FranceConnect and back, as the pages lead it: with a provider that answers what a test has it answer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from msa_recovery import AsyncRecovery, State
from msa_recovery.adapters.franceconnect import AsyncFranceConnect
from msa_recovery.cli.stage import Stage
from msa_recovery.web import recovery_app
from tests.support.liar import CALLBACK, Liar, Reply, at_work, registered
from tests.support.traveller import departed

from .browser import BASE, HttpBrowser, Loop, mounted
from .clicked import SETTINGS, HostOfStage

BENAT: Final = {
    "given_name_array": ["Beñat"],
    "family_name": "ARROSSAGARAY",
    "birthdate": "1968-04-11",
    "gender": "male",
    "birthplace": "64371",
}
AGAIN: Final = "Votre passage par FranceConnect n’a pas abouti"
FAILED: Final = "FranceConnect n’a pas pu confirmer votre identité"


@pytest.fixture
def liar(stage: Stage) -> Iterator[Liar]:
    with at_work(stage.clock) as liar:
        yield liar


@pytest.fixture
def pages(stage: Stage, liar: Liar, loop: Loop) -> Iterator[Any]:
    recovery = AsyncRecovery.of(stage.recovery)
    client = AsyncFranceConnect(registered(), liar.provider, clock=stage.clock)
    site = HostOfStage(stage, recovery, secure_cookies=True)
    yield mounted(recovery_app(recovery, site=site, franceconnect=client, settings=SETTINGS))
    loop.run(client.close())


def leaves(browser: HttpBrowser) -> str:
    """Where FranceConnect's page is that the link on the page leads to."""
    browser.open("/")
    assert f'href="{BASE}/franceconnect"' in browser.page.text
    return browser.request("GET", f"{BASE}/franceconnect").headers["location"]


def comes_back(browser: HttpBrowser, query: str) -> None:
    browser.open(f"/franceconnect/callback?{query}")


def goes_there_and_back(browser: HttpBrowser, liar: Liar) -> None:
    comes_back(browser, liar.visited(leaves(browser)))


def shown(browser: HttpBrowser) -> tuple[str | None, str | None]:
    return browser.page.value("data-state"), browser.page.value("data-problem")


def test_an_individual_is_let_in(browser: HttpBrowser, liar: Liar) -> None:
    goes_there_and_back(browser, liar)
    assert (State.SIGNED_IN_WITH_FRANCECONNECT, None) == shown(browser)
    browser.send("enter", {})
    assert "Mon espace privé" in browser.page.words


def test_a_farmer_is_refused_with_the_reason(browser: HttpBrowser, liar: Liar) -> None:
    """R48."""
    liar.userinfo = BENAT
    goes_there_and_back(browser, liar)
    assert (State.IDENTIFYING, "franceconnect_individuals_only") == shown(browser)
    assert "FranceConnect est réservé aux particuliers" in browser.page.words
    assert "true" not in browser.page.values("aria-invalid"), "no field is wrong"


def test_whom_nobody_knows_is_refused_and_may_go_on(browser: HttpBrowser, liar: Liar) -> None:
    liar.userinfo = {"family_name": "PERSONNE"}
    goes_there_and_back(browser, liar)
    assert (State.IDENTIFYING, "franceconnect_refused") == shown(browser)
    assert browser.page.form_of("identify") is not None


def test_the_journey_under_way_waits_as_it_is(browser: HttpBrowser, liar: Liar) -> None:
    browser.open("/")
    browser.send("begin", {})
    browser.send("main", {"identifier": "2 84 03 33 900 001"})
    handle, state = browser.cookie("journey"), shown(browser)
    asked = departed(leaves(browser))
    assert handle == browser.cookie("journey")
    comes_back(browser, f"error=access_denied&state={asked.state}")
    assert state == shown(browser)
    assert "Vous avez quitté FranceConnect." in browser.page.words


def test_a_journey_that_has_gone_further_is_not_what_franceconnect_ends(browser: HttpBrowser, liar: Liar) -> None:
    browser.open("/")
    browser.send("begin", {})
    browser.send("main", {"identifier": "2 84 03 33 900 001"})
    handle = browser.cookie("journey")
    goes_there_and_back(browser, liar)
    assert State.SIGNED_IN_WITH_FRANCECONNECT == shown(browser)[0]
    assert handle != browser.cookie("journey")


def test_the_same_journey_goes_on_from_its_first_page(browser: HttpBrowser, liar: Liar) -> None:
    browser.open("/")
    browser.send("begin", {})
    handle = browser.cookie("journey")
    goes_there_and_back(browser, liar)
    assert (State.SIGNED_IN_WITH_FRANCECONNECT, handle) == (shown(browser)[0], browser.cookie("journey"))


def test_a_callback_serves_once(browser: HttpBrowser, liar: Liar) -> None:
    """A reload, or somebody who reads the address over a shoulder."""
    query = liar.visited(leaves(browser))
    liar.userinfo = BENAT
    comes_back(browser, query)
    comes_back(browser, query)
    assert AGAIN in browser.page.words
    assert 1 == liar.asked.count("/token")


def test_a_callback_serves_the_browser_alone_that_left(
    pages: Any, browser: HttpBrowser, liar: Liar, loop: Loop
) -> None:
    """R2: a victim is led to the callback of an attacker, or the other way round."""
    query, other = liar.visited(leaves(browser)), HttpBrowser(pages, loop)
    leaves(other)
    for visitor in (other, HttpBrowser(pages, loop)):
        comes_back(visitor, query)
        assert AGAIN in visitor.page.words
    stolen = browser.cookie("franceconnect")
    assert stolen is not None
    other.plant("franceconnect", stolen)
    comes_back(other, query)
    assert AGAIN in other.page.words
    assert [] == liar.asked


def test_who_takes_too_long_starts_again(browser: HttpBrowser, liar: Liar, stage: Stage) -> None:
    query = liar.visited(leaves(browser))
    stage.wait(timedelta(minutes=15))
    comes_back(browser, query)
    assert AGAIN in browser.page.words


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        pytest.param(Reply(b"", status=503), "ProviderUnavailable", id="the provider is down"),
        pytest.param(Reply(b"{}"), "AnswerRefused", id="the provider lies"),
        pytest.param(Reply(b'{"error": "invalid_client"}', status=401), "Misconfigured", id="the host's fault"),
    ],
)
def test_a_failure_leaves_the_other_way_open_and_tells_the_operator(
    browser: HttpBrowser, liar: Liar, caplog: pytest.LogCaptureFixture, reply: Reply, fault: str
) -> None:
    """R16: nobody is signed in, and the departure is used up."""
    liar.twist["/token"] = lambda _: reply
    goes_there_and_back(browser, liar)
    assert FAILED in browser.page.words
    assert "sign-in" in browser.page.forms
    assert [fault] == [record.getMessage().partition(":")[0] for record in caplog.records]
    assert browser.cookie("franceconnect") is None


def test_signing_out_leads_through_franceconnect_by_a_link(browser: HttpBrowser, liar: Liar) -> None:
    goes_there_and_back(browser, liar)
    browser.send("enter", {})
    browser.send("sign-out", {})
    browser.open("/")
    assert "Se déconnecter aussi de FranceConnect" in browser.page.words
    answer = browser.request("GET", f"{BASE}/franceconnect/sign-out")
    assert answer.headers["location"].startswith(f"{liar.issuer}/session/end?id_token_hint=")
    browser.open("/")
    assert "Se déconnecter aussi" not in browser.page.words
    assert not browser.request("GET", f"{BASE}/franceconnect/sign-out").headers["location"].startswith("http")


def test_what_the_browser_keeps_is_read_by_nobody_else(browser: HttpBrowser, liar: Liar) -> None:
    """R49, R54: sealed, out of reach of scripts, and without a name in clear."""
    goes_there_and_back(browser, liar)
    cookies = [line for answer in browser.answers for line in answer.headers.get_list("set-cookie")]
    kept = [line for line in cookies if line.startswith("__Host-msa-franceconnect")]
    assert 3 == len(kept), "the departure, its end, and what a logout needs"
    assert all({"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(line.split("; ")) for line in kept)
    assert [] == [word for word in ("person-1", "LABORDE", liar.issuer) if any(word in line for line in kept)]


def test_the_callback_is_the_registered_one_whatever_host_a_request_names(browser: HttpBrowser, liar: Liar) -> None:
    """R33."""
    answer = browser.request("GET", f"{BASE}/franceconnect", headers={"host": "evil.example"})
    assert CALLBACK == departed(answer.headers["location"]).callback


def test_without_franceconnect_no_page_speaks_of_it(stage: Stage, loop: Loop) -> None:
    recovery = AsyncRecovery.of(stage.recovery)
    browser = HttpBrowser(mounted(recovery_app(recovery, settings=SETTINGS)), loop)
    browser.open("/")
    browser.send("begin", {})
    assert "FranceConnect" not in browser.page.text
