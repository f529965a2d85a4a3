"""Every header, every cookie and every form of every page, as a scanner would look at them."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest

from msa_recovery.cli.stage import Stage
from msa_recovery.web import Settings
from msa_recovery.web.limiting import Counter

from .browser import BASE, HttpBrowser, Loop
from .clicked import pages_of
from .page import read
from .walking import to_contacts

ALWAYS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "strict-transport-security": "max-age=31536000",
}


@pytest.fixture
def walked(browser: HttpBrowser, stage: Stage) -> HttpBrowser:
    """Somebody who saw every page there is, mistakes and failures included."""
    to_contacts(browser, stage)
    browser.send("edit-email", {"value": "camille"})
    browser.send("main", {})
    browser.send("enter", {})
    for path in ("/account", "/help", "/nowhere", "/language/en?back=help", "/language/xx", "/static/nothing"):
        browser.open(path)
    browser.forge("/begin", {"token": "x"})
    browser.request("PUT", f"{BASE}/step")
    browser.request("POST", f"{BASE}/step", content=b"x" * 20_000, headers={"content-type": "text/plain"})
    for file in ("app.css", "app.js", "icon.svg", "nothing"):
        browser.request("GET", f"{BASE}/static/{file}")
    for path in ("/api/openapi.json", "/api/journey", "/api/nothing"):
        browser.request("GET", f"{BASE}{path}")
    return browser


def test_every_answer_carries_every_header(walked: HttpBrowser) -> None:
    lacking = {
        (answer.url.path, name)
        for answer in walked.answers
        for name, value in ALWAYS.items()
        if answer.headers.get(name) != value
    }
    assert set() == lacking


@pytest.mark.parametrize("path", ["/", "/api/openapi.json"])
def test_so_does_the_answer_to_what_nobody_expected(
    path: str, pages: Any, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server still learns of it: it is raised again once the person was told."""
    monkeypatch.setattr(Counter, "too_many", lambda *_, **__: 1 / 0)
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"{BASE}{path}", "query_string": b"", "headers": []}
    with pytest.raises(ZeroDivisionError):
        loop.run(pages(scope, None, send))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert sent[0]["status"] in {500, 503}
    assert {**ALWAYS, "cache-control": "no-store"} == {name: found.get(name) for name in (*ALWAYS, "cache-control")}
    assert b"ZeroDivisionError" not in sent[1]["body"]


def test_every_answer_says_what_it_is_and_nothing_of_who_made_it(walked: HttpBrowser) -> None:
    """No answer is there for other sites to read, either."""
    kinds = {answer.headers["content-type"] for answer in walked.answers if answer.content}
    texts = {"text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"}
    assert {*texts, "image/svg+xml", "application/json", "application/problem+json"} == kinds
    told = {"server", "x-powered-by", "via", "access-control-allow-origin", "set-cookie2"}
    assert set() == {name for answer in walked.answers for name in answer.headers if name in told}


def test_nothing_but_a_file_that_never_changes_is_kept_by_anybody(walked: HttpBrowser) -> None:
    kept = {answer.url.path for answer in walked.answers if answer.headers["cache-control"] != "no-store"}
    assert {f"{BASE}/static/{file}" for file in ("app.css", "app.js", "icon.svg")} == kept


def test_every_cookie_is_out_of_reach(walked: HttpBrowser) -> None:
    """R34: of scripts, of other hosts of the domain, of other sites, and of anybody on the wire."""
    lines = [line for answer in walked.answers for line in answer.headers.get_list("set-cookie")]
    assert len(lines) > 10
    for line in lines:
        ((name, morsel),) = SimpleCookie(line).items()
        assert name.startswith("__Host-msa-"), line
        assert (True, True, "lax", "/", "") == (
            morsel["httponly"],
            morsel["secure"],
            morsel["samesite"],
            morsel["path"],
            morsel["domain"],
        ), line


def test_every_form_is_sent_by_post_to_our_own_path_with_a_token(walked: HttpBrowser) -> None:
    forms = [form for answer in walked.answers for form in read(answer.text).forms.values()]
    assert len(forms) > 20
    for form in forms:
        assert ("post", True) == (form.method, form.action.startswith(f"{BASE}/"))
        assert len(form.fields["token"]) > 40
        assert len(form.fields["request_id"]) > 20


def test_no_two_forms_have_the_same_request_id(walked: HttpBrowser) -> None:
    ids = [form.fields["request_id"] for a in walked.answers for form in read(a.text).forms.values()]
    assert len(set(ids)) == len(ids)


def test_no_page_has_anything_inline_or_from_elsewhere(walked: HttpBrowser) -> None:
    for answer in walked.answers:
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for tag, found in read(answer.text).attributes:
            assert [] == [name for name in found if name == "style" or name.startswith("on")]
            assert tag not in {"iframe", "object", "embed", "base", "style"}
            for link in ("src", "href", "action"):
                at = found.get(link, BASE)
                assert at.startswith((f"{BASE}/", BASE, "#", "tel:", "mailto:")), (tag, at)
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", answer.text)


def test_every_field_has_a_label_and_says_what_it_is_for(walked: HttpBrowser) -> None:
    """R55: WCAG 1.3.5, RGAA 11.13."""
    for answer in walked.answers:
        page = read(answer.text)
        labelled = {found.get("for") for tag, found in page.attributes if tag == "label"}
        for tag, found in page.attributes:
            if tag == "input" and found.get("type") not in {"hidden", "radio"}:
                assert found["id"] in labelled
                assert found["autocomplete"], found


def test_no_page_echoes_the_host_that_was_asked_for(pages: object, loop: Loop) -> None:
    """R33."""
    browser = HttpBrowser(pages, loop)
    for path in ("/", "/step", "/nowhere", "/help", "/api/openapi.json"):
        evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
        answer = browser.request("GET", f"{BASE}{path}", headers=evil)
        assert "evil" not in answer.text + str(answer.headers)
    begun = browser.open("/").forms["begin"]
    answer = browser.request("POST", begun.action, data=begun.fields, headers={"host": "evil.example"})
    assert f"{BASE}/step" == answer.headers["location"]


def test_without_https_cookies_say_so(stage: Stage, loop: Loop) -> None:
    """For the developer's own machine alone."""
    pages = pages_of(stage, Settings(secure_cookies=False))
    answer = HttpBrowser(pages, loop).request("GET", f"{BASE}/")
    assert "strict-transport-security" not in answer.headers
    assert "msa-visitor=" == answer.headers["set-cookie"][:12]
    assert "Secure" not in answer.headers["set-cookie"]


def test_the_session_of_the_stand_in_ends(browser: HttpBrowser, stage: Stage) -> None:
    to_contacts(browser, stage)
    browser.send("main", {})
    assert "Mon espace privé" in browser.send("enter", {}).headings
    stage.wait(timedelta(minutes=30))
    assert ["Se connecter"] == browser.open("/space").headings


def test_a_page_weighs_little(walked: HttpBrowser) -> None:
    """With all that it loads, uncompressed: less than 60 kB."""
    files = sum(len(answer.content) for answer in walked.answers if "/static/" in answer.url.path and answer.is_success)
    heaviest = max(len(answer.content) for answer in walked.answers if "html" in answer.headers.get("content-type", ""))
    assert files + heaviest < 60_000
