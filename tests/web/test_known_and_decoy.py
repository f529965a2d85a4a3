"""Pages and headers of a known identifier and of a decoy of its profile are the same, byte for byte (R13)."""

import re
from typing import Final

import httpx
import pytest

from msa_recovery.cli.cast import member
from msa_recovery.cli.stage import Stage

from .browser import BASE, HttpBrowser, Loop
from .walking import begin

_DRAWN: Final = re.compile(r'((?:name="(?:token|request_id)" value|data-token)="|__Host-msa-[a-z]+=)([^";]+)')
"""What is drawn anew for every form and every browser; it is as long whoever it is for."""

_MASK: Final = re.compile("(?:0[67]|••).••.••.••.[0-9]{2}|[a-z0-9•]•••••@[a-z0-9•]•••••[.][a-z•]+")

KNOWN: Final = "individual-both"


def _bare(text: str) -> str:
    return _MASK.sub("MASK", _DRAWN.sub(lambda found: f"{found[1]}{len(found[2])} characters", text))


def _seen(answer: httpx.Response) -> tuple[int, str, str]:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items() if name != "content-length")
    return answer.status_code, _bare(headers), _bare(answer.text)


def _walk(browser: HttpBrowser, identifier: str) -> list[str]:
    """Somebody who holds nothing goes as far as that gets, back and on again; every state on the way."""
    states = list[str]()
    begin(browser)
    for form, fields in (
        ("main", {"identifier": identifier}),
        ("main", {"channel": "sms"}),
        ("resend_code", {}),
        ("main", {"code": "12"}),
        ("main", {"code": "0000"}),
        ("main", {"code": "0001"}),
        ("go_back", {}),
        ("main", {"channel": "email"}),
        ("main", {"channel": "sms"}),
        ("main", {"code": "0002"}),
        ("main", {"code": "0003"}),
        ("abandon", {}),
    ):
        if form not in browser.page.forms:
            break
        states.append(browser.send(form, fields).value("data-state") or "")
    return states


def _unknown(stage: Stage, loop: Loop, pages: object) -> str:
    """An identifier of nobody whose decoy has the profile of the account: found as anybody would, by trying."""
    for number in range(1, 400):
        identifier = f"1 50 01 33 910 {number:03}"
        browser = HttpBrowser(pages, loop, f"198.51.100.{number % 250}")
        begin(browser)
        page = browser.send("main", {"identifier": identifier})
        channels = [
            found["value"] for tag, found in page.attributes if tag == "input" and found.get("name") == "channel"
        ]
        if channels == ["sms", "email"]:
            return identifier
    raise AssertionError("no decoy has this profile")


Seen = dict[str, tuple[list[str], list[tuple[int, str, str]]]]
"""The states, and the answers, of either."""


@pytest.fixture
def seen(stage: Stage, pages: object, loop: Loop) -> Seen:
    """What is seen of either, by browsers that nothing else tells apart."""
    unknown = _unknown(stage, loop, pages)
    result = {}
    for who, identifier in (("known", member(stage.directory, KNOWN).identifier), ("decoy", unknown)):
        browser = HttpBrowser(pages, loop, "203.0.113.1")
        states = _walk(browser, identifier)
        # What the person typed comes back to that person alone.
        result[who] = (
            states,
            [
                (status, headers, text.replace(identifier, "TYPED"))
                for status, headers, text in map(_seen, browser.answers)
            ],
        )
    return result


def test_a_known_identifier_and_a_decoy_look_the_same(
    seen: dict[str, tuple[list[str], list[tuple[int, str, str]]]],
) -> None:
    known, decoy = seen["known"], seen["decoy"]
    assert ["choosing_channel", "confirming_code"] == known[0][:2]
    assert "blocked" not in known[0]
    assert known[0] == decoy[0]
    assert len(known[1]) > 15
    for one, other in zip(known[1], decoy[1], strict=True):
        assert one == other


def test_the_comparison_sees_a_difference(seen: Seen) -> None:
    """Masks and tokens are set aside, and nothing else is."""
    status, headers, text = seen["known"][1][-1]
    assert _bare(text.replace("Assistance", "Assistanse")) != text
    assert "MASK" in "".join(page for _, _, page in seen["known"][1])
    assert f"{BASE}/static" in text
    assert (status, headers) == (200, seen["decoy"][1][-1][1])
