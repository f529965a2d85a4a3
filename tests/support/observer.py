"""What somebody may do about an identifier who holds nothing of it: no contact, no answer, no password.

Nine in ten events are those that the page offers. A code may be guessed right (decision 7), for a code is short.
"""

from collections.abc import Callable
from typing import Final

from attrs import evolve
from hypothesis import strategies as st

from msa_recovery.application.caller import Caller
from msa_recovery.application.reply import Reply
from msa_recovery.domain import events, inputs
from msa_recovery.domain.events import EventName
from msa_recovery.domain.inputs import Input
from msa_recovery.testing.people import IDENTITY_OF_MARIE

from .house import AGENT, ANYWHERE, ELSEWHERE, HERE, asked
from .lockstep import Do, Pair, Side

__all__ = ["NAMING", "a_thing"]

NAMING: Final = frozenset({EventName.IDENTIFY, EventName.ORDER_LETTER, EventName.USE_FRANCECONNECT})
"""The events that name an account anew."""

_STRANGERS: Final = "1 90 01 39 990 999"
"""Another identifier that nobody has, the same on both sides."""

_ASIDE: Final = frozenset({EventName.ABANDON, EventName.USE_FRANCECONNECT, EventName.GO_BACK})
_CALLERS: Final = st.sampled_from((*[HERE] * 6, ELSEWHERE, ANYWHERE, asked("again"), asked("again", ELSEWHERE)))
_NAMES: Final = tuple(EventName)
_NINE_IN_TEN: Final = st.sampled_from((*[True] * 9, False))
_WAITS: Final = (
    {"seconds": 1},
    *[{"seconds": 61}] * 4,
    *[{"minutes": 5}] * 2,
    {"minutes": 30},
    {"hours": 1},
    {"hours": 24},
    {"days": 8},
    {"days": 22},
    {"days": 31},
)
_KINDS: Final = (*["event"] * 18, "begin", "door", *["wait"] * 3, *["later"] * 3, "relay", "open again", "upkeep")
_ANSWERS: Final = (
    ("vitale_serial", "0123456789"),
    ("benefit_amount", "1,00"),
    ("contribution_invoice", "12"),
    ("payroll_contributions", "1 234,56 €"),
    ("payroll_contributions", "much"),
    ("mother", "Marie"),
)
_WRONG_PASSWORDS: Final = ("Ab3#efghijkn", "Vendanges#2019", "")


_FIXED: Final[dict[EventName, Input]] = {
    EventName.USE_FRANCECONNECT: events.UseFranceConnect(evolve(IDENTITY_OF_MARIE, gender="x")),
    EventName.CHOOSE_PASSWORD: inputs.ChoosePassword("Brouette-7-bleue-au-pre", "Brouette-7-bleue-au-pre"),
    EventName.PROVE_PASSWORD: inputs.ProvePassword("faux"),
    EventName.EDIT_CONTACT: inputs.EditContact("email", "nouvelle@example.org"),
    EventName.RESEND_CODE: events.ResendCode(),
    EventName.CONFIRM_CONTACTS: events.ConfirmContacts(),
    EventName.GO_BACK: events.GoBack(),
    EventName.ABANDON: events.Abandon(),
    EventName.LAPSE: events.Lapse(),
}


def _an_input(data: st.DataObject, name: EventName, page: str) -> Callable[[Side], Input]:
    """The event, as somebody types it who holds nothing."""
    match name:
        case EventName.IDENTIFY | EventName.ORDER_LETTER:
            kind = inputs.Identify if name is EventName.IDENTIFY else inputs.OrderLetter
            who = data.draw(st.sampled_from((*[""] * 8, _STRANGERS, "no identifier")))
            return lambda side: kind(who or side.identifier)
        case EventName.ANSWER_CHALLENGE:
            answer = data.draw(st.sampled_from(_ANSWERS))
            return lambda _: inputs.AnswerChallenge(*answer)
        case EventName.CHOOSE_CHANNEL:
            channel = data.draw(st.sampled_from((*[""] * 8, "sms", "email", "letter", "fax")))
            return lambda side: inputs.ChooseChannel(channel or _offered(side, page))
        case EventName.SUBMIT_CODE:
            what = data.draw(st.sampled_from((*["wrong"] * 6, "right", "no code")))
            return lambda side: inputs.SubmitCode(_code(side, what))
        case EventName.SIGN_IN:
            password = data.draw(st.sampled_from(_WRONG_PASSWORDS))
            return lambda _: inputs.SignIn(password)
        case _:
            return lambda _: _FIXED[name]


