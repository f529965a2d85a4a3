"""A host's adapter with a shipped one beside it: both are given every call, and every difference is noted."""

from collections.abc import Callable, Mapping
from typing import Any, Final, final

from attrs import evolve

from msa_recovery.domain.account import Account, ContactId

__all__ = ["Beside", "in_any_order"]

Same = Callable[[Any], Any]
"""What of an answer must be the same."""


def in_any_order(answer: Any) -> Any:
    """Of several things, which; not in which order."""
    return sorted(map(repr, answer))


def _but_for_ids(answer: Account | None) -> Account | None:
    """The names of contacts, and when they changed, are the directory's own affair."""
    if answer is None:
        return None
    contacts = (evolve(each, id=ContactId(""), changed_at=None, confirmed=False) for each in answer.contacts)
    return evolve(answer, contacts=tuple(sorted(contacts, key=lambda each: each.kind)))


def _but_for_sequence(answer: Any) -> Any:
    return [evolve(fact, sequence=0) for fact in answer]


_BY_METHOD: Final[Mapping[str, Same]] = {
    "find": _but_for_ids,
    "find_by_identity": _but_for_ids,
    "get": _but_for_ids,
    "proofs": in_any_order,
    "due": in_any_order,
    "ended": in_any_order,
    "idle": in_any_order,
    "open_intents": in_any_order,
    "keys_besides": in_any_order,
    "facts_after": _but_for_sequence,
}


def _all(answer: Any) -> Any:
    return answer


@final
class Beside:
    """Passes every call to the host's adapter, and to the one beside it; the host's answer is the answer.

    Args:
        port: what a difference is noted under.
        of: the host's.
        known: the one beside it, in the same state from the start.
        differences: where they are noted, in words; no value of a secret shows in them.
    """

    def __init__(self, port: str, of: object, known: object, differences: list[str]) -> None:
        self._port, self._of, self._known, self._differences = port, of, known, differences

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._of, name)
        if not callable(method):
            return method
        beside: Callable[..., Any] | None = getattr(self._known, name, None)
        same = _BY_METHOD.get(name, _all)

        def called(*arguments: Any) -> Any:
            answer: Any = method(*arguments)
            if beside is not None:
                expected = beside(*arguments)
                if same(expected) != same(answer):
                    self._differences.append(f"{self._port}.{name}: expected {expected!r}, got {answer!r}")
            return answer

        return called
