"""The evidence of one event: gathered as the (state, event) declares, whichever row then fires (R14)."""

from datetime import date, datetime
from typing import assert_never, final

from attrs import define, evolve, frozen

from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import WINDOW_MONTHS, answers, window_start
from msa_recovery.domain.events import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Event,
    Guessing,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import Journey, passed
from msa_recovery.domain.ledger import GuessId, Ledger, TemporaryPassword
from msa_recovery.domain.machine import needs
from msa_recovery.domain.passwords import PasswordRule, Strength, broken_rules
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Evidence, Need, Verdict

from . import questions as ask
from .caller import Caller
from .outgoing import seal_edit
from .ports import Purpose, Vault
from .questions import Script
from .subject import Subject, without_account
from .world import World

__all__ = [
    "Drawn",
    "Memory",
    "compared",
    "compared_with_nothing",
    "gather",
    "request_of",
    "target_of",
    "temporary_password_of",
]


@final
@frozen
class Drawn:
    """The secrets that were drawn for one event; the domain sees only their digests."""

    code: Secret = Secret("")
    temporary_password: Secret = Secret("")


@final
@define
class Memory:
    """What one event remembers from one attempt to the next, so that a conflict buys no second comparison.

    Attributes:
        request: what makes a guess that is submitted twice the same guess.
        target: what it was compared with.
        verdict: what came of it.
    """

    request: bytes
    target: bytes = b""
    verdict: Verdict | None = None

    def guess(self, target: bytes, vault: Vault) -> GuessId:
        """The guess at this target: the same text typed against another code is another guess, counted anew."""
        return GuessId(vault.digest(Purpose.GUESS, self.request, target).hex())


def request_of(world: World, caller: Caller, *typed: str) -> bytes:
    """What makes a double submit of the same text under the same request id the same guess, counted once; of another
    text it is another guess, whoever chose the request id (R39). Empty when the host gave no request id."""
    if caller.request_id is None:
        return b""
    fields = (part.encode("utf-8", "surrogatepass") for part in (caller.request_id, *typed))
    return world.vault.digest(Purpose.GUESS, *fields)


def code_fields(journey: Journey, subject: Subject, contact: str, issue: int, code: Secret) -> tuple[bytes, ...]:
    """What a code's digest covers besides its key and purpose: everything that the code belongs to (R2, R10)."""
    return (
        journey.id.encode(),
        subject.profile.pseudonym.encode(),
        contact.encode(),
        str(issue).encode(),
        code.reveal().encode(),
    )


def password_fields(subject: Subject, issue: int, password: Secret) -> tuple[bytes, ...]:
    """What a temporary password's digest covers: it belongs to the account, not to a journey."""
    return (subject.profile.pseudonym.encode(), str(issue).encode(), password.reveal().encode())


def gather(
    case: Case, event: Event, subject: Subject | None, vault: Vault, now: datetime, policy: Policy
) -> Script[tuple[Evidence, Drawn]]:
    """Everything that the event's rows read of the outside, but for the guess."""
    wanted, evidence, drawn = needs(case.journey, event), Evidence(), Drawn()
    if subject is None:
        return evidence, drawn
    evidence = evolve(evidence, profile=subject.profile)
    if Need.FRESH_CODE in wanted:
        code = yield from ask.draw_code(policy.code_digits)
        channel = event.channel if isinstance(event, ChooseChannel) else case.journey.channel
        way = subject.profile.way(channel or Channel.SMS)
        contact = "" if way is None else way.contact
        issue = case.journey.codes_sent + 1
        # What a digest covers has no name: no frame holds it in clear when a later port fails (R54).
        digest = vault.digest(Purpose.CODE, *code_fields(case.journey, subject, contact, issue, code))
        evidence = evolve(evidence, fresh_code=digest)
        drawn = evolve(drawn, code=code)
    if Need.FRESH_PASSWORD in wanted:
        password = yield from ask.draw_temporary_password(policy.temporary_password_length)
        issue = (case.ledger or Ledger()).issued + 1
        digest = vault.digest(Purpose.TEMPORARY_PASSWORD, *password_fields(subject, issue, password))
        evidence = evolve(evidence, fresh_password=digest)
        drawn = evolve(drawn, temporary_password=password)
    if isinstance(event, ChoosePassword):
        rules = yield from _rules(event, case, subject, vault, now, policy)
        evidence = evolve(evidence, broken_rules=rules)
    if isinstance(event, EditContact):
        kinds = () if subject.account is None else (contact.kind for contact in subject.account.contacts)
        sealed = seal_edit(event.kind, event.value, case.journey.id, vault)
        evidence = evolve(evidence, held=frozenset(kinds), sealed_edit=sealed)
    return evidence, drawn


