"""The clients for hosts that call and for hosts that await: they carry what the flow asks, and nothing else."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Final, Generic, TypeVar, final

import httpx

from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.application.ports import Clock
from msa_recovery.domain.errors import CallerError, checked
from msa_recovery.domain.secret import Secret

from .errors import ProviderUnavailable
from .exchange import Answer, Ask, Exchange, Gathered
from .flow import Arrival, Departure, Flow, NotSignedIn
from .provider import Provider
from .registration import Registration
from .sources import Sources

__all__ = ["AsyncFranceConnect", "FranceConnect"]

T = TypeVar("T")
HttpT = TypeVar("HttpT", httpx.Client, httpx.AsyncClient)

_LONGEST_WAIT: Final = 60.0


def _settings(seconds: float) -> dict[str, Any]:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_WAIT:
        raise CallerError(f"seconds: more than 0, up to {_LONGEST_WAIT:.0f}")
    # What is fetched is what was asked for, from where it was asked: no redirect, and nothing unpacked.
    headers = {"accept": "application/json, application/jwt", "accept-encoding": "identity"}
    return {"timeout": httpx.Timeout(seconds), "follow_redirects": False, "headers": headers}


def _content(ask: Ask) -> dict[str, Any]:
    return {"headers": dict(ask.headers), "content": ask.body}


def _unreachable(error: httpx.HTTPError) -> ProviderUnavailable:
    """Raised once the error is forgotten: the locals of its frames hold what was sent, a secret among it (R54)."""
    return ProviderUnavailable(type(error).__name__)


class _Client(ABC, Generic[HttpT]):
    """How either client is made."""

    def __init__(
        self,
        registration: Registration,
        provider: Provider | str,
        *,
        clock: Clock | None = None,
        seconds: float = 10.0,
    ) -> None:
        checked(registration, Registration, "registration")
        moments = clock or SystemClock()
        self._flow = Flow(registration, Sources(registration, provider, moments), moments)
        self._seconds = seconds
        self._http: HttpT = self._opened(_settings(seconds))

    @staticmethod
    @abstractmethod
    def _opened(settings: dict[str, Any]) -> HttpT:
        """Its connections."""


@final
class FranceConnect(_Client[httpx.Client], AbstractContextManager["FranceConnect"]):
    """FranceConnect for hosts that call; threads may share one. Make it after a fork, as any pool of connections.

    Each method may raise :class:`ProviderUnavailable`, :class:`AnswerRefused` (both are ``InfrastructureError``: nobody
    is signed in) and :class:`Misconfigured` (a ``CallerError``).

    Args:
        registration: what FranceConnect and the host agreed on.
        provider: ``PRODUCTION``, ``INTEGRATION``, other endpoints, or the address of an issuer, whose published
            endpoints are then used.
        clock: what time it is; the system's if nothing is said.
        seconds: how long each answer may take, in seconds, up to 60.
    """

    @staticmethod
    def _opened(settings: dict[str, Any]) -> httpx.Client:
        return httpx.Client(**settings)

    def start(self) -> Departure:
        """Where to send the person, and what the browser must bring back."""
        return self._run(self._flow.start())

    def finish(self, query: str, kept: Secret | None) -> Arrival | NotSignedIn:
        """Who came back.

        Args:
            query: the whole query of the callback, as it came.
            kept: what :meth:`start` gave this browser to keep; ``None`` if it brings nothing. The host forgets it now,
                whatever the outcome: it is used once.
        """
        return self._run(self._flow.finish(query, kept))

    def logout_url(self, id_token: Secret) -> str:
        """Where to send a person who signs out, so that FranceConnect's own session ends as well.

        Args:
            id_token: of the arrival.
        """
        return self._run(self._flow.logout_url(id_token))

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, exchange: Exchange[T]) -> T:
        try:
            ask = next(exchange)
            while True:
                ask = exchange.send(self._fetch(ask))
        except StopIteration as done:
            result: T = done.value
            return result

    def _fetch(self, ask: Ask) -> Answer:
        gathered = Gathered(self._seconds)
        try:
            with self._http.stream(ask.method, ask.url, **_content(ask)) as response:
                for chunk in response.iter_raw():
                    gathered.add(chunk)
                return gathered.answer(response.status_code, response.headers)
        except httpx.HTTPError as error:
            failure = _unreachable(error)
        raise failure


@final
class AsyncFranceConnect(_Client[httpx.AsyncClient], AbstractAsyncContextManager["AsyncFranceConnect"]):
    """A :class:`FranceConnect` whose methods are awaited; the tasks of one event loop may share one."""

    @staticmethod
    def _opened(settings: dict[str, Any]) -> httpx.AsyncClient:
        return httpx.AsyncClient(**settings)

    async def start(self) -> Departure:
        """As :meth:`FranceConnect.start`."""
        return await self._run(self._flow.start())

    async def finish(self, query: str, kept: Secret | None) -> Arrival | NotSignedIn:
        """As :meth:`FranceConnect.finish`."""
        return await self._run(self._flow.finish(query, kept))

    async def logout_url(self, id_token: Secret) -> str:
        """As :meth:`FranceConnect.logout_url`."""
        return await self._run(self._flow.logout_url(id_token))

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _run(self, exchange: Exchange[T]) -> T:
        try:
            ask = next(exchange)
            while True:
                ask = exchange.send(await self._fetch(ask))
        except StopIteration as done:
            result: T = done.value
            return result

    async def _fetch(self, ask: Ask) -> Answer:
        gathered = Gathered(self._seconds)
        try:
            async with self._http.stream(ask.method, ask.url, **_content(ask)) as response:
                async for chunk in response.aiter_raw():
                    gathered.add(chunk)
                return gathered.answer(response.status_code, response.headers)
        except httpx.HTTPError as error:
            failure = _unreachable(error)
        raise failure
