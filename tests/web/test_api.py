"""The JSON API: the same journeys as the pages, for hosts that draw their own screens."""

from typing import Any, final

import pytest

from msa_recovery import Channel
from msa_recovery.cli.stage import Stage

from .browser import BASE, HttpBrowser
from .walking import CAMILLE, PASSWORD, secret

FAULT = "urn:msa-recovery:fault:"


@final
class Api:
    """A client of the API."""

    def __init__(self, browser: HttpBrowser) -> None:
        self._browser = browser
        self.handle = ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call, with the handle; its answer."""
        said = {"authorization": f"Bearer {self.handle}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        more = {} if body is None else {"json": body}
        return self._browser.request(method, f"{BASE}/api{path}", headers=said, **more)

    def begin(self) -> Any:
        """A new journey; its view."""
        answer = self.call("POST", "/journeys")
        self.handle = answer.json()["handle"]
        return answer.json()["view"]

    def send(self, event: str, **texts: str) -> Any:
        """One event; the view after it."""
        answer = self.call("POST", "/journey/events", {"event": event, **texts})
        assert 200 == answer.status_code, answer.text
        self.handle = answer.json()["handle"]
        return answer.json()["view"]


@pytest.fixture
def api(browser: HttpBrowser) -> Api:
    return Api(browser)


def test_a_whole_recovery(api: Api, stage: Stage) -> None:
    seen = [api.begin()["state"]]
    view = api.send("identify", identifier=CAMILLE)
    assert [("sms", "06 •• •• •• 11"), ("email", "c•••••@e•••••.org")] == [
        (choice["channel"], choice["mask"]) for choice in view["choices"]
    ]
    seen += [view["state"], api.send("choose_channel", channel="sms")["state"]]
    seen += [api.send("submit_code", code=secret(stage))["state"]]
    before = api.handle
    seen += [api.send("sign_in", password=secret(stage))["state"]]
    assert before != api.handle
    view = api.send("choose_password", password="court", repeated="court")
    assert "password_refused" == view["problem"]["code"]
    assert "Il doit contenir un chiffre." in [reason["text"] for reason in view["problem"]["reasons"]]
    assert {"strength": "strong"} == api.call("POST", "/journey/strength", {"password": PASSWORD}).json()
    seen += [api.send("choose_password", password=PASSWORD, repeated=PASSWORD)["state"]]
    view = api.send("edit_contact", kind="email", value="camille@example.net")
    assert {"kind": "email", "name": "Adresse email", "text": "camille@example.net", "edited": True} in view["contacts"]
    assert f"{FAULT}not-open" == api.call("POST", "/journey/enter").json()["type"]
    seen += [api.send("confirm_contacts")["state"]]
    assert [
        *("identifying", "choosing_channel", "confirming_code", "awaiting_sign_in"),
        *("personalising_password", "confirming_contacts", "completed"),
    ] == seen
    entered = api.call("POST", "/journey/enter")
    assert {"location": f"{BASE}/space"} == entered.json()
    assert "__Host-msa-space=" in entered.headers["set-cookie"]


def test_the_words_are_in_the_language_that_is_asked_for(api: Api) -> None:
    api.begin()
    answer = api.call("GET", "/journey", accept_language="en")
    assert ("Checking who you are", "en") == (answer.json()["view"]["title"], answer.headers["content-language"])


def test_a_call_that_is_made_twice_acts_once(api: Api, stage: Stage) -> None:
    """R39."""
    api.begin()
    api.send("identify", identifier=CAMILLE)
    api.send("choose_channel", channel="sms")
    event = {"event": "submit_code", "code": secret(stage)}
    answers = [api.call("POST", "/journey/events", event, idempotency_key="form-1") for _ in range(2)]
    assert ["awaiting_sign_in"] * 2 == [answer.json()["view"]["state"] for answer in answers]
    assert 2 == len(stage.delivered(Channel.SMS))


def test_a_temporary_password_signs_in_from_anywhere(api: Api, stage: Stage) -> None:
    api.begin()
    api.send("identify", identifier=CAMILLE)
    api.send("choose_channel", channel="sms")
    api.send("submit_code", code=secret(stage))
    answer = api.call("POST", "/sign-in", {"identifier": CAMILLE, "password": secret(stage)})
    assert "personalising_password" == answer.json()["view"]["state"]


def test_a_usual_password_signs_in(api: Api, stage: Stage) -> None:
    usual = stage.member("individual-both").password
    answer = api.call("POST", "/sign-in", {"identifier": CAMILLE, "password": usual})
    assert {"location": f"{BASE}/space"} == answer.json()


def test_contact_details_to_confirm_come_first(api: Api, stage: Stage) -> None:
    nadege = stage.member("individual-contacts-to-confirm")
    answer = api.call("POST", "/sign-in", {"identifier": nadege.identifier, "password": nadege.password})
    assert "confirming_contacts" == answer.json()["view"]["state"]


def test_a_wrong_sign_in_is_refused_the_same_for_everybody(api: Api) -> None:
    """R13."""
    known, unknown = (
        api.call("POST", "/sign-in", {"identifier": identifier, "password": "Nonsense-12!"})
        for identifier in (CAMILLE, "1 50 01 33 910 001")
    )
    assert (401, f"{FAULT}sign-in-refused") == (known.status_code, known.json()["type"])
    assert (known.text, dict(known.headers)) == (unknown.text, dict(unknown.headers))


def test_whoever_tries_too_often_is_told_when_to_go_on(api: Api, stage: Stage) -> None:
    from msa_recovery.adapters.secrets_source import SystemSecrets

    api.begin()
    api.send("identify", identifier=CAMILLE)
    api.send("choose_channel", channel="sms")
    api.send("submit_code", code=secret(stage))
    wrong = [SystemSecrets().temporary_password(12).reveal() for _ in range(6)]
    *_, answer = [api.call("POST", "/sign-in", {"identifier": CAMILLE, "password": each}) for each in wrong]
    assert (429, f"{FAULT}too-many-requests") == (answer.status_code, answer.json()["type"])
    assert 0 < int(answer.headers["retry-after"]) < 1_000


@pytest.mark.parametrize("event", ["use_franceconnect", "order_letter", "lapse", "nothing", "", None, 12, ["identify"]])
def test_the_list_of_events_is_closed(api: Api, event: object) -> None:
    """Neither an identity nor an agent's letter is ever read from a person's request."""
    api.begin()
    answer = api.call("POST", "/journey/events", {"event": event, "identifier": CAMILLE})
    assert (400, f"{FAULT}bad-request") == (answer.status_code, answer.json()["type"])
    assert "identifying" == api.call("GET", "/journey").json()["view"]["state"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"event": "identify"}',
        b'{"event": "identify", "identifier": 12}',
        b'{"event": "identify", "identifier": "1", "more": "1"}',
        b'{"event": "go_back", "identifier": "1"}',
        b'{"event": "identify", "identifier": NaN}',
        b"[" * 10_000,
        b"\xff",
        b'{"event": "identify", "identifier": "' + b"1" * 1_025 + b'"}',
    ],
)
def test_a_body_of_another_form_is_refused(api: Api, browser: HttpBrowser, body: bytes) -> None:
    """R35."""
    api.begin()
    headers = {"authorization": f"Bearer {api.handle}", "content-type": "application/json"}
    answer = browser.request("POST", f"{BASE}/api/journey/events", content=body, headers=headers)
    assert (400, "application/problem+json") == (answer.status_code, answer.headers["content-type"])


def test_whatever_text_is_sent_is_answered(api: Api) -> None:
    api.begin()
    for text in ("\x00", "é", "٣", "\u202e"):
        assert "identifying" == api.send("identify", identifier=text)["state"]
    answer = api._browser.request(
        "POST",
        f"{BASE}/api/journey/events",
        content=b'{"event": "identify", "identifier": "\\ud800"}',
        headers={"authorization": f"Bearer {api.handle}", "content-type": "application/json"},
    )
    assert 200 == answer.status_code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_site_is_no_call(browser: HttpBrowser, kind: str) -> None:
    """What a page elsewhere can send without asking is no JSON."""
    answer = browser.request("POST", f"{BASE}/api/journeys", content=b"{}", headers={"content-type": kind})
    assert (415, f"{FAULT}media-type") == (answer.status_code, answer.json()["type"])


def test_a_long_body_is_refused(browser: HttpBrowser) -> None:
    headers = {"content-type": "application/json"}
    answer = browser.request("POST", f"{BASE}/api/journeys", content=b" " * 20_000, headers=headers)
    assert (413, f"{FAULT}too-large") == (answer.status_code, answer.json()["type"])


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Bearer nobody", "Basic eDp5", "nobody"])
def test_without_a_handle_there_is_no_journey(browser: HttpBrowser, said: str) -> None:
    answer = browser.request("GET", f"{BASE}/api/journey", headers={"authorization": said})
    assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])


def test_a_cookie_is_no_handle(browser: HttpBrowser) -> None:
    """So that no other site can act with it."""
    browser.open("/")
    browser.send("begin", {})
    assert 401 == browser.request("GET", f"{BASE}/api/journey").status_code


def test_an_event_out_of_turn_changes_nothing(api: Api) -> None:
    """R1."""
    api.begin()
    answer = api.call("POST", "/journey/events", {"event": "confirm_contacts"})
    assert (409, f"{FAULT}event-not-accepted") == (answer.status_code, answer.json()["type"])
    api.send("abandon")
    answer = api.call("POST", "/journey/events", {"event": "identify", "identifier": CAMILLE})
    assert (409, f"{FAULT}journey-finished") == (answer.status_code, answer.json()["type"])


def test_a_store_that_is_down_is_said_so(api: Api, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """R16: without a word of what happened inside."""
    monkeypatch.setattr(type(stage.store), "commit", lambda *_: 1 / 0)
    answer = api.call("POST", "/journeys")
    assert (503, f"{FAULT}unavailable") == (answer.status_code, answer.json()["type"])
    assert "Zero" not in answer.text


def test_a_long_key_is_refused(api: Api) -> None:
    assert 400 == api.call("POST", "/journeys", idempotency_key="x" * 129).status_code


def test_the_document_names_what_can_be_called(api: Api) -> None:
    document = api.call("GET", "/openapi.json").json()
    assert "3.1.0" == document["openapi"]
    events = document["paths"]["/journey/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    named = {schema["properties"]["event"]["const"] for schema in events["oneOf"]}
    assert len(named) == 12
    assert {"use_franceconnect", "order_letter", "lapse"} & named == set()
