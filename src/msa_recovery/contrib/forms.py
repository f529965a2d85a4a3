"""A step of a journey as forms with fields and words, for hosts that draw their own screens: a template of Flask or
Django goes through them in a loop, a terminal asks one after the other.

What comes back of a form is read by :func:`msa_recovery.contrib.inputs.input_of`.
"""

from collections.abc import Iterator
from typing import Final, final

from attrs import frozen

from msa_recovery import EventName, Language, View
from msa_recovery.texts import TEXTS, Texts

from .inputs import INPUTS

__all__ = ["Field", "Form", "forms_of"]


@final
@frozen(kw_only=True)
class Field:
    """One text that a person types or chooses.

    Attributes:
        name: under which the text comes back; unique within its form.
        label: the words beside it.
        type: of the HTML input: ``text``, ``password``, ``email``, ``tel``, ``radio`` or ``hidden``.
        autocomplete: the token of HTML's ``autocomplete`` (R55).
        mode: of HTML's ``inputmode``; empty where any keyboard will do.
        value: what stands in it from the start; the only one of a ``hidden`` field.
        options: of a ``radio`` field, the texts that may come back, each with its words; empty for the others.
    """

    name: str
    label: str = ""
    type: str = "text"
    autocomplete: str = "off"
    mode: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()


@final
@frozen
class Form:
    """One thing that a person may do now.

    Attributes:
        event: what it is; it goes along with the fields.
        button: the words on its button.
        fields: what is typed, in the order in which it is read; none where the button says it all.
    """

    event: EventName
    button: str
    fields: tuple[Field, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from the other forms of its screen; safe as an id in HTML."""
        return "-".join((self.event, *(field.value for field in self.fields if field.type == "hidden")))


def forms_of(view: View, language: Language, texts: Texts = TEXTS) -> tuple[Form, ...]:
    """Everything that a person may send from this step, the step's own form first, then the ways out of it. What
    FranceConnect vouches for is not among it.

    Args:
        view: the step.
        language: what the person reads.
        texts: the words.
    """
    words = _Words(language, texts)
    return tuple(
        form for name in sorted(view.may, key=_ORDER.index) if name in INPUTS for form in words.forms(name, view)
    )


_ORDER: Final = tuple(EventName)
"""As the chart has them: a step's own events come before ``go_back`` and ``abandon``."""

_OF_CONTACTS: Final = {
    "email": ("email", "email"),
    "mobile": ("tel", "mobile tel"),
    "landline": ("tel", "home tel"),
    "fax": ("tel", "fax tel"),
}
"""The type and the autocomplete token of each contact detail."""


@final
@frozen
class _Words:
    language: Language
    texts: Texts

    def forms(self, name: EventName, view: View) -> Iterator[Form]:
        if name is EventName.EDIT_CONTACT:
            yield from self._contacts(view)
        else:
            yield Form(name, self.texts.event_text(name, self.language), tuple(self._fields(name, view)))

    def _contacts(self, view: View) -> Iterator[Form]:
        for line in view.contacts:
            kind, token = _OF_CONTACTS[line.kind]
            label = self.texts.contact_kind_text(line.kind, self.language)
            typed = Field(name="value", label=label, type=kind, autocomplete=token, value=line.text or "")
            fixed = Field(name="kind", type="hidden", value=line.kind)
            yield Form(EventName.EDIT_CONTACT, self._say("save"), (fixed, typed))

    def _fields(self, name: EventName, view: View) -> Iterator[Field]:
        match name:
            case EventName.IDENTIFY:
                yield Field(name="identifier", label=self._say("identifier"), autocomplete="username")
            case EventName.ANSWER_CHALLENGE:
                questions = tuple(
                    (kind.value, self.texts.question_text(kind, self.language)) for kind in view.questions
                )
                yield Field(name="kind", label=self._say("question"), type="radio", options=questions)
                yield Field(name="answer", label=self._say("answer"), mode="decimal")
            case EventName.CHOOSE_CHANNEL:
                yield Field(name="channel", label=self._say("channel"), type="radio", options=self._channels(view))
            case EventName.SUBMIT_CODE:
                yield Field(name="code", label=self._say("code"), autocomplete="one-time-code", mode="numeric")
            case EventName.SIGN_IN:
                label = self._say("temporary_password")
                yield Field(name="password", label=label, autocomplete="current-password")
            case EventName.PROVE_PASSWORD:
                yield self._password("password", "current_password", "current-password")
            case EventName.CHOOSE_PASSWORD:
                yield self._password("password", "new_password", "new-password")
                yield self._password("repeated", "repeated", "new-password")
            case _:
                return

    def _channels(self, view: View) -> tuple[tuple[str, str], ...]:
        return tuple(
            (
                choice.channel.value,
                " ".join(filter(None, (self.texts.channel_text(choice.channel, self.language), choice.mask))),
            )
            for choice in view.choices
        )

    def _password(self, name: str, label: str, token: str) -> Field:
        return Field(name=name, label=self._say(label), type="password", autocomplete=token)

    def _say(self, name: str) -> str:
        return self.texts.page_text(name, self.language)
