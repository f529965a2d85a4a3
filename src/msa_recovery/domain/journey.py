"""The journey: where one person is, and what that person has used up. It holds deadlines, never starts."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, final

from attrs import frozen

from .account import Channel, ContactId, Profile
from .contacts import ContactKind

__all__ = ["FINAL", "SIGNED_IN", "ChartName", "Code", "Edit", "Journey", "JourneyId", "State", "passed"]

JourneyId = NewType("JourneyId", str)
"""The store's name of a journey, 128 random bits; the person holds a handle instead, which is a secret."""


@final
class ChartName(StrEnum):
    """Which chart a journey runs on."""

    RECOVERY = "recovery"
    CHANGE = "change"


@final
class State(StrEnum):
    """The leaf states of both charts. The chart itself says which events each accepts."""

    IDENTIFYING = "identifying"
    ANSWERING_CHALLENGE = "answering_challenge"
    CHOOSING_CHANNEL = "choosing_channel"
    CONFIRMING_CODE = "confirming_code"
    AWAITING_SIGN_IN = "awaiting_sign_in"
    PROVING_PASSWORD = "proving_password"  # noqa: S105 - a state
    PERSONALISING_PASSWORD = "personalising_password"  # noqa: S105 - a state
    CONFIRMING_CONTACTS = "confirming_contacts"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    LAPSED = "lapsed"
    BLOCKED = "blocked"
    SIGNED_IN_WITH_FRANCECONNECT = "signed_in_with_franceconnect"


FINAL: Final = frozenset(
    {State.COMPLETED, State.ABANDONED, State.LAPSED, State.BLOCKED, State.SIGNED_IN_WITH_FRANCECONNECT}
)
"""The states that nothing leaves."""

SIGNED_IN: Final = frozenset({State.PROVING_PASSWORD, State.PERSONALISING_PASSWORD, State.CONFIRMING_CONTACTS})
"""The states that a person reaches only by a right password; before them, nothing of the account is named."""


@final
@frozen
class Code:
    """The code that a journey sent last. How many guesses it has left, and until when, its slot in the ledger says.

    Attributes:
        digest: keyed, over the code and everything that it belongs to (R10).
        channel: how it travelled; the temporary password takes the same way.
        contact: the contact on file that it went to.
        issue: the how-manieth code of the journey it is, from 1.
    """

    digest: bytes
    channel: Channel
    contact: ContactId
    issue: int


@final
@frozen
class Edit:
    """One correction that takes effect only when the contact details are confirmed.

    Attributes:
        kind: the edited line.
        removed: whether the line is taken off file.
        sealed: the new value, sealed; an empty text when there is none.
    """

    kind: ContactKind
    removed: bool
    sealed: bytes


@final
@frozen
class Journey:
    """One run of a chart for one person.

    Attributes:
        id: the store's name of it.
        chart: the chart that it runs on.
        state: the leaf state.
        deadline: when it lapses unless something happens (aware, UTC); past it every event but ``abandon`` is a lapse.
        profile: what it froze of its account, or ``None`` before the first identifier.
        epoch: the account's epoch when it took the account up; once the ledger's has moved, the journey is over.
        challenge_passed: whether the knowledge question was answered right, for this account, in this journey.
        answers: answers given to knowledge questions, for whatever account.
        channel: how the code, or the temporary password, last went out.
        code: the code sent last, unless it was used, killed, or is another account's.
        codes_sent: codes asked for, for whatever account.
        current_password_tries: wrong current passwords given.
        comparisons: comparisons of a new password with the current one since the sign-in.
        comparison: the name of the guess that was counted last among them, so that it is counted once.
        edits: corrections of contact details, at most one of a kind.
        waits_in_vain: in ``awaiting_sign_in``, whether what it waits for was never issued, because the account had
            changed by then: it goes on as its decoy would, until its own deadline.
    """

    id: JourneyId
    chart: ChartName
    state: State
    deadline: datetime
    profile: Profile | None = None
    epoch: int = 0
    challenge_passed: bool = False
    answers: int = 0
    channel: Channel | None = None
    code: Code | None = None
    codes_sent: int = 0
    current_password_tries: int = 0
    comparisons: int = 0
    comparison: str = ""
    edits: tuple[Edit, ...] = ()
    waits_in_vain: bool = False


def passed(deadline: datetime, now: datetime) -> bool:
    """Whether a deadline is over; at the deadline itself it is (invariant 6)."""
    return now >= deadline