def _offered(side: Side, page: str) -> str:
    """The last channel that the page offers."""
    return next((choice.channel.value for choice in reversed(side.pages[page].view.choices)), "sms")


def _code(side: Side, what: str) -> str:
    if not side.house.codes or what == "no code":
        return "12" if what == "no code" else "0000"
    return side.house.code if what == "right" else side.house.wrong_code


def _sent(page: str, typed: Callable[[Side], Input], caller: Caller) -> Do:
    return lambda side: side.house.host.send(side.pages[page].handle, typed(side), caller)


def _resent(side: Side, page: str, caller: Caller) -> object:
    """Without patience nobody comes to the last code of a journey."""
    side.house.later(seconds=61)
    return side.house.host.send(side.pages[page].handle, events.ResendCode(), caller)


def _accepted(reply: Reply, naming: bool) -> list[EventName]:
    """What the page offers, and a letter that an agent orders; what leads on more often than what leads away."""
    names = [name for name in reply.view.may if naming or name not in NAMING]
    onwards = [name for name in names if name not in _ASIDE]
    letter = [EventName.ORDER_LETTER] if EventName.IDENTIFY in names else []
    return [*onwards * 8, *names, *letter]


def a_thing(data: st.DataObject, pair: Pair, *, naming: bool = True, failing: bool = True) -> tuple[str, Do]:
    """One thing that somebody does next, in words, and how.

    Args:
        data: what Hypothesis draws from.
        pair: both sides; what the pages of the known one offer, those of the other do as well.
        naming: whether an account may be named anew.
        failing: whether a port may fail meanwhile.
    """
    draw = data.draw
    pages = list(pair.known.pages)
    over = not pages or not pair.known.pages[pages[-1]].view.may
    kind = "begin" if not pages or (over and draw(_NINE_IN_TEN)) else draw(st.sampled_from(_KINDS))
    caller = draw(_CALLERS)
    if not naming and kind in {"begin", "door"}:
        kind = "open again"
    if kind == "begin":
        return "begin", lambda side: side.house.host.begin(caller)
    if kind == "door":
        password = draw(st.sampled_from(_WRONG_PASSWORDS[:2]))
        return "door", lambda side: side.house.host.sign_in(side.identifier, password, caller)
    if kind == "wait":
        units = draw(st.sampled_from(_WAITS))
        return f"waiting {units}", lambda side: side.house.later(**units)
    if kind == "relay":
        return "relay", lambda side: side.house.host.relay()
    if kind == "upkeep":
        return "upkeep", lambda side: (side.house.host.lapse_due(), side.house.host.purge())
    page = pages[-1] if draw(_NINE_IN_TEN) else draw(st.sampled_from(pages))
    if kind == "later" and EventName.RESEND_CODE in pair.known.pages[page].view.may:
        return "asking for another code, later", lambda side: _resent(side, page, caller)
    if kind == "open again":
        return "opening it again", lambda side: side.house.host.resume(side.pages[page].handle, caller)
    offered = _accepted(pair.known.pages[page], naming)
    others = [name for name in _NAMES if naming or name not in NAMING]
    in_turn = draw(_NINE_IN_TEN)
    name = draw(st.sampled_from(offered if offered and in_turn else others))
    if name is EventName.ORDER_LETTER:
        caller = draw(st.sampled_from((AGENT, AGENT, HERE)))
    do = _sent(page, _an_input(data, name, page), caller)
    calls = draw(st.integers(0, 9)) if failing and not draw(_NINE_IN_TEN) else None

    def with_luck(side: Side) -> object:
        with side.failing(calls):
            return do(side)

    return f"{name}, {calls} calls" if calls is not None else name.value, with_luck
