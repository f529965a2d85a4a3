"""What a form does that is not ours, that is sent twice, too late, from another page, or that is too long."""

import pytest

from msa_recovery import Channel
from msa_recovery.cli.stage import Stage

from .browser import BASE, HttpBrowser, Loop
from .walking import CAMILLE, LEA, begin, secret, to_code, to_contacts, to_new_password, to_sign_in


def test_a_form_of_another_site_does_nothing(browser: HttpBrowser) -> None:
    form = begin(browser).forms["main"]
    answer = browser.request(
        "POST", form.action, data={**form.fields, "identifier": CAMILLE}, headers={"sec-fetch-site": "cross-site"}
    )
    assert 403 == answer.status_code
    assert "identifying" == browser.open("/step").value("data-state")


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 60])
def test_a_form_without_the_browsers_token_does_nothing(browser: HttpBrowser, token: str) -> None:
    form = begin(browser).forms["main"]
    answer = browser.request("POST", form.action, data={**form.fields, "token": token, "identifier": CAMILLE})
    assert 403 == answer.status_code
    assert "identifying" == browser.open("/step").value("data-state")


def test_the_token_of_another_browser_does_nothing(browser: HttpBrowser, pages: object, loop: Loop) -> None:
    other = HttpBrowser(pages, loop).open("/").forms["begin"].fields["token"]
    form = begin(browser).forms["main"]
    answer = browser.request("POST", form.action, data={**form.fields, "token": other, "identifier": CAMILLE})
    assert 403 == answer.status_code


def test_every_form_leads_on_by_a_redirect(browser: HttpBrowser, stage: Stage) -> None:
    """POST, redirect, GET: to load a page again sends nothing again."""
    to_contacts(browser, stage)
    browser.send("edit-email", {"value": "camille"})
    sent = [answer for answer in browser.answers if answer.request.method == "POST"]
    assert {303} == {answer.status_code for answer in sent}
    assert len(sent) > 5


def test_a_form_that_is_sent_twice_acts_once(browser: HttpBrowser, stage: Stage) -> None:
    """R39."""
    form = to_code(browser).forms["main"]
    data = {**form.fields, "code": secret(stage)}
    for _ in range(2):
        answer = browser.request("POST", form.action, data=data)
        assert f"{BASE}/step" == answer.headers["location"]
    assert "awaiting_sign_in" == browser.open("/step").value("data-state")
    assert 2 == len(stage.delivered(Channel.SMS)), "one code, one temporary password"


def test_a_wrong_code_that_is_sent_twice_is_counted_once(browser: HttpBrowser, stage: Stage) -> None:
    form = to_code(browser).forms["main"]
    wrong = "0000" if secret(stage) != "0000" else "1111"
    for _ in range(2):
        browser.request("POST", form.action, data={**form.fields, "code": wrong})
    assert "Il vous reste 2 essais." in browser.open("/step").words


def test_the_back_button_leads_to_where_the_journey_is(browser: HttpBrowser) -> None:
    """A page from before is sent again, or one of another tab: nothing happens, and the true page is shown."""
    first = begin(browser).forms["main"]
    other_tab = browser.open("/step").forms["main"]
    browser.send("main", {"identifier": CAMILLE})
    browser.send("main", {"channel": "sms"})
    for form in (first, other_tab):
        browser.request("POST", form.action, data={**form.fields, "identifier": LEA})
    page = browser.open("/step")
    assert ("confirming_code", "notice.moved_on") == (page.value("data-state"), page.value("data-notice"))


def test_a_notice_is_said_once(browser: HttpBrowser) -> None:
    begin(browser)
    assert "À corriger" in browser.send("main", {"identifier": "x"}).words
    assert "À corriger" not in browser.open("/step").words


def test_what_was_typed_is_there_again_but_for_secrets(browser: HttpBrowser, stage: Stage) -> None:
    """R56."""
    begin(browser)
    assert 'value="2 84 03"' in browser.send("main", {"identifier": "2 84 03"}).text
    browser.send("main", {"identifier": CAMILLE})
    browser.send("main", {"channel": "sms"})
    assert "98765" not in browser.send("main", {"code": "98765"}).text
    browser.send("main", {"code": secret(stage)})
    assert "Not-A-Temporary-1" not in browser.send("main", {"password": "Not-A-Temporary-1"}).text


def test_a_handle_from_before_the_sign_in_says_what_to_do(browser: HttpBrowser, stage: Stage) -> None:
    """R34: as after a second click, whose answer the browser did not wait for."""
    form = to_sign_in(browser, stage).forms["main"]
    before, data = browser.cookie("journey") or "", {**form.fields, "password": secret(stage)}
    browser.request("POST", form.action, data=data)
    browser.plant("journey", before)
    page = browser.followed(browser.request("POST", form.action, data=data))
    assert "notice.gone" == page.value("data-notice")
    assert "connectez-vous avec lui" in page.words


def test_the_handle_changes_at_the_sign_in(browser: HttpBrowser, stage: Stage) -> None:
    to_sign_in(browser, stage)
    before = browser.cookie("journey")
    browser.send("main", {"password": secret(stage)})
    assert before != browser.cookie("journey")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"a=1", "text/plain", 415),
        (b"a=1", "multipart/form-data", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_none_of_our_forms_sends_is_refused(
    browser: HttpBrowser, content: bytes, kind: str, status: int
) -> None:
    """R35."""
    begin(browser)
    answer = browser.request("POST", f"{BASE}/step", content=content, headers={"content-type": kind})
    assert status == answer.status_code
    assert "identifying" == browser.open("/step").value("data-state")


def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further_than_the_cap(
    browser: HttpBrowser, loop: Loop
) -> None:
    """R35."""
    taken: list[int] = []

    async def endless() -> object:
        for number in range(1_000):
            taken.append(number)
            yield b"x" * 1_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = browser.request("POST", f"{BASE}/step", content=endless(), headers=kind)
    assert 413 == answer.status_code


@pytest.mark.parametrize("event", ["use_franceconnect", "order_letter", "lapse", "", "identify\n", "nothing"])
def test_an_event_that_is_no_persons_is_never_read_from_a_form(browser: HttpBrowser, event: str) -> None:
    form = begin(browser).forms["main"]
    answer = browser.request("POST", form.action, data={**form.fields, "event": event, "identifier": CAMILLE})
    assert 400 == answer.status_code


def test_a_password_is_measured_for_those_alone_who_are_on_a_journey(
    browser: HttpBrowser, pages: object, loop: Loop, stage: Stage
) -> None:
    token = to_new_password(browser, stage).forms["main"].fields["token"]
    answer = browser.request("POST", f"{BASE}/strength", data={"token": token, "password": "Tournesol-bleu-47!"})
    assert {"strength": "strong"} == answer.json()
    stranger = HttpBrowser(pages, loop)
    token = stranger.open("/").forms["begin"].fields["token"]
    assert 404 == stranger.request("POST", f"{BASE}/strength", data={"token": token, "password": "a"}).status_code
