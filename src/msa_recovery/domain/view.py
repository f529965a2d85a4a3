"""What a host may show of a journey: nothing secret, and nothing that tells whether the account exists (R13)."""

from datetime import datetime
from typing import final

from attrs import field, frozen

from .account import Channel
from .challenge import ChallengeKind
from .contacts import ContactKind
from .events import EventName
from .helpdesk import Helpdesk
from .journey import ChartName, State
from .problem import Problem

__all__ = ["Choice", "ContactDetail", "View"]


@final
@frozen
class Choice:
    """A channel that the person may choose.

    Attributes:
        channel: SMS or e-mail.
        mask: two digits or one letter of where it leads, or ``None`` where the policy shows nothing.
    """

    channel: Channel
    mask: str | None


@final
@frozen
class ContactDetail:
    """One line of *Confirmation de vos coordonnées*.

    Attributes:
        kind: which line.
        text: the address or number as its owner writes it, corrections included; ``None`` when there is none.
        edited: whether this journey corrected it.
    """

    kind: ContactKind
    text: str | None = field(repr=False)
    edited: bool = False


@final
@frozen
class View:
    """One screen, as data.

    Attributes:
        chart: the recovery, or the voluntary change.
        state: the step.
        problem: what went wrong with the last event, if anything.
        may: the events that a person may send now; empty once the journey is over.
        deadline: when the journey lapses (aware, UTC); ``None`` once it is over.
        questions: in ``answering_challenge``, the questions, any one of which may be answered.
        choices: in ``choosing_channel``, the channels; never the letter.
        channel: how the code or the temporary password went out.
        mask: two digits or one letter of where it went.
        code_deadline: in ``confirming_code``, when the code expires (aware, UTC); ``None`` when none is live.
        attempts_left: guesses left of the code, or of the current password; ``None`` elsewhere.
        resend_at: in ``confirming_code``, when another code may be asked for (aware, UTC); ``None`` when none may.
        contacts: in ``confirming_contacts``, the contact details, one line of each kind.
        help: whom to call: the account's fund once signed in, the host's general help-desk before.
    """

    chart: ChartName
    state: State
    problem: Problem | None
    may: tuple[EventName, ...]
    deadline: datetime | None
    help: Helpdesk
    questions: tuple[ChallengeKind, ...] = ()
    choices: tuple[Choice, ...] = ()
    channel: Channel | None = None
    mask: str | None = None
    code_deadline: datetime | None = None
    attempts_left: int | None = None
    resend_at: datetime | None = None
    contacts: tuple[ContactDetail, ...] = ()
