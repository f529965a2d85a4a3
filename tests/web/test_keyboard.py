"""By keyboard alone, and what a script makes better."""

from collections.abc import Iterator

import pytest
from attrs import evolve

from msa_recovery.cli.stage import Stage

from .chromium import DESKTOP, ChromiumBrowser, Program, Served
from .clicked import SETTINGS, pages_of
from .walking import CAMILLE, PASSWORD, secret, to_code, to_new_password


@pytest.fixture
def at_desk(stage: Stage, program: Program, served: Served) -> Iterator[ChromiumBrowser]:
    served.app = pages_of(stage, evolve(SETTINGS, secure_cookies=False))
    browser = ChromiumBrowser(program, served, DESKTOP)
    yield browser
    browser.close()


def _tab_to(browser: ChromiumBrowser, name: str) -> None:
    """Press Tab until the focus is on what has this name; each stop can be seen."""
    for _ in range(40):
        browser.tab.keyboard.press("Tab")
        focused = browser.tab.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at), box = at.closest("label");
                const label = at.labels && at.labels[0] ? at.labels[0].textContent : at.textContent;
                const seen = [at, box].some((each) => each && getComputedStyle(each).outlineStyle !== "none");
                return { label: label.trim().replace(/\\s+/g, " "), seen };
            }"""
        )
        assert focused["seen"], f"the focus on {focused['label']} cannot be seen"
        if focused["label"].startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name}")


def _press(browser: ChromiumBrowser, key: str) -> None:
    with browser.tab.expect_navigation():
        browser.tab.keyboard.press(key)


def test_the_whole_journey_by_keyboard_alone(at_desk: ChromiumBrowser, stage: Stage) -> None:
    keyboard = at_desk.tab.keyboard
    at_desk.open("/")
    keyboard.press("Tab")
    assert "Aller au contenu" == at_desk.tab.evaluate("document.activeElement.textContent")
    _tab_to(at_desk, "J’ai oublié mon mot de passe")
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Identifiant")
    keyboard.type("camille")
    _press(at_desk, "Enter")
    assert "errors" == at_desk.tab.evaluate("document.activeElement.id"), "what is wrong is read first"
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert "identifier" == at_desk.tab.evaluate("document.activeElement.id"), "and leads to its field"
    keyboard.press("Control+A")
    keyboard.type(CAMILLE)
    _press(at_desk, "Enter")
    _tab_to(at_desk, "SMS")
    keyboard.press("Space")
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Code de confirmation")
    keyboard.type(secret(stage))
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Mot de passe temporaire")
    keyboard.type(secret(stage))
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Votre nouveau mot de passe")
    keyboard.type(PASSWORD)
    _tab_to(at_desk, "Confirmer le mot de passe")
    keyboard.type(PASSWORD)
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Modifier : Numéro de fax")
    keyboard.press("Enter")
    _tab_to(at_desk, "Numéro de fax")
    keyboard.press("Control+A")
    keyboard.press("Delete")
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Confirmer mes coordonnées")
    _press(at_desk, "Enter")
    _tab_to(at_desk, "Accéder à Mon espace privé")
    _press(at_desk, "Enter")
    assert "Mon espace privé" == at_desk.tab.locator("h1").text_content()


def test_a_password_can_be_shown(at_desk: ChromiumBrowser) -> None:
    at_desk.open("/")
    at_desk.tab.locator("#password").fill("Cep#Vendanges19")
    at_desk.tab.get_by_role("button", name="Afficher").click()
    assert "text" == at_desk.tab.locator("#password").get_attribute("type")
    at_desk.tab.get_by_role("button", name="Masquer").click()
    assert "password" == at_desk.tab.locator("#password").get_attribute("type")


def test_rules_are_ticked_off_and_the_meter_moves(at_desk: ChromiumBrowser, stage: Stage) -> None:
    to_new_password(at_desk, stage)
    seen = []
    for typed in ("tournesol", "Tournesol-1", PASSWORD):
        at_desk.tab.locator("#password").fill(typed)
        with at_desk.tab.expect_response("**/strength") as answer:
            pass
        at_desk.tab.locator(f".meter[data-now='{answer.value.json()['strength']}']").wait_for()
        met = at_desk.tab.locator(".rules .ok").evaluate_all("lines => lines.map((line) => line.dataset.rule)")
        seen.append((met, at_desk.tab.locator(".meter [role=status]").text_content()))
    every = ["too_short", "no_digit", "no_upper", "no_lower", "no_special"]
    assert [["too_short", "no_lower"], every, every] == [met for met, _ in seen]
    assert ["faible", "moyen", "fort"][-1] in (seen[-1][1] or "")
    assert "faible" in (seen[0][1] or "")


def test_a_code_is_pasted_with_the_words_around_it(at_desk: ChromiumBrowser) -> None:
    """R55."""
    to_code(at_desk)
    at_desk.tab.locator("#code").focus()
    at_desk.tab.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "MSA : votre code est 4821, valable jusqu'à 10h30");
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.getElementById("code").dispatchEvent(paste);
        }"""
    )
    assert "4821" == at_desk.tab.locator("#code").input_value()


def test_the_time_left_runs_down_and_warns_before_it_is_over(at_desk: ChromiumBrowser) -> None:
    """R56: five minutes and one minute before the end, and at it; said to a screen reader too."""
    at_desk.tab.clock.install()
    to_code(at_desk)
    warning, left = at_desk.tab.locator(".time .warning"), at_desk.tab.locator(".time .left")
    said = []
    for minutes in (24, 2, 3, 1):
        at_desk.tab.clock.run_for(minutes * 60_000)
        said.append((left.text_content() or "", warning.text_content() or ""))
    assert "" == said[0][1]
    assert "Attention" in said[1][1]
    assert "warning" not in said[2][1]
    assert "status" == warning.get_attribute("role")
    assert ["6", "4"] == [text.split()[3] for text, _ in said[:2]]
    assert "Le délai est dépassé" in said[3][1]


def test_a_second_click_sends_nothing_again(at_desk: ChromiumBrowser, stage: Stage) -> None:
    to_code(at_desk)
    at_desk.tab.locator("#code").fill(secret(stage))
    asked: list[str] = []
    at_desk.tab.on("request", lambda request: asked.append(request.method))
    with at_desk.tab.expect_navigation():
        at_desk.tab.locator("button[form='main']").dblclick(no_wait_after=True)
    at_desk.tab.wait_for_load_state()
    assert 1 == asked.count("POST")
    assert "awaiting_sign_in" == at_desk.open("/step").value("data-state")


def test_the_back_button_shows_where_the_journey_is(at_desk: ChromiumBrowser) -> None:
    to_code(at_desk)
    at_desk.tab.go_back()
    at_desk.tab.wait_for_load_state()
    assert "Saisir le code de confirmation" == at_desk.tab.locator("h1").text_content()
