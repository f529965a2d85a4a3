"""How what a person types at one step becomes the event that is sent."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol, TypeVar, final

from attrs import frozen

from msa_recovery.application.caller import Language
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.events import Abandon, ConfirmContacts, EventName, GoBack, ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.view import ContactDetail, View
from msa_recovery.texts import contact_kind_text, question_text

from .words import Words

__all__ = ["Ask", "Forms", "chosen"]

_T = TypeVar("_T")

_PRESSED: Final[Mapping[EventName, Callable[[], Input]]] = MappingProxyType(
    {
        EventName.RESEND_CODE: ResendCode,
        EventName.CONFIRM_CONTACTS: ConfirmContacts,
        EventName.GO_BACK: GoBack,
        EventName.ABANDON: Abandon,
    }
)

_HIDDEN: Final = frozenset({State.PROVING_PASSWORD, State.PERSONALISING_PASSWORD})
"""A temporary password is not hidden: it stands on the same screen, in the message that brought it."""

_REMOVE: Final = "-"

_NONE_OF_THEM: Final = "?"
"""Names nothing: the library says then what there is to choose from."""


class Ask(Protocol):
    """Asks for one line."""

    def __call__(self, label: str, *, hidden: bool = False) -> str: ...


def chosen(typed: str, offered: Sequence[_T]) -> _T | None:
    """Which of the numbered choices a person typed, or ``None``."""
    numbers = {str(number): choice for number, choice in enumerate(offered, start=1)}
    return numbers.get(typed.strip())


@final
@frozen
class Forms:
    """The fields of every step.

    Attributes:
        words: the demonstration's.
        language: what the person reads.
        ask: asks for one line.
        strength: how hard a new password is to guess, in a word.
    """

    words: Words
    language: Language
    ask: Ask
    strength: Callable[[str], str]

    def filled_in(self, view: View) -> Input | EventName | None:
        """Ask for what the step needs.

        Returns what to send; or the name of a button that needs more than the library, as FranceConnect does; or
        ``None`` when the person thought better of it.
        """
        typed = self.ask(self._label(view.state), hidden=view.state in _HIDDEN)
        button = next((event for event in view.may if self.words.buttons.get(event) == typed.strip().casefold()), None)
        if button is not None:
            made = _PRESSED.get(button)
            return button if made is None else made()
        match view.state:
            case State.IDENTIFYING:
                return Identify(typed)
            case State.ANSWERING_CHALLENGE:
                return self._answer(view.questions, typed)
            case State.CHOOSING_CHANNEL:
                choice = chosen(typed, view.choices)
                return ChooseChannel(typed if choice is None else choice.channel)
            case State.CONFIRMING_CODE:
                return SubmitCode(typed)
            case State.AWAITING_SIGN_IN:
                return SignIn(typed)
            case State.PROVING_PASSWORD:
                return ProvePassword(typed)
            case State.PERSONALISING_PASSWORD:
                strength = self.words.page("strength", strength=self.strength(typed))
                return ChoosePassword(typed, self.ask(f"{strength}\n{self.words.page('repeated')}", hidden=True))
            case State.CONFIRMING_CONTACTS:
                return self._correction(chosen(typed, view.contacts))
            case _:
                return None

    def _label(self, state: State) -> str:
        return {
            State.IDENTIFYING: self.words.page("identifier"),
            State.CONFIRMING_CODE: self.words.page("code"),
            State.AWAITING_SIGN_IN: self.words.page("temporary_password"),
            State.PROVING_PASSWORD: self.words.page("current_password"),
            State.PERSONALISING_PASSWORD: self.words.page("new_password"),
        }.get(state, self.words.your_choice)

    def _answer(self, questions: tuple[ChallengeKind, ...], typed: str) -> AnswerChallenge:
        """With one question what was typed is the answer, with two it is the number of the question."""
        if len(questions) == 1:
            return AnswerChallenge(questions[0], typed)
        kind = chosen(typed, questions)
        if kind is None:
            return AnswerChallenge(_NONE_OF_THEM, typed)
        return AnswerChallenge(kind, self.ask(question_text(kind, self.language)))

    def _correction(self, line: ContactDetail | None) -> EditContact | None:
        if line is None:
            return EditContact(_NONE_OF_THEM, "")
        kind = contact_kind_text(line.kind, self.language)
        typed = self.ask(self.words.new_contact.format(kind=kind)).strip()
        if not typed:
            return None
        return EditContact(line.kind, "" if typed == _REMOVE else typed)
