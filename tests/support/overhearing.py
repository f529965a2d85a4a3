"""Somebody between the person and the library, who writes down what must be seen nowhere, and what was shown."""

from typing import Any, Final, final

from attrs import fields

from msa_recovery.application.caller import Caller
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.cli.cast import cast_of
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.events import UseFranceConnect
from msa_recovery.domain.inputs import Input
from msa_recovery.testing.tapped import Call

from .spied import Spied, of_member, shown_by

__all__ = ["Overhearing"]

_NAMES_OF_CHOICES: Final = frozenset({"kind", "channel"})
"""Fields of a form that hold one of a few words which everybody knows."""

_TOLD_ON_PURPOSE: Final = frozenset({"hasher", "meter", "vault"})
"""Ports that are told names and numbers, because they need them: what they are given is shown to nobody."""


@final
class Overhearing:
    """Passes every call on.

    Attributes:
        spied: what must be seen nowhere.
        shown: the ``repr`` of everything that went to and fro, and what a log holds of every error.
        errors: what it holds of every error, by itself.
    """

    def __init__(self, recovery: Recovery, stage: Stage) -> None:
        self._recovery = recovery
        self.spied = Spied()
        self.errors: list[str] = []
        self.shown: list[str] = [repr(recovery), str(recovery), repr(stage), repr(vars(recovery))]
        for member in cast_of(stage.directory):
            self.spied.add(*of_member(member))

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._recovery, name)
        if not callable(method):
            return method

        def overheard(*arguments: Any) -> Any:
            self._hears(name, arguments)
            try:
                answer = method(*arguments)
            except Exception as error:
                self.errors.append(shown_by(error))
                self.shown.append(self.errors[-1])
                raise
            self.shown += [repr(answer), str(answer)]
            if isinstance(answer, Reply):
                # The store keeps its hash, and is meant to.
                self.spied.add(answer.handle, hashed=False)
            return answer

        return overheard

    def _hears(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "sign_in":
            self.spied.add(*arguments[:2])
        for argument in arguments:
            if isinstance(argument, Input):
                self._reads(argument)
                self.shown += [repr(argument), str(argument)]
            if isinstance(argument, Caller):
                self.spied.add(*(text for text in (_address(argument), argument.request_id) if text is not None))
                self.shown.append(repr(argument))

    def _reads(self, typed: Input) -> None:
        if isinstance(typed, UseFranceConnect):
            one = typed.identity
            self.spied.add(one.subject, *one.given_names, one.family_name, one.birthdate)
            return
        for attribute in fields(type(typed)):
            text = getattr(typed, attribute.name)
            if attribute.name not in _NAMES_OF_CHOICES and isinstance(text, str):
                self.spied.add(text, text.replace(" ", ""))

    def tap(self, call: Call, go: Any) -> Any:
        """In the line of every port."""
        answer = go()
        if call.port == "secrets" and call.method in ("code", "temporary_password"):
            self.spied.add(answer)
        if call.port not in _TOLD_ON_PURPOSE:
            # The directory's own key of an account is text between it and the library, and nobody else.
            told = call.arguments[1:] if call.port == "accounts" else call.arguments
            self.shown += [repr(told), repr(answer)]
        return answer


def _address(caller: Caller) -> str | None:
    return None if caller.origin is None else caller.origin.network
