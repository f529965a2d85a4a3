"""A host that sends every input, runs a relay, helps as an agent and tells every fault apart, as its type checker sees it.

As in ``host.py``, a line that must be refused says so.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import assert_type

from msa_recovery import (
    Abandon,
    AccountKey,
    AnswerChallenge,
    AsyncRecovery,
    AsyncRelay,
    Caller,
    CallerError,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Contended,
    EditContact,
    EventName,
    EventNotAccepted,
    GoBack,
    Identify,
    InfrastructureError,
    Input,
    JourneyFinished,
    Language,
    NotADeadLetter,
    NotAnAgent,
    NotForAgents,
    OrderLetter,
    Problem,
    ProvePassword,
    Recovery,
    RecoveryError,
    Relay,
    Reply,
    ResendCode,
    Secret,
    SecretOfNoUse,
    SignIn,
    State,
    Strength,
    SubmitCode,
    UnknownAccount,
    UnknownHandle,
    UnknownMessage,
    UseFranceConnect,
)
from msa_recovery.application.facts import Checkpoint
from msa_recovery.application.relay import Relayed
from msa_recovery.application.rotation import Resealed
from msa_recovery.application.tokens import Tokens
from msa_recovery.domain.account import VerifiedIdentity


def everything(identity: VerifiedIdentity, typed: str) -> tuple[Input, ...]:
    Identify()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Identify(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ChoosePassword(typed)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    UseFranceConnect({"sub": typed})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ConfirmContacts(typed)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    return (
        Identify(typed),
        OrderLetter(typed),
        AnswerChallenge("vitale_serial", typed),
        ChooseChannel("email"),
        SubmitCode(typed),
        ResendCode(),
        SignIn(typed),
        ProvePassword(typed),
        ChoosePassword(typed, repeated=typed),
        EditContact("mobile", typed),
        ConfirmContacts(),
        GoBack(),
        Abandon(),
        UseFranceConnect(identity),
    )


def of_an_agent(recovery: Recovery, identifier: str) -> str:
    caller = Caller(language=Language.EN, agent=True)
    Caller(agent="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    reply = recovery.send(recovery.begin(caller).handle, OrderLetter(identifier), caller)
    assert_type(reply.view.problem, Problem | None)
    assert_type(recovery.unblock(identifier, caller), Problem | None)
    assert_type(recovery.forget(identifier, caller), Problem | None)
    return reply.view.help.phone


def changed(recovery: Recovery, account: AccountKey, caller: Caller) -> Reply | None:
    recovery.begin_change("anybody", caller)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(recovery.begin_change(account, caller), Reply)
    return recovery.pending(account, caller)


def operated(recovery: Recovery, message: str) -> tuple[int, datetime]:
    recovery.start()
    assert_type(recovery.channels, frozenset[Channel])
    assert_type(recovery.tokens, Tokens)
    assert_type(recovery.relay(10), Relayed)
    assert_type(recovery.deliver(Channel.SMS), Relayed)
    assert_type(recovery.apply_effects(), Relayed)
    assert_type(recovery.checkpoint(), Checkpoint)
    assert_type(recovery.reseal(), Resealed)
    assert_type(recovery.lost_message(message), bool)
    assert_type(recovery.strength(message), Strength)
    assert_type(recovery.listening(recovery.start), AbstractContextManager[None])
    recovery.deliver("sms")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    recovery.retry_message(message)
    recovery.drop_message(message)
    return recovery.lapse_due() + recovery.purge(), recovery.now()


def relayed(recovery: Recovery, told: list[Relayed]) -> int:
    relay = Relay(recovery, workers=2, pause=timedelta(seconds=1), tell=told.append)
    Relay(recovery, pause=1.0)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    relay.wake()
    relay.stop()
    assert_type(relay.run(), Relayed)
    return relay.drain().delivered


async def relayed_by_tasks(recovery: AsyncRecovery, sync: Recovery) -> int:
    relay = AsyncRelay(recovery)
    AsyncRelay(sync)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    relay.stop()
    assert_type(await relay.run(), Relayed)
    return (await relay.drain()).dead


def told_apart(recovery: Recovery, handle: Secret, given: Input) -> str:
    try:
        recovery.send(handle, given, Caller())
    except EventNotAccepted as early:
        assert_type(early.state, State)
        assert_type(early.event, EventName)
        return "out of turn"
    except JourneyFinished as over:
        return over.state
    except NotADeadLetter as alive:
        return alive.state
    except SecretOfNoUse as useless:
        return useless.why
    except (UnknownHandle, UnknownAccount, UnknownMessage, NotAnAgent, NotForAgents) as ours:
        fault: CallerError = ours
        return str(fault)
    except Contended as busy:
        port: InfrastructureError = busy
        return port.port
    except RecoveryError as other:
        return str(other)
    return "followed"


ANSWERS: Mapping[type[RecoveryError], int] = {UnknownHandle: 404, Contended: 503, CallerError: 409}
WRONG: Mapping[type[RecoveryError], int] = {KeyError: 500}  # type: ignore[dict-item]  # pyright: ignore[reportAssignmentType]
