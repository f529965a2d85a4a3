"""A browser and its host, on the way to FranceConnect and back, by a client that is called or one that is awaited."""

import asyncio
import inspect
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, final

from attrs import frozen

from msa_recovery.adapters.franceconnect import (
    Arrival,
    AsyncFranceConnect,
    Departure,
    FranceConnect,
    NotSignedIn,
    Provider,
    Registration,
)
from msa_recovery.domain.secret import Secret

from .liar import Liar, asked_in, registered

__all__ = ["KINDS", "Departed", "Kind", "Traveller", "departed", "travelling"]

Kind = type[FranceConnect] | type[AsyncFranceConnect]

KINDS: tuple[Kind, ...] = (FranceConnect, AsyncFranceConnect)


@final
@frozen
class Departed:
    """What an address of the provider asks for."""

    url: str
    state: str
    callback: str


def departed(url: str) -> Departed:
    """Read it."""
    asked = asked_in(url)
    return Departed(url, asked["state"], asked["redirect_uri"])


@final
class Traveller:
    """Both clients behind the same methods.

    Args:
        client: either one.
        runner: runs the one that is awaited.
        liar: the provider.
    """

    def __init__(self, client: FranceConnect | AsyncFranceConnect, runner: asyncio.Runner, liar: Liar) -> None:
        self._client = client
        self._runner = runner
        self._liar = liar

    def start(self) -> Departure:
        departure: Departure = self._said(self._client.start())
        return departure

    def finish(self, query: str, kept: Secret | None) -> Arrival | NotSignedIn:
        came: Arrival | NotSignedIn = self._said(self._client.finish(query, kept))
        return came

    def logout_url(self, id_token: Secret) -> str:
        url: str = self._said(self._client.logout_url(id_token))
        return url

    def close(self) -> None:
        self._said(self._client.close())

    def goes_there_and_back(self) -> Arrival | NotSignedIn:
        """The whole way."""
        departure = self.start()
        return self.finish(self._liar.visited(departure.url), departure.kept)

    def _said(self, answer: Any) -> Any:
        async def awaited() -> Any:
            return await answer

        return self._runner.run(awaited()) if inspect.isawaitable(answer) else answer


@contextmanager
def travelling(
    liar: Liar,
    kind: Kind = FranceConnect,
    *,
    registration: Registration | None = None,
    provider: Provider | str | None = None,
    seconds: float = 5.0,
) -> Generator[Traveller]:
    """A traveller whose client is closed when the block ends."""
    with asyncio.Runner() as runner:
        client = kind(
            registration or registered(),
            liar.provider if provider is None else provider,
            clock=liar.clock,
            seconds=seconds,
        )
        traveller = Traveller(client, runner, liar)
        try:
            yield traveller
        finally:
            traveller.close()
