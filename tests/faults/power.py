"""A store whose machine has power cuts."""

from collections.abc import Callable
from copy import copy
from typing import Any, Final, final

from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.testing.lines import Dead
from msa_recovery.testing.tapped import Call, Tap

__all__ = ["Power"]

_ITS_OWN: Final = "_lock"


@final
class Power:
    """A store that remembers how it stood when a change was durable last, and is put back to that by each failure.

    Attributes:
        store: it.
        taken_back: how many failures found something that was not durable yet.
    """

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.taken_back = 0
        self._durable = self._state()

    def among(self, tap: Tap) -> Tap:
        """A tap whose failures are power cuts."""

        def tapped(call: Call, go: Callable[[], Any]) -> Any:
            try:
                return tap(call, lambda: self._noted(call, go()))
            except Dead:
                self._cut()
                raise

        return tapped

    def _noted(self, call: Call, answer: Any) -> Any:
        if str(call) == "store.commit" and call.arguments[0].durable and answer:
            self._durable = self._state()
        return answer

    def _cut(self) -> None:
        self.taken_back += self._state() != self._durable
        vars(self.store).update({name: copy(value) for name, value in self._durable.items()})

    def _state(self) -> dict[str, Any]:
        return {name: copy(value) for name, value in vars(self.store).items() if name != _ITS_OWN}