def _rules(
    event: ChoosePassword, case: Case, subject: Subject, vault: Vault, now: datetime, policy: Policy
) -> Script[tuple[PasswordRule, ...]]:
    strength: Strength = yield from ask.measure(event.password, _own_words(subject))
    account = subject.account
    # One that opened this step may have expired since; of one that is older the key may be gone.
    lately = now - policy.signed_in_lifetime
    return broken_rules(
        event.password,
        event.repeated,
        strength=strength,
        is_temporary=temporary_password_of(case, event.password, subject, vault, lately) is not None,
        identifiers=() if account is None else account.identifiers,
        names=_names(subject),
        policy=policy,
    )


def _names(subject: Subject) -> tuple[str, ...]:
    return () if subject.account is None else (*subject.account.names, subject.account.fund.name)


def _own_words(subject: Subject) -> tuple[str, ...]:
    """What an attacker who knows the person tries first."""
    numbers = () if subject.account is None else (one.digits for one in subject.account.identifiers)
    return (*(word for name in _names(subject) for word in name.split()), *numbers)


# -- guesses -----------------------------------------------------------------------------------------------------------


def target_of(case: Case, event: Guessing) -> bytes:
    """What a guess would be compared with: while that is the same, a verdict stands."""
    ledger = case.ledger or Ledger()
    match event:
        case SubmitCode():
            return b"" if case.journey.code is None else case.journey.code.digest
        case SignIn():
            both = (ledger.sent_password, ledger.letter_password)
            return b"".join(password.digest for password in both if password is not None)
        case AnswerChallenge() | ProvePassword() | ChoosePassword():
            profile = case.journey.profile
            who = "" if profile is None else profile.pseudonym
            return f"{case.journey.id}:{who}:{ledger.epoch}".encode()
        case _:
            assert_never(event)


def compared_with_nothing(case: Case, event: Guessing, subject: Subject, vault: Vault, now: datetime) -> Script[None]:
    """The work of a comparison, for a guess that was refused: what is looked at was nobody's secret."""
    yield from compared(Case(evolve(case.journey, code=None)), event, without_account(subject), vault, now)


def compared(case: Case, event: Guessing, subject: Subject, vault: Vault, now: datetime) -> Script[Verdict]:
    """Compare what was typed."""
    match event:
        case AnswerChallenge(answer):
            months, today = WINDOW_MONTHS[answer.kind], _date_in_france(now)
            since = None if months is None else window_start(today, months)
            proofs = yield from ask.proofs(subject.key, answer.kind, since)
            right = answers(answer, proofs, today) and subject.account is not None
        case SubmitCode(code):
            right = _code_is_right(case, code, subject, vault, now)
        case SignIn(password):
            used = temporary_password_of(case, password, subject, vault, now)
            right = used is not None and subject.account is not None
        case ProvePassword(password) | ChoosePassword(password):
            right = yield from ask.password_matches(subject.key, password)
        case _:
            assert_never(event)
    return Verdict.RIGHT if right else Verdict.WRONG


def _date_in_france(now: datetime) -> date:
    """The date by which payments are dated: a few hours of the night, it is not the date in UTC."""
    from zoneinfo import ZoneInfo

    return now.astimezone(ZoneInfo("Europe/Paris")).date()


def _code_is_right(case: Case, typed: Secret, subject: Subject, vault: Vault, now: datetime) -> bool:
    """A decoy's code is compared as well: guessed by chance, it leads to a password that nobody was sent.

    A guess that was reserved in time may be compared after a crash, and then too late (invariant 6).
    """
    code, ledger = case.journey.code, case.ledger or Ledger()
    live = code is not None and any(
        slot.journey == case.journey.id and slot.issue == code.issue and not passed(slot.until, now)
        for slot in ledger.codes
    )
    contact, issue = ("", 0) if code is None else (code.contact, code.issue)
    fields = code_fields(case.journey, subject, contact, issue, typed)
    expected = code.digest if code is not None and live else vault.digest(Purpose.CODE)
    return vault.verify(Purpose.CODE, expected, *fields)


def temporary_password_of(
    case: Case, typed: Secret, subject: Subject, vault: Vault, now: datetime
) -> TemporaryPassword | None:
    """The live temporary password that was typed. Always two comparisons, so that nobody learns how many are live."""
    ledger = case.ledger or Ledger()
    nothing, found = vault.digest(Purpose.TEMPORARY_PASSWORD), None
    for issued in (ledger.sent_password, ledger.letter_password):
        usable = issued is not None and issued.digest != b"" and not passed(issued.until, now)
        expected, issue = (issued.digest, issued.issue) if issued is not None and usable else (nothing, 0)
        same = vault.verify(Purpose.TEMPORARY_PASSWORD, expected, *password_fields(subject, issue, typed))
        found = issued if same and usable else found
    return found
