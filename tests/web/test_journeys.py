"""What a person meets on the pages that no story of the demonstration tells."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from msa_recovery import AsyncRecovery, Channel, Secret
from msa_recovery.cli.stage import Stage
from msa_recovery.web import Settings, recovery_app

from .browser import BASE, HttpBrowser, Loop, mounted
from .clicked import SETTINGS, pages_of
from .walking import CAMILLE, LEA, PASSWORD, begin, secret, to_code, to_contacts, to_new_password, to_sign_in


def test_the_steps_are_counted_as_the_source_text_counts_them(browser: HttpBrowser, stage: Stage) -> None:
    said = [begin(browser).words]
    said += [browser.send("main", {"identifier": CAMILLE}).words, browser.send("main", {"channel": "sms"}).words]
    said += [
        browser.send("main", {"code": secret(stage)}).words,
        browser.send("main", {"password": secret(stage)}).words,
    ]
    said += [browser.send("main", {"password": PASSWORD, "repeated": PASSWORD}).words]
    assert [] == [number for number, words in enumerate(said, start=2) if f"Étape {number} sur 7" not in words]
    over = ("Étape 3 sur 7 – Demande d’un nouveau mot de passe", "Étape 4 sur 7 – Demande d’un nouveau mot de passe")
    assert [] == [text for text in (*over, "Étape 5 sur 7 – Confirmation") if text not in " ".join(said)]


def test_the_home_page_says_what_the_source_text_says(stage: Stage, loop: Loop) -> None:
    pages = pages_of(stage, Settings(sign_up="/inscription"))
    words = HttpBrowser(pages, loop).open("/").words
    said = (
        "Identifiant",
        "Où trouver mon identifiant ?",
        "Mot de passe",
        "J’ai oublié mon mot de passe",
        "Se connecter",
    )
    more = ("Vous n’avez pas encore de compte MSA ? Inscrivez-vous rapidement dès maintenant.", "S’inscrire")
    assert [] == [text for text in (*said, *more) if text not in words]
    assert "FranceConnect" not in words


def test_an_empty_field_says_so_as_the_source_text_does(browser: HttpBrowser) -> None:
    browser.open("/")
    page = browser.send("sign-in", {"identifier": "", "password": ""})
    assert "Ce champ est exigé." in page.words


def test_a_wrong_sign_in_keeps_the_identifier_and_tells_nothing(browser: HttpBrowser) -> None:
    """R13: the same for an account and for nobody."""
    for identifier in (CAMILLE, "1 50 01 33 910 001"):
        browser.open("/")
        page = browser.send("sign-in", {"identifier": identifier, "password": "Nonsense-12!"})
        assert "Identifiant ou mot de passe incorrect." in page.words
        assert f'value="{identifier}"' in page.text
        assert "Nonsense" not in page.text


def test_after_a_lapse_nobody_types_the_identifier_twice(browser: HttpBrowser, stage: Stage) -> None:
    """R56: sealed in this browser, and for a quarter of an hour."""
    to_code(browser)
    stage.wait(timedelta(minutes=61))
    assert "lapsed" == browser.open("/step").value("data-state")
    assert f'value="{CAMILLE}"' in browser.send("begin", {}).text
    stage.wait(timedelta(minutes=15))
    assert CAMILLE not in browser.open("/step").text


def test_whoever_abandons_leaves_no_identifier_behind(browser: HttpBrowser) -> None:
    to_code(browser)
    browser.send("abandon", {})
    assert CAMILLE not in begin(browser).text


def test_whoever_is_through_leaves_no_identifier_behind(browser: HttpBrowser, stage: Stage) -> None:
    to_new_password(browser, stage)
    assert CAMILLE not in begin(browser).text


def test_an_identifier_is_kept_for_one_browser_alone(browser: HttpBrowser, pages: Any, loop: Loop) -> None:
    """R49: and nobody reads it in the cookie."""
    to_code(browser)
    kept = browser.cookie("identifier") or ""
    assert kept
    assert "84" + "0333" not in kept
    other = HttpBrowser(pages, loop)
    begin(other)
    other.plant("identifier", kept)
    assert CAMILLE not in other.open("/step").text


def test_the_identifier_is_in_no_address(browser: HttpBrowser, stage: Stage) -> None:
    """R49: nor any secret (R33)."""
    to_contacts(browser, stage)
    browser.send("main", {})
    seen = " ".join(str(answer.url) + answer.headers.get("location", "") for answer in browser.answers)
    secrets = [message.secret.reveal() for message in stage.delivered(Channel.SMS) if message.secret]
    assert [] == [text for text in ("284033390000147", *secrets, PASSWORD) if text in seen]


def test_the_question_says_which_answer_is_meant(browser: HttpBrowser) -> None:
    begin(browser)
    browser.send("main", {"identifier": LEA})
    page = browser.send("main", {"answer": "148,52"})
    assert "Choisissez la question à laquelle vous répondez." in page.words
    assert 'value="148,52"' in page.text
    page = browser.send("main", {"kind": "benefit_amount", "answer": "beaucoup"})
    assert "Saisissez un montant en euros" in page.words
    assert "checked" in page.text


def test_a_dead_code_says_what_to_do(browser: HttpBrowser, stage: Stage) -> None:
    to_code(browser)
    stage.wait(timedelta(minutes=30))
    page = browser.open("/step")
    assert "Ce code n’est plus valable. Demandez un nouveau code." in page.words
    assert "Code valable encore" not in page.words


def test_the_time_left_is_said_without_scripts(browser: HttpBrowser, stage: Stage) -> None:
    """R56."""
    to_code(browser)
    stage.wait(timedelta(minutes=12))
    assert "Code valable encore 18 minutes. Jusqu’au lundi 23 novembre 2026 à 10 h 30." in browser.open("/step").words


def test_after_the_sign_in_it_is_the_persons_own_fund_that_helps(browser: HttpBrowser, stage: Stage) -> None:
    """R57."""
    assert "Assistance Internet" in to_sign_in(browser, stage).words
    assert "MSA Gironde" in browser.send("main", {"password": secret(stage)}).words


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(), "Ouvert maintenant, jusqu’à 12 h 15"),
        (timedelta(hours=2, minutes=15), "Fermé maintenant. Réponse possible aujourd’hui à partir de 13 h 30."),
        (timedelta(hours=4), "Ouvert maintenant, jusqu’à 16 h 30"),
        (timedelta(hours=12), "Fermé maintenant. Réponse possible demain à partir de 8 h 30."),
        (timedelta(days=5), "Fermé maintenant. Réponse possible le lundi 30 novembre 2026 à partir de 8 h 30."),
    ],
)
def test_the_help_desk_says_whether_somebody_answers_now(
    browser: HttpBrowser, stage: Stage, later: timedelta, said: str
) -> None:
    """R57: with the midday break, in French time; the stage's clock shows ten o'clock there."""
    stage.wait(later)
    assert said in browser.open("/help").words


def test_a_voluntary_change_goes_from_my_account(browser: HttpBrowser, stage: Stage) -> None:
    browser.open("/")
    browser.send("sign-in", {"identifier": CAMILLE, "password": stage.member("individual-both").password})
    assert "Email & Mot de passe" in browser.open("/account").headings
    page = browser.send("change", {})
    assert "Étape 1 sur 2" in page.words
    browser.send("main", {"password": stage.member("individual-both").password})
    page = browser.send("main", {"password": PASSWORD, "repeated": PASSWORD})
    assert ["Votre mot de passe a bien été modifié"] == page.headings


def test_nobody_comes_to_the_account_pages_without_a_sign_in(browser: HttpBrowser) -> None:
    for path in ("/space", "/account"):
        assert ["Se connecter"] == browser.open(path).headings
    token = browser.page.forms["begin"].fields["token"]
    browser.forge("/change", {"token": token})
    assert ["Se connecter"] == browser.page.headings


def test_a_journey_that_is_not_through_opens_nothing(browser: HttpBrowser, stage: Stage) -> None:
    """R21."""
    token = to_contacts(browser, stage).forms["main"].fields["token"]
    browser.forge("/enter", {"token": token})
    assert "notice.gone" == browser.page.value("data-notice")
    assert None is browser.cookie("space")


def test_a_last_page_that_lay_open_until_the_journey_was_purged_says_so(browser: HttpBrowser, stage: Stage) -> None:
    to_contacts(browser, stage)
    enter = browser.send("main", {}).forms["enter"]
    stage.wait(timedelta(days=400))
    assert stage.recovery.purge()
    page = browser.followed(browser.request("POST", enter.action, data=enter.fields))
    assert "notice.gone" == page.value("data-notice")
    assert None is browser.cookie("space")


def test_an_account_that_was_closed_meanwhile_changes_no_password(browser: HttpBrowser, stage: Stage) -> None:
    form = browser.open("/").forms["begin"]
    until = int(stage.clock.now().timestamp()) + 60
    browser.plant("space", stage.recovery.tokens.seal(Secret(f"{until} closed"), "space"))
    page = browser.followed(browser.request("POST", f"{BASE}/change", data=form.fields))
    assert ["Se connecter"] == page.headings
    assert None is browser.cookie("space")


def test_signing_out_ends_the_session(browser: HttpBrowser, stage: Stage) -> None:
    to_contacts(browser, stage)
    browser.send("main", {})
    browser.send("enter", {})
    browser.send("sign-out", {})
    assert ["Se connecter"] == browser.open("/space").headings


def test_a_journey_can_be_gone_on_with_from_the_home_page(browser: HttpBrowser) -> None:
    to_code(browser)
    assert "Reprendre la demande en cours" in browser.open("/").words
    browser.open("/step")
    browser.send("abandon", {})
    assert "Reprendre" not in browser.open("/").words


def test_a_store_that_is_down_loses_nothing(browser: HttpBrowser, stage: Stage, monkeypatch: Any) -> None:
    """R16: the page says so, and the same form goes through afterwards."""
    form = to_code(browser).forms["main"]
    data = {**form.fields, "code": secret(stage)}
    with monkeypatch.context() as broken:
        broken.setattr(type(stage.store), "load", lambda *_: 1 / 0)
        answer = browser.request("POST", form.action, data=data)
        assert (503, "5") == (answer.status_code, answer.headers["retry-after"])
        assert "Rien n’est perdu" in answer.text
        assert "ZeroDivisionError" not in answer.text
    assert 303 == browser.request("POST", form.action, data=data).status_code


def test_a_page_that_is_not_there_says_so(browser: HttpBrowser) -> None:
    assert ["Cette page n’existe pas"] == browser.open("/nowhere").headings
    answer = browser.request("PUT", f"{BASE}/step")
    assert (405, True) == (answer.status_code, "GET" in answer.headers["allow"])


# -- what a host plugs in ------------------------------------------------------------------------------------------


def test_the_pages_run_alone_as_well(stage: Stage, loop: Loop) -> None:
    """With nothing but the library: the stand-in has no usual passwords, and temporary ones open their step."""
    alone = recovery_app(AsyncRecovery.of(stage.recovery), settings=SETTINGS)
    browser = HttpBrowser(mounted(alone), loop)
    browser.open("/")
    browser.send("sign-in", {"identifier": CAMILLE, "password": stage.member("individual-both").password})
    assert "Identifiant ou mot de passe incorrect." in browser.page.words
    to_contacts(browser, stage)
    browser.send("main", {})
    assert ["Mon espace privé"] == browser.send("enter", {}).headings


def test_a_host_puts_its_own_frame_around_every_page(stage: Stage, loop: Loop, tmp_path: Path) -> None:
    own = '{% extends "shipped/frame.html" %}{% block beside %}<p>Bandeau de la caisse</p>{% endblock %}'
    (tmp_path / "frame.html").write_text(own, encoding="utf-8")
    browser = HttpBrowser(pages_of(stage, Settings(templates=tmp_path)), loop)
    assert "Bandeau de la caisse" in begin(browser).words
    assert "Vérification de votre identité" in browser.page.words


def test_without_franceconnect_its_addresses_are_not_there(browser: HttpBrowser) -> None:
    for path in ("/franceconnect", "/franceconnect/callback"):
        assert 404 == browser.request("GET", f"{BASE}{path}").status_code
