"""Values that the contracts of the stores and messengers work with: each field that can be set is set somewhere."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msa_recovery.application.caller import Language
from msa_recovery.application.facts import AuditRow, Checkpoint
from msa_recovery.application.messages import Message, MessageKind, is_sent
from msa_recovery.application.records import (
    Answered,
    HandleHash,
    IntentRow,
    MessageId,
    OutboxRow,
    StoredJourney,
    StoredLedger,
)
from msa_recovery.domain.account import AccountType, Channel, ContactId, Profile, Pseudonym, Way
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.journey import ChartName, Code, Edit, Journey, JourneyId, State
from msa_recovery.domain.ledger import (
    CodeSlot,
    GuessId,
    Ledger,
    Mark,
    OriginTag,
    Sent,
    SignInTries,
    TemporaryPassword,
)
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.secret import Secret

__all__ = [
    "ACCOUNT",
    "INSTANT",
    "LATER",
    "MINUTE",
    "NOW",
    "OTHER_ACCOUNT",
    "a_checkpoint",
    "a_fact",
    "a_full_journey",
    "a_full_ledger",
    "a_journey",
    "a_ledger",
    "a_message_row",
    "an_intent",
    "every_message",
]

NOW: Final = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)
"""A microsecond before the clocks of France go forward: a store that keeps local time loses it."""

MINUTE: Final = timedelta(minutes=1)
LATER: Final = NOW + 60 * MINUTE
INSTANT: Final = timedelta(microseconds=1)
ACCOUNT: Final = Pseudonym("a pseudonym")
OTHER_ACCOUNT: Final = Pseudonym("another pseudonym")

_FUND: Final = Helpdesk("MSA Sud Aquitaine", "03 20 90 05 00", "assistance@example.org")


def a_journey(
    name: str = "journey",
    *,
    handle: str = "",
    deadline: datetime = LATER,
    finished_at: datetime | None = None,
    version: int = 0,
) -> StoredJourney:
    """A journey that has just begun, or that finished at a moment."""
    state = State.IDENTIFYING if finished_at is None else State.ABANDONED
    return StoredJourney(
        journey=Journey(JourneyId(name), ChartName.RECOVERY, state, deadline),
        handle=HandleHash((handle or f"handle of {name}").encode()),
        language=Language.FR,
        finished_at=finished_at,
        version=version,
    )


def a_full_journey() -> StoredJourney:
    """A journey with every field set, to values unlike their defaults."""
    ways = (
        Way(Channel.SMS, ContactId("mobile"), b"\x00\xff", "06 •• •• •• 12", NOW),
        Way(Channel.LETTER, ContactId("postal"), b"", ""),
    )
    journey = Journey(
        id=JourneyId("full"),
        chart=ChartName.RECOVERY,
        state=State.CONFIRMING_CODE,
        deadline=LATER,
        profile=Profile(ACCOUNT, True, AccountType.GARDENER_EMPLOYER, True, ways),
        epoch=3,
        challenge_passed=True,
        answers=1,
        channel=Channel.SMS,
        code=Code(b"\x00digest\xff", Channel.SMS, ContactId("mobile"), 2),
        codes_sent=2,
        current_password_tries=4,
        comparisons=5,
        comparison="the fifth",
        edits=(Edit(ContactKind.EMAIL, False, b"\x00sealed\xff"), Edit(ContactKind.FAX, True, b"")),
        waits_in_vain=True,
    )
    problem = Problem(ProblemCode.CODE_WRONG, "code", NOW, 2, ("too_short", "no_digit"))
    return StoredJourney(
        journey=journey,
        handle=HandleHash(b"\x00handle\xff"),
        language=Language.EN,
        account=b"\x00sealed key\xff",
        answered=(Answered(b"\x00first\xff", problem), Answered(b"second", None)),
        finished_at=LATER + INSTANT,
    )


def a_ledger(account: Pseudonym = ACCOUNT, *, epoch: int = 1, version: int = 0) -> StoredLedger:
    """A ledger that differs from an empty one by its epoch."""
    return StoredLedger(account, Ledger(epoch=epoch), version=version)


def a_full_ledger() -> StoredLedger:
    """A ledger with every field set."""

    def marks(name: str) -> tuple[Mark, ...]:
        return (Mark(GuessId(f"{name} 1"), NOW), Mark(GuessId(f"{name} 2"), LATER + INSTANT))

    return StoredLedger(
        ACCOUNT,
        Ledger(
            epoch=7,
            code_guesses=marks("code"),
            answers=marks("answer"),
            current_password_guesses=marks("password"),
            sign_ins=(SignInTries(OriginTag("here"), marks("here"), LATER), SignInTries(None, marks("else"), NOW)),
            sends=(Sent(OriginTag(""), NOW, LATER), Sent(OriginTag("here"), NOW + INSTANT, LATER)),
            next_send=NOW + INSTANT,
            codes=(CodeSlot(JourneyId("full"), 2, LATER, 0), CodeSlot(JourneyId("other"), 1, NOW, 3)),
            letters=(NOW, LATER),
            sent_password=TemporaryPassword(b"\x00sent\xff", Channel.EMAIL, LATER),
            letter_password=TemporaryPassword(b"\x00letter\xff", Channel.LETTER, LATER + INSTANT),
            next_block_notice=LATER,
            intents=9,
        ),
    )


def a_message_row(
    name: str = "message",
    *,
    journey: str = "journey",
    account: Pseudonym = ACCOUNT,
    due: datetime = NOW,
    version: int = 0,
) -> OutboxRow:
    """A message by SMS that waits."""
    return OutboxRow(
        MessageId(name),
        account,
        JourneyId(journey),
        Channel.SMS,
        b"\x00contact\xff",
        LATER + INSTANT,
        b"\x00sealed\xff",
        due,
        tries=1,
        version=version,
    )


def an_intent(number: int, account: Pseudonym = ACCOUNT) -> IntentRow:
    """An effect on the directory that is still open."""
    return IntentRow(account, number, JourneyId("journey"), f"\x00sealed {number}\xff".encode("latin-1"))


def a_fact(name: FactName = FactName.JOURNEY_BEGUN, *, at: datetime = NOW) -> AuditRow:
    """An audit fact."""
    return AuditRow(at, ACCOUNT, "journey", Fact(name, "a row", ProblemCode.CODE_WRONG))


def a_checkpoint(number: int = 1) -> Checkpoint:
    """A checkpoint over two facts."""
    return Checkpoint(number, NOW, 3, 2, b"\x00digest\xff", b"before", b"\x03keymac")


def every_message(channel: Channel, to: tuple[str, ...]) -> tuple[Message, ...]:
    """One message of each kind that goes by this channel, in each language, to one address."""
    secrets = {MessageKind.CODE: "0042", MessageKind.TEMPORARY_PASSWORD: "Ab3#efghijkm"}
    return tuple(
        Message(
            kind=kind,
            channel=channel,
            to=to,
            language=language,
            help=_FUND,
            written_at=NOW,
            secret=Secret(secrets[kind]) if kind in secrets else None,
            until=LATER if kind in secrets else None,
        )
        for kind in MessageKind
        if is_sent(kind, channel)
        for language in Language
    )
