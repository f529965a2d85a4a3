"""How much one origin may ask for, and which origin it is."""

import pytest

from msa_recovery import CallerError
from msa_recovery.cli.stage import Stage
from msa_recovery.web import Settings

from .browser import BASE, HttpBrowser, Loop
from .clicked import pages_of
from .page import read
from .walking import CAMILLE, begin

FEW = Settings(posts="3/minute", gets="8/minute", trusted_proxies=["127.0.0.1", "10.0.0.0/8"])


def test_too_many_forms_get_a_page_that_says_when_to_go_on(stage: Stage, loop: Loop) -> None:
    browser = HttpBrowser(pages_of(stage, FEW), loop)
    form = browser.open("/").forms["begin"]
    answers = [browser.request("POST", form.action, data=form.fields) for _ in range(4)]
    assert [303, 303, 303, 429] == [answer.status_code for answer in answers]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    page = read(answers[-1].text)
    assert ["Trop de demandes"] == page.headings
    assert "attendez 1 minute" in page.words


def test_too_many_pages_too(stage: Stage, loop: Loop) -> None:
    browser = HttpBrowser(pages_of(stage, FEW), loop)
    assert [*[200] * 8, 429] == [browser.request("GET", f"{BASE}/help").status_code for _ in range(9)]


def test_and_too_many_calls(stage: Stage, loop: Loop) -> None:
    browser = HttpBrowser(pages_of(stage, FEW), loop)
    answers = [browser.request("POST", f"{BASE}/api/journeys") for _ in range(4)]
    assert [201, 201, 201, 429] == [answer.status_code for answer in answers]
    assert "application/problem+json" == answers[-1].headers["content-type"]


def test_another_origin_is_counted_by_itself(stage: Stage, loop: Loop) -> None:
    pages = pages_of(stage, FEW)
    for _ in range(9):
        HttpBrowser(pages, loop, "203.0.113.1").request("GET", f"{BASE}/help")
    assert 200 == HttpBrowser(pages, loop, "203.0.113.2").request("GET", f"{BASE}/help").status_code


def test_a_subscriber_of_ipv6_has_one_count(stage: Stage, loop: Loop) -> None:
    pages = pages_of(stage, FEW)
    answers = [
        HttpBrowser(pages, loop, f"2001:db8::{number:x}").request("GET", f"{BASE}/help").status_code
        for number in range(1, 10)
    ]
    assert [*[200] * 8, 429] == answers


@pytest.mark.parametrize(
    ("forwarded", "proxies", "same"),
    [
        # Whoever is no proxy of ours may write what he likes: it says nothing (R31, CVE-2020-35590).
        ("203.0.113.{}", (), True),
        ("203.0.113.{}", ("127.0.0.1",), False),
        # What stands before the address that our proxy wrote came from outside.
        ("203.0.113.{}, 198.51.100.1", ("127.0.0.1",), True),
        ("198.51.100.1, 203.0.113.{}, 10.1.1.1", ("127.0.0.1", "10.0.0.0/8"), False),
        ("rubbish{}", ("127.0.0.1",), True),
        ("", ("127.0.0.1",), True),
    ],
)
def test_an_origin_is_what_our_own_proxies_say(
    stage: Stage, loop: Loop, forwarded: str, proxies: tuple[str, ...], same: bool
) -> None:
    """R31: nine requests of one origin are one too many, of several they are not."""
    pages = pages_of(stage, Settings(gets="8/minute", trusted_proxies=proxies))
    answers = [
        HttpBrowser(pages, loop, forwarded.format(number)).request("GET", f"{BASE}/help").status_code
        for number in range(1, 10)
    ]
    assert (429 if same else 200) == answers[-1]


def test_two_proxies_may_have_written_a_header_each(stage: Stage, loop: Loop) -> None:
    pages = pages_of(stage, FEW)
    written = [[("x-forwarded-for", f"198.51.100.{number}"), ("x-forwarded-for", "203.0.113.5")] for number in range(9)]
    answers = [HttpBrowser(pages, loop).request("GET", f"{BASE}/help", headers=headers) for headers in written]
    assert 429 == answers[-1].status_code


@pytest.mark.parametrize(
    "wrong",
    [
        {"posts": "many"},
        {"gets": "0/minute"},
        {"trusted_proxies": "127.0.0.1"},
        {"trusted_proxies": ["proxy.example"]},
        {"sign_up": "http://example.org"},
        {"sign_up": "//example.org"},
        {"sign_up": "javascript:alert(1)"},
    ],
)
def test_a_setting_that_cannot_be_meant_is_said_at_once(wrong: dict[str, object]) -> None:
    with pytest.raises(CallerError, match=next(iter(wrong))):
        Settings(**wrong)  # type: ignore[arg-type]


def test_requests_are_counted_by_an_async_storage(stage: Stage) -> None:
    with pytest.raises(CallerError, match="counted_at"):
        pages_of(stage, Settings(counted_at="memory://"))


def test_the_library_is_told_the_origin_that_was_found(stage: Stage, loop: Loop) -> None:
    """Three codes an account and origin: the fourth is refused there, and sent elsewhere."""
    from datetime import timedelta

    from .clicked import SETTINGS

    pages = pages_of(stage, SETTINGS)
    seen = []
    for address in ("203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2"):
        browser = HttpBrowser(pages, loop, address)
        begin(browser)
        browser.send("main", {"identifier": CAMILLE})
        seen.append(browser.send("main", {"channel": "sms"}).value("data-problem"))
        stage.wait(timedelta(minutes=31))
    assert [None, None, None, "sends_spent_for_now", None] == seen
