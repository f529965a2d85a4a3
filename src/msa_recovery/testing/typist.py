"""What somebody types, who has read every message: right, or wrong in the way that people are."""

from typing import Final, final

from attrs import evolve
from hypothesis import strategies as st

from msa_recovery.domain import events, inputs
from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import Journey, State

from .model import CODE_DIGITS, Model, Track
from .people import (
    IDENTITY_OF_MARIE,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_PAUL,
    NIR_OF_ROGER,
    SERIAL,
    SIRET_OF_PAUL,
    USUAL_PASSWORD,
)

__all__ = ["END_OF_NEW_PASSWORDS", "MOSTLY", "NINE_IN_TEN", "TYPED_AS_IDENTIFIER", "UNKNOWN", "Typist"]

UNKNOWN: Final = ("1990133990002", "1990133990008", "1990133990013")
"""Identifiers that nobody has."""

TYPED_AS_IDENTIFIER: Final = (
    *[NIR_OF_MARIE] * 4,
    *[NIR_OF_LEA] * 2,
    NIR_OF_PAUL,
    SIRET_OF_PAUL,
    NIR_OF_ROGER,
    *UNKNOWN[:2],
    "no identifier",
)

END_OF_NEW_PASSWORDS: Final = "bleue-au-pre"
"""Of every password that is chosen: what to look for where none may be."""

# Whole numbers would not do: Hypothesis draws the ends of a range more often than what lies between them.
NINE_IN_TEN: Final = st.sampled_from((*[True] * 9, False))
MOSTLY: Final = st.sampled_from((True, True, True, False))

_WITHOUT_TEXT: Final[dict[EventName, inputs.Input]] = {
    EventName.RESEND_CODE: events.ResendCode(),
    EventName.CONFIRM_CONTACTS: events.ConfirmContacts(),
    EventName.GO_BACK: events.GoBack(),
    EventName.ABANDON: events.Abandon(),
    EventName.LAPSE: events.Lapse(),
}


@final
class Typist:
    """Types for everybody, and never chooses a password twice."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._chosen = 0

    def an_input(self, data: st.DataObject, track: Track, name: EventName) -> inputs.Input:
        """The event, with a secret that is right more often than not."""
        right = data.draw(MOSTLY, label="right")
        journey = self._model.journey(track)
        holder = _holder(journey)
        match name:
            case EventName.IDENTIFY | EventName.ORDER_LETTER:
                who = data.draw(st.sampled_from(TYPED_AS_IDENTIFIER))
                return inputs.Identify(who) if name is EventName.IDENTIFY else inputs.OrderLetter(who)
            case EventName.USE_FRANCECONNECT:
                return events.UseFranceConnect(IDENTITY_OF_MARIE if right else evolve(IDENTITY_OF_MARIE, gender="x"))
            case EventName.ANSWER_CHALLENGE:
                kind = "vitale_serial" if data.draw(NINE_IN_TEN, label="offered") else "payroll_contributions"
                return inputs.AnswerChallenge(kind, SERIAL if right else "0123456789")
            case EventName.CHOOSE_CHANNEL:
                return inputs.ChooseChannel(data.draw(st.sampled_from(("sms", "email"))))
            case EventName.SUBMIT_CODE:
                return inputs.SubmitCode(self._model.code_of(journey.id) if right else "9" * CODE_DIGITS)
            case EventName.SIGN_IN:
                return inputs.SignIn(self.a_temporary_password(data, holder, right))
            case EventName.PROVE_PASSWORD:
                return inputs.ProvePassword((self._model.password_of(holder) or "rien") if right else "faux")
            case EventName.CHOOSE_PASSWORD:
                text = self._a_new_password() if right else USUAL_PASSWORD
                return inputs.ChoosePassword(text, text)
            case EventName.EDIT_CONTACT:
                kind = data.draw(st.sampled_from(("email", "mobile", "fax")))
                values = {"email": "nouvelle@example.org", "mobile": "06 00 00 00 77", "fax": "05 36 49 01 11"}
                return inputs.EditContact(kind, values[kind] if right else "")
            case _:
                return _WITHOUT_TEXT[name]

    def a_temporary_password(self, data: st.DataObject, holder: Pseudonym, right: bool) -> str:
        """One that was never sent; or, if ``right``, mostly the last one that the holder has read, else an earlier one,
        which may be dead."""
        if not right:
            return "Ab3#efghijkn"
        read = self._model.passwords_of(holder)
        return read[0] if data.draw(MOSTLY, label="the last one") else data.draw(st.sampled_from(read))

    def the_right_input(self, track: Track, who: str) -> inputs.Input | None:
        """What leads on to the next page; ``None`` on the last one."""
        journey, view = self._model.journey(track), track.reply.view
        match view.state:
            case State.IDENTIFYING:
                return inputs.Identify(who)
            case State.ANSWERING_CHALLENGE:
                return inputs.AnswerChallenge(view.questions[0], SERIAL)
            case State.CHOOSING_CHANNEL:
                return inputs.ChooseChannel(view.choices[0].channel) if view.choices else None
            case State.CONFIRMING_CODE:
                return inputs.SubmitCode(self._model.code_of(journey.id))
            case State.AWAITING_SIGN_IN:
                return inputs.SignIn(self._model.passwords_of(_holder(journey))[0])
            case State.PERSONALISING_PASSWORD:
                text = self._a_new_password()
                return inputs.ChoosePassword(text, text)
            case State.CONFIRMING_CONTACTS:
                return events.ConfirmContacts()
            case _:
                return None

    def _a_new_password(self) -> str:
        self._chosen += 1
        return f"Brouette-{self._chosen}-{END_OF_NEW_PASSWORDS}"


def _holder(journey: Journey) -> Pseudonym:
    return Pseudonym("") if journey.profile is None else journey.profile.pseudonym
