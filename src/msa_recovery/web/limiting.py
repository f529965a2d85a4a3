"""How much one origin may ask for: the library counts guesses and messages, this counts requests."""

from math import ceil
from time import time
from typing import final

from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from msa_recovery import CallerError, Origin

from .settings import Settings

__all__ = ["Counter"]


@final
class Counter:
    """Counts requests by origin, in the storage of the settings.

    Args:
        settings: how many, and where they are counted.
    """

    def __init__(self, settings: Settings) -> None:
        storage = storage_from_string(settings.counted_at)
        if not isinstance(storage, Storage):
            raise CallerError("counted_at: an async storage of the limits library, such as async+memory://")
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._posts, self._gets = parse(settings.posts), parse(settings.gets)

    async def too_many(self, origin: Origin | None, *, post: bool) -> int | None:
        """Count one request; seconds to wait when it is one too many, else ``None``. Origins unknown share a count."""
        limit: RateLimitItem = self._posts if post else self._gets
        of = ("post" if post else "get", "" if origin is None else origin.network)
        if await self._limiter.hit(limit, *of):
            return None
        window = await self._limiter.get_window_stats(limit, *of)
        return max(1, ceil(window.reset_time - time()))
