"""The pages of a journey: one address, which shows the step that it has come to and takes what is typed there."""

from collections.abc import Mapping
from typing import Final, final

from attrs import evolve, frozen
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from msa_recovery import (
    AsyncRecovery,
    ChoosePassword,
    EventName,
    EventNotAccepted,
    Identify,
    Input,
    JourneyFinished,
    Reply,
    Secret,
    State,
    UnknownAccount,
    UnknownHandle,
    UseFranceConnect,
)
from msa_recovery.contrib.inputs import input_of

from .looks import Looks
from .visit import Said, Visit

__all__ = ["Steps"]

_NEVER_KEPT: Final = frozenset({"password", "repeated", "code", "token", "request_id", "event"})
"""The fields that are typed again after a mistake: the secrets, and what our own forms bring along."""

_OF_RECOVERY: Final[Mapping[State, int]] = {
    State.IDENTIFYING: 2,
    State.ANSWERING_CHALLENGE: 2,
    State.CHOOSING_CHANNEL: 3,
    State.CONFIRMING_CODE: 4,
    State.AWAITING_SIGN_IN: 5,
    State.PERSONALISING_PASSWORD: 6,
    State.CONFIRMING_CONTACTS: 7,
}
_OF_CHANGE: Final[Mapping[State, int]] = {State.PROVING_PASSWORD: 1, State.PERSONALISING_PASSWORD: 2}
_NUMBERS: Final = {"recovery": _OF_RECOVERY, "change": _OF_CHANGE}
"""The steps as the source text counts them, the home page being the first; whoever has a question more has it inside
the second, so that the number tells nothing of the account (R13)."""


_KNOWN_AGAIN: Final = frozenset({State.PERSONALISING_PASSWORD, State.ABANDONED, State.BLOCKED})
"""Where nobody needs the identifier of this journey again."""


@final
@frozen(eq=False)
class Steps:
    """What the routes of a journey answer.

    Attributes:
        recovery: the library.
        looks: draws the pages.
        franceconnect: whether there is a link to FranceConnect.
    """

    recovery: AsyncRecovery
    looks: Looks
    franceconnect: bool

    async def show(self, visit: Visit) -> Response:
        """The step that the journey of this browser has come to."""
        handle = visit.handle
        if handle is None:
            return visit.redirect("/")
        try:
            reply = await self.recovery.resume(handle, visit.caller())
        except (UnknownHandle, UnknownAccount):
            return _gone(visit)
        said, view, now = visit.said(), reply.view, await self.recovery.now()
        number, count = _step_of(reply)
        kept = visit.kept_identifier(now) if view.state is State.IDENTIFYING else ""
        return self.looks.page(
            visit,
            "step",
            now,
            view=evolve(view, problem=said.problem),
            said=said,
            typed={**said.fields, "identifier": said.fields["identifier"] or kept},
            may=[event.value for event in view.may],
            number=number,
            count=count,
            opens=reply.account is not None,
            franceconnect=self.franceconnect,
        )

    async def send(self, visit: Visit, form: Mapping[str, str]) -> Response:
        """Take one form of a step, and lead on to whatever comes next."""
        event = input_of(form.get("event", ""), form)
        if event is None:
            raise HTTPException(400)
        typed = {name: text for name, text in form.items() if name not in _NEVER_KEPT}
        handle = visit.handle
        if handle is None:
            return _gone(visit)
        return await self._sent(visit, handle, event, form.get("request_id", ""), typed)

    async def _sent(
        self, visit: Visit, handle: Secret, event: Input, request_id: str, typed: Mapping[str, str]
    ) -> Response:
        try:
            reply = await self.recovery.send(handle, event, visit.caller(request_id))
        except (UnknownHandle, UnknownAccount):
            return _gone(visit)
        except JourneyFinished:
            return visit.redirect("/step")
        except EventNotAccepted:
            return visit.redirect("/step", Said(notice="notice.moved_on"))
        visit.keep_handle(reply.handle)
        return _led_on(visit, event, reply, typed)

    # -- FranceConnect -------------------------------------------------------------------------------------------

    async def vouched(self, visit: Visit, event: UseFranceConnect) -> Response:
        """Take what FranceConnect vouches for: as the next event of this browser's journey, or of a new one where that
        has gone further already."""
        return await self._sent(visit, await self._before_any_proof(visit), event, "", {})

    async def _before_any_proof(self, visit: Visit) -> Secret:
        """The handle of a journey that FranceConnect may still end."""
        if visit.handle is not None:
            try:
                reply = await self.recovery.resume(visit.handle, visit.caller())
            except (UnknownHandle, UnknownAccount):
                pass
            else:
                if EventName.USE_FRANCECONNECT in reply.view.may:
                    return visit.handle
        return (await self.recovery.begin(visit.caller())).handle

    # -- what a script asks for ----------------------------------------------------------------------------------

    async def strength(self, visit: Visit, form: Mapping[str, str]) -> Response:
        """How hard a new password is to guess, while it is typed: for a browser that is on a journey, nobody else."""
        if visit.handle is None:
            raise HTTPException(404)
        return JSONResponse({"strength": await self.recovery.strength(form.get("password", ""))})


def _led_on(visit: Visit, event: Input, reply: Reply, typed: Mapping[str, str]) -> Response:
    """The redirect after an event, with what the next page says once."""
    view = reply.view
    if view.problem is not None:
        return visit.redirect("/step", Said(problem=view.problem, typed=typed))
    if isinstance(event, Identify) and view.deadline is not None:
        visit.keep_identifier(event.identifier, view.deadline)
    if view.state in _KNOWN_AGAIN:
        visit.forget("identifier")
    changed = isinstance(event, ChoosePassword) and view.state is State.CONFIRMING_CONTACTS
    return visit.redirect("/step", Said(notice="changed") if changed else None)


def _gone(visit: Visit) -> Response:
    visit.forget("journey")
    return visit.redirect("/", Said(notice="notice.gone"))


def _step_of(reply: Reply) -> tuple[int | None, int]:
    """The number of the step, and of how many; no number once the journey is over."""
    steps = _NUMBERS[reply.view.chart]
    return steps.get(reply.view.state), max(steps.values())
