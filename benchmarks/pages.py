"""The pages on SQLite, on one core: pages a second, and how long the slowest of a hundred waits at each step.

People walk through a whole recovery at once, each with an account of one's own, by calling the ASGI application as a
server does; parsing HTTP is the server's. A step is its form and the page that it leads to. Some people walked before,
so that every template is compiled and the file has been in use (decision 157). Passwords are kept as they are: what
hashing them costs is measured beside it, by argon2id as a host would set it.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final, final
from urllib.parse import urlencode

from attrs import evolve

from msa_recovery import AsyncRecovery, Channel, Secret, compose_async
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.messages import Delivered, Delivery, Message
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import AccountKey, ContactId
from msa_recovery.domain.contacts import ContactKind, PhoneNumber
from msa_recovery.domain.identifiers import Nir
from msa_recovery.sample import sample_accounts
from msa_recovery.web import Settings, recovery_app

from .host import START, NoHashing
from .report import Line

__all__ = ["STEPS", "lines", "walked"]

_PEOPLE: Final = (1, 16, 64)
_BEFORE: Final = 16
"""Journeys that are not measured. After a dozen the log has the size that it keeps."""

_JOURNEYS: Final = 128
_HASHES: Final = 2
"""Of one recovery: the new password is compared with the current one, then kept."""

_LIMITS: Final = "999999/second"
STEPS: Final = ("home", "begin", "identify", "choose_channel", "submit_code", "sign_in", "choose_password", "confirm")
_FIELD: Final = re.compile(r'name="(token|request_id)" value="([^"]+)"')


def lines() -> Iterator[Line]:
    """Measure one number of people after the other."""
    with _on_one_core():
        hashing = _hashing()
        yield Line("argon2id alone, as a host sets it: one hash, one core", hashing * 1_000, "ms")
        for people in _PEOPLE:
            with TemporaryDirectory() as folder:
                seconds, waits = asyncio.run(walked(people, Path(folder) / "recovery.sqlite"))
            what = f"pages, SQLite FULL, one core, {people} at once"
            pages = _JOURNEYS * (2 * len(STEPS) - 1)
            yield Line(what, pages / seconds, "pages/s")
            for step in STEPS:
                yield Line(f"{what}: p99 of {step}", quantiles(waits[step], n=100)[-1] * 1_000, "ms")
            share = seconds / (seconds + _JOURNEYS * _HASHES * hashing)
            yield Line(f"{what}: share that is not hashing", share * 100, "%")


@contextmanager
def _on_one_core() -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _hashing() -> float:
    """Seconds for one hash of a password."""
    hasher, start = Argon2idHasher(), perf_counter()
    for number in range(5):
        hasher.hash(Secret(f"Brouette-{number}-bleue"))
    return (perf_counter() - start) / 5


@final
class _Phones:
    """Each number shows the secret that came last."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}

    def deliver(self, message: Message, _: MessageId) -> Delivery:
        if message.secret is not None:
            self.shown[message.to[0]] = message.secret.reveal()
        return Delivered()


def _accounts(clock: ManualClock) -> list[HeldAccount]:
    """As many as there are journeys, each like the first of the sample."""
    sample, *_ = sample_accounts(clock, NoHashing())
    mobile = sample.account.contact(ContactKind.MOBILE)
    if mobile is None:
        raise AssertionError("the first sample account has a mobile")
    return [
        HeldAccount(
            evolve(
                sample.account,
                key=AccountKey(f"account-{number}"),
                identifiers=(Nir(_identifier(number)),),
                contacts=(evolve(mobile, id=ContactId(f"mobile-{number}"), value=PhoneNumber(_number(number))),),
            ),
            sample.password_hash,
        )
        for number in range(_BEFORE + _JOURNEYS)
    ]


def _identifier(number: int) -> str:
    return f"1500133910{number + 1:03}"


def _number(number: int) -> str:
    return f"+336000{number:05}"


async def walked(people: int, path: Path) -> tuple[float, dict[str, list[float]]]:
    """Seconds for all journeys, and the seconds of each step."""
    clock, phones, meter, store = ManualClock(START), _Phones(), ZxcvbnMeter(), SqliteStore(path)
    meter.prepare()
    recovery = compose_async(
        accounts=MemoryDirectory(_accounts(clock), NoHashing(), clock),
        keys=Keys.generate(),
        store=store,
        messengers=dict.fromkeys(Channel, phones),
        meter=meter,
        clock=clock,
    )
    await recovery.start()
    app = recovery_app(recovery, settings=Settings(posts=_LIMITS, gets=_LIMITS))
    for number in range(_BEFORE):
        await _one_journey(_Browser(app, {step: [] for step in STEPS}), recovery, phones, number)
    waits: dict[str, list[float]] = {step: [] for step in STEPS}
    numbers = iter(range(_BEFORE, _BEFORE + _JOURNEYS))

    async def person() -> None:
        for number in numbers:
            await _one_journey(_Browser(app, waits), recovery, phones, number)

    start = perf_counter()
    await asyncio.gather(*(person() for _ in range(people)))
    seconds = perf_counter() - start
    store.close()
    return seconds, waits


async def _one_journey(browser: "_Browser", recovery: AsyncRecovery, phones: _Phones, number: int) -> None:
    password, phone = f"Brouette-{number}-bleue", _number(number)
    await browser.open("home", "/")
    await browser.send("begin", "/begin")
    await browser.send("identify", "/step", identifier=_identifier(number))
    await browser.send("choose_channel", "/step", channel="sms")
    while phone not in phones.shown:
        await recovery.relay()
    code = phones.shown[phone]
    await browser.send("submit_code", "/step", code=code)
    while phones.shown[phone] == code:
        await recovery.relay()
    await browser.send("sign_in", "/step", password=phones.shown[phone])
    await browser.send("choose_password", "/step", password=password, repeated=password)
    await browser.send("confirm", "/step")
    if 'data-state="completed"' not in browser.text:
        raise AssertionError(browser.text)


@final
class _Browser:
    """Keeps cookies and follows redirects; calls the application as a server does."""

    def __init__(self, app: Any, waits: dict[str, list[float]]) -> None:
        self._app = app
        self._waits = waits
        self._cookies: dict[str, str] = {}
        self.text = ""

    async def open(self, step: str, path: str) -> None:
        start = perf_counter()
        await self._asked("GET", path, b"")
        self._waits[step].append(perf_counter() - start)

    async def send(self, step: str, path: str, **fields: str) -> None:
        carried = dict(_FIELD.findall(self.text))
        event = "confirm_contacts" if step == "confirm" else step
        body = urlencode({**carried, "event": event, **fields}).encode()
        start = perf_counter()
        location = await self._asked("POST", path, body)
        await self._asked("GET", location, b"")
        self._waits[step].append(perf_counter() - start)

    async def _asked(self, method: str, path: str, body: bytes) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = [
            (b"host", b"espace.example"),
            (b"cookie", cookies.encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
        ]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "client": ("203.0.113.7", 1),
        }
        said = list[dict[str, Any]]()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        location = ""
        for name, value in said[0]["headers"]:
            if name == b"location":
                location = value.decode()
            if name == b"set-cookie":
                kept, _, text = value.decode().partition(";")[0].partition("=")
                self._cookies[kept] = text
        self.text = b"".join(message.get("body", b"") for message in said[1:]).decode()
        return location
