"""The FastAPI example, run by the commands of its README and used by its forms and by its API."""

import asyncio
import importlib.util
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from msa_recovery import Caller, Channel, ChooseChannel, Identify, Origin, State, SubmitCode, compose_async
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys, write_keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_accounts
from msa_recovery.testing.people import START
from msa_recovery.testing.tapped import Call, Tapped
from tests.examples.host import EXAMPLES, Host
from tests.examples.person import CAMILLE, CAMILLES, NADEGE, NADEGES, Phone
from tests.examples.walks import Walks


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walks]:
    run = "INSECURE_COOKIES=yes .venv/bin/uvicorn --factory app:create_app --no-proxy-headers"
    with Host("fastapi_host", tmp_path_factory.mktemp("fastapi")) as host:
        host.prepare(until="uvicorn")
        address, printed = host.serve(run, "--port", "{port}")
        yield Walks(address, Phone(printed), begin="begin", inside="Bonjour")


def test_its_own_api_meets_a_pending_journey_and_then_opens_a_session(walks: Walks) -> None:
    with httpx.Client(base_url=walks.address) as client:
        typed = {"identifier": NADEGE, "password": NADEGES}
        assert 401 == client.post("/api/session", json={**typed, "password": "Espelette%Rouge96"}).status_code
        assert 401 == client.get("/api/me").status_code
        answer = client.post("/api/session", json=typed)
        assert (202, "confirming_contacts") == (answer.status_code, answer.json()["state"])
        bearer = {"authorization": f"Bearer {answer.json()['handle']}"}
        client.post("/mot-de-passe/api/journey/events", json={"event": "confirm_contacts"}, headers=bearer)
        entered = client.post("/mot-de-passe/api/journey/enter", json={}, headers=bearer)
        assert {"location": "/espace-prive"} == entered.json()
        assert {"account": "individual-contacts-to-confirm"} == client.get("/api/me").json()
        assert 200 == client.post("/api/session", json=typed).status_code


def test_a_usual_sign_in_opens_the_private_space(walks: Walks) -> None:
    walks.usual()


def test_a_lost_password_is_found_again_and_a_temporary_one_works_at_the_door(walks: Walks) -> None:
    walks.recovery()


# -- its own API, in this process: by a clock that stands still, and on ports that fail --------------------------------

WRONG = "Ab3#efghijkn"
"""It has the form of a temporary password."""
ELSEWHERE = Caller(origin=Origin("198.51.100.9"))


class Service:
    """The service on a store and accounts in memory.

    Attributes:
        clock: of all of it.
        tap: is in the line of the store and of the accounts.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = ManualClock(START)
        self.tap: Callable[[Call, Callable[[], Any]], Any] = lambda _, go: go()
        hasher = Argon2idHasher(TESTS_ONLY)
        accounts = MemoryDirectory(sample_accounts(self.clock, hasher), hasher, self.clock)
        write_keys(folder / "keys.toml", Keys.generate())
        (folder / "secret.key").write_text("secret")
        monkeypatch.chdir(folder)
        app = _imported(EXAMPLES / "fastapi_host" / "app.py")
        monkeypatch.setattr(app, "SqliteDirectory", lambda *_: accounts)
        monkeypatch.setattr(app, "compose_async", self._composed)
        self._accounts = accounts
        transport = httpx.ASGITransport(app.create_app(), client=("192.0.2.1", 123))
        self._client = httpx.AsyncClient(transport=transport, base_url="https://host.example")

    def _composed(self, **given: Any) -> Any:
        ports = {"accounts": self._accounts, "store": MemoryStore()}
        tapped = {name: Tapped(name, port, self._listen) for name, port in ports.items()}
        self._phone = RecordingMessenger(Channel.SMS)
        messengers = {Channel.SMS: self._phone}
        plugs: dict[str, Any] = {**given, **tapped, "clock": self.clock, "messengers": messengers}
        self._recovery = compose_async(**plugs)
        return self._recovery

    def _listen(self, call: Call, go: Callable[[], Any]) -> Any:
        return self.tap(call, go)

    def signs_in(self, identifier: str, password: str) -> httpx.Response:
        typed = {"identifier": identifier, "password": password}
        return asyncio.run(self._client.post("/api/session", json=typed))

    def sends_a_temporary_password(self, identifier: str) -> None:
        """To somebody else in front of another browser."""

        async def lost() -> None:
            reply = await self._recovery.begin(ELSEWHERE)
            await self._recovery.send(reply.handle, Identify(identifier), ELSEWHERE)
            await self._recovery.send(reply.handle, ChooseChannel("sms"), ELSEWHERE)
            await self._recovery.relay()
            code = self._phone.messages()[-1].secret
            assert code is not None
            reply = await self._recovery.send(reply.handle, SubmitCode(code.reveal()), ELSEWHERE)
            assert State.AWAITING_SIGN_IN is reply.view.state

        asyncio.run(lost())

    def who_is_signed_in(self) -> httpx.Response:
        return asyncio.run(self._client.get("/api/me"))


def _imported(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("fastapi_host", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    return Service(tmp_path, monkeypatch)


def test_who_has_to_wait_is_told_for_how_long_by_the_hosts_clock(service: Service) -> None:
    service.sends_a_temporary_password(CAMILLE)
    wrong = [service.signs_in(CAMILLE, WRONG).status_code for _ in range(5)]
    assert [401] * 5 == wrong
    refused = service.signs_in(CAMILLE, WRONG)
    assert (429, "120") == (refused.status_code, refused.headers["retry-after"])
    service.clock.advance(timedelta(seconds=90, milliseconds=500))
    assert "30" == service.signs_in(CAMILLE, WRONG).headers["retry-after"]
    service.clock.advance(timedelta(seconds=29, milliseconds=500))
    assert 401 == service.signs_in(CAMILLE, WRONG).status_code


@pytest.mark.parametrize("password", [CAMILLES, WRONG])
def test_a_store_that_fails_makes_it_unavailable_for_a_moment(service: Service, password: str) -> None:
    """Behind a usual sign-in, and behind a temporary password."""

    def failing(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "store":
            raise ConnectionError
        return go()

    service.tap = failing
    answer = service.signs_in(CAMILLE, password)
    assert (503, "5") == (answer.status_code, answer.headers["retry-after"])


def test_an_account_that_is_closed_meanwhile_signs_nobody_in(service: Service) -> None:
    service.tap = lambda call, go: None if call.method == "get" else go()
    assert 401 == service.signs_in(CAMILLE, CAMILLES).status_code
    assert 401 == service.who_is_signed_in().status_code
