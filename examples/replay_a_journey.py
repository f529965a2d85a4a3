"""A journey is played through the library, then played again by the pure domain, from the audit trail alone.

The audit says of each event when it came, which row of the chart fired, and what the person was told. That is enough
for ``step``, which reads no clock, draws no secret and asks no port: the same rows fire again, and the journey ends in
the same state. What is imported of ``msa_recovery.domain`` here is not public: look at it, and build nothing on it.
"""

from datetime import UTC, datetime, timedelta

from attrs import evolve

from msa_recovery import (
    AccountKey,
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Origin,
    PasswordRule,
    Policy,
    SignIn,
    State,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.domain import events
from msa_recovery.domain.account import Profile, freeze
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.guessing import Reserved, reserve
from msa_recovery.domain.inputs import read
from msa_recovery.domain.journey import ChartName, Journey, JourneyId
from msa_recovery.domain.ledger import GuessId, Ledger
from msa_recovery.domain.machine import step
from msa_recovery.domain.situation import Case, Context, Evidence, Guess, Verdict
from msa_recovery.sample import sample_directory

POLICY = Policy.msa()
CAMILLE = AccountKey("individual-both")

clock = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
accounts = sample_directory(clock, Argon2idHasher())
as_it_was = accounts.get(CAMILLE)
store, phone = MemoryStore(), RecordingMessenger(Channel.SMS)
recovery = compose(
    accounts=accounts,
    keys=Keys.generate(),
    store=store,
    messengers={Channel.SMS: phone},
    clock=clock,
    policy=POLICY,
)


# -- once, through the library -----------------------------------------------------------------------------------------


def received():
    """The code or the temporary password that came last."""
    recovery.relay()
    return phone.messages()[-1].secret.reveal()


def wrong(code):
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def played():
    """A recovery by SMS with two mistakes; what was typed, and the state at the end."""
    caller = Caller(origin=Origin("192.0.2.1"))
    reply = recovery.begin(caller)
    typed = []
    for typing in (
        lambda: Identify("2 84 03 33 900 001 47"),
        lambda: ChooseChannel("sms"),
        lambda: SubmitCode(wrong(received())),
        lambda: SubmitCode(received()),
        lambda: SignIn(received()),
        lambda: ChoosePassword("soleil", "Soleil"),
        lambda: ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"),
        ConfirmContacts,
    ):
        clock.advance(timedelta(seconds=20))
        typed.append(typing())
        reply = recovery.send(reply.handle, typed[-1], caller)
    return typed, reply.view.state


# -- again, from the audit trail ---------------------------------------------------------------------------------------


def evidence_of(event, fact, guess, profile):
    """What the library must have found out, since this row fired."""
    fine = fact.reason is None
    evidence = Evidence(profile=profile, fresh_code=b"a digest", fresh_password=b"another")
    if isinstance(event, events.ChoosePassword):
        if fine:
            return evolve(evidence, guess=Guess(Verdict.WRONG, guess))  # it was not the current password
        return evolve(evidence, guess=Guess(Verdict.RULES_FAIL), broken_rules=(PasswordRule.TOO_SHORT,))
    return evolve(evidence, guess=Guess(Verdict.RIGHT if fine else Verdict.WRONG, guess))


def replayed(typed, trail):
    """The case at the end, played by ``reserve`` and ``step``."""
    begun, *rows = trail
    journey = Journey(
        JourneyId("again"), ChartName.RECOVERY, State.IDENTIFYING, deadline=begun.at + POLICY.journey_lifetime
    )
    case = Case(journey, Ledger())
    for number, (row, text) in enumerate(zip(rows, typed, strict=True), start=1):
        profile: Profile = freeze(as_it_was, row.account, str.encode, POLICY.contact_quarantine)
        event, guess = read(text, POLICY), GuessId(str(number))
        context = Context(row.at, POLICY, evidence=evidence_of(event, row.fact, guess, profile))
        if isinstance(event, events.Guessing):
            reservation = reserve(case, event, guess, context)
            case = reservation.case if isinstance(reservation, Reserved) else case
        done = step(case, event, context)
        case = done.case
        print(f"{row.at:%H:%M:%S}  {done.row.label}")
        print(
            f"          if    {', '.join(('' if value else 'not ') + name for name, value in done.row.guards) or '-'}"
        )
        print(f"          does  {', '.join(done.row.effects) or '-'}")
        print(f"          so    {case.journey.state}" + (f", saying {done.problem.code}" if done.problem else ""))
        assert row.fact.row == done.row.label, f"the library took {row.fact.row}, the replay {done.row.label}"
    return case


typed, state = played()
trail = [row for row in store.audit() if row.fact.name in (FactName.JOURNEY_BEGUN, FactName.ROW_FIRED)]
case = replayed(typed, trail)
assert case.journey.state is state is State.COMPLETED
print(f"{len(typed)} events, the same {len(typed)} rows, and the same end: {state}")
