"""FranceConnect, end to end: Chromium, the pages, and a real OpenID provider (npm's oidc-provider) on this machine."""

import asyncio
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import frozen
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect

from msa_recovery import AsyncRecovery, Secret
from msa_recovery.adapters.franceconnect import AsyncFranceConnect, Registration
from msa_recovery.cli.stage import Stage
from msa_recovery.web import Settings, recovery_app

from .browser import BASE, mounted
from .chromium import Served, chromium, executable, serving
from .clicked import HostOfStage

INSTALLED: Final = Path(__file__).parents[2] / "build" / "provider"
NODE: Final = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or executable() is None or not (INSTALLED / "node_modules").is_dir(),
    reason="needs Chromium, Node and `make provider`",
)


@frozen
class World:
    """Who is there.

    Attributes:
        pages: the address of the pages.
        issuer: the address of the provider.
        browser: Chromium.
    """

    pages: str
    issuer: str
    browser: Chromium


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def issuer(served: Served) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The program and its modules are what `make provider` put there.
    command = [str(NODE), "provider.mjs", str(port), f"{served.address}{BASE}"]
    with subprocess.Popen(command, cwd=INSTALLED, stdout=subprocess.PIPE, text=True) as provider:  # noqa: S603
        assert provider.stdout is not None
        assert any(line == "ready\n" for line in provider.stdout), "the provider does not start"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            provider.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def world(served: Served, issuer: str, browser: Chromium, stage: Stage) -> Iterator[World]:
    pages = f"{served.address}{BASE}"
    registration = Registration(
        client_id="msa",
        client_secret=Secret("known to the two of us alone"),
        callback=f"{pages}/franceconnect/callback",
        signed_out=f"{pages}/",
        algorithms="ES256",
    )
    settings = Settings(secure_cookies=False, posts="999999/second", gets="999999/second")
    recovery = AsyncRecovery.of(stage.recovery)
    site = HostOfStage(stage, recovery, secure_cookies=False)
    # By the system's clock, as the provider: what the journey waits for is another matter.
    client = AsyncFranceConnect(registration, issuer)
    app = mounted(recovery_app(recovery, site=site, franceconnect=client, settings=settings))
    loops: list[asyncio.AbstractEventLoop] = []

    async def host(scope: Any, receive: Any, send: Any) -> None:
        loops[:] = [asyncio.get_running_loop()]
        await app(scope, receive, send)

    served.app = host
    yield World(pages, issuer, browser)
    # The connections belong to the server's loop.
    asyncio.run_coroutine_threadsafe(client.close(), *loops).result()


@pytest.fixture
def tab(world: World) -> Iterator[Page]:
    """A person's first look; nothing but the two is ever asked for anything."""
    context = world.browser.new_context(locale="fr-FR")

    asked: list[str] = []

    def elsewhere(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith((world.pages.removesuffix(BASE), world.issuer)), elsewhere)
    page = context.new_page()
    page.goto(f"{world.pages}/")
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert [] == asked


def signs_in_as(tab: Page, world: World, person: str) -> None:
    tab.get_by_role("link", name="Se connecter avec FranceConnect").click()
    tab.wait_for_url(f"{world.issuer}/interaction/*")
    tab.locator(f"#{person}").click()
    tab.wait_for_url(f"{world.pages}/*")


def test_an_individual_gets_in_and_out_again(tab: Page, world: World) -> None:
    signs_in_as(tab, world, "camille")
    assert "Vous êtes connecté avec FranceConnect" == tab.locator("h1").inner_text()
    tab.get_by_role("button", name="Accéder à").click()
    assert "Mon espace privé" in tab.locator("h1").inner_text()
    tab.get_by_role("button", name="Se déconnecter").click()
    tab.get_by_role("link", name="Se déconnecter aussi de FranceConnect").click()
    tab.wait_for_url(f"{world.issuer}/session/end*")
    tab.locator("button[name=logout]").click()
    tab.wait_for_url(f"{world.pages}/?state=*")
    # The provider asks anew who it is.
    signs_in_as(tab, world, "benat")
    assert "FranceConnect est réservé aux particuliers" in tab.locator("#errors").inner_text()


def test_a_farmer_is_refused_with_the_reason(tab: Page, world: World) -> None:
    """R48."""
    signs_in_as(tab, world, "benat")
    assert "FranceConnect est réservé aux particuliers" in tab.locator("#errors").inner_text()


def test_whom_nobody_knows_is_refused_and_goes_on_with_an_identifier(tab: Page, world: World) -> None:
    signs_in_as(tab, world, "stranger")
    assert "Aucun espace privé de particulier" in tab.locator("#errors").inner_text()
    tab.get_by_label("Identifiant").fill("2 84 03 33 900 001")
    tab.get_by_role("button", name="Suivant").click()
    expect(tab.locator("main")).to_contain_text(re.compile("mode de réception|Comment désirez-vous recevoir"))


def test_who_turns_back_finds_the_page_as_it_was(tab: Page, world: World) -> None:
    signs_in_as(tab, world, "nobody")
    assert "Vous avez quitté FranceConnect." in tab.locator("[role=status]").inner_text()
    assert tab.get_by_role("button", name="Se connecter").is_visible()


def test_the_back_button_and_a_reload_act_once(tab: Page, world: World) -> None:
    signs_in_as(tab, world, "camille")
    tab.reload()
    assert "Vous êtes connecté avec FranceConnect" == tab.locator("h1").inner_text()
    tab.go_back()
    tab.goto(f"{world.pages}/step")
    assert "Vous êtes connecté avec FranceConnect" == tab.locator("h1").inner_text()
