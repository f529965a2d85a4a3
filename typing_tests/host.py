"""What a host writes, as its type checker sees it: mypy and pyright read this file strictly, and nothing runs it.

A line that must be refused says so; a refusal that goes away is an error as well (an unused ignore).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never, assert_type

from msa_recovery import (
    AccountKey,
    AsyncRecovery,
    Caller,
    CallerError,
    Channel,
    ChooseChannel,
    ConfirmContacts,
    EventName,
    Helpdesk,
    Identify,
    InfrastructureError,
    Input,
    Origin,
    PasswordRule,
    Policy,
    PolicyError,
    Problem,
    ProblemCode,
    Recovery,
    RecoveryError,
    Reply,
    Secret,
    State,
    Strength,
    SubmitCode,
    View,
    compose,
    compose_async,
)
from msa_recovery.adapters.keyring import Keys, read_keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.application.messages import Delivered, Delivery, Message
from msa_recovery.application.ports import AccountDirectory, Messenger, Store
from msa_recovery.application.records import MessageId


class Pigeons:
    """A messenger is one by its shape: it inherits from nothing."""

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        return Delivered()


class Mute:
    """No messenger."""

    def deliver(self, message: Message) -> Delivery:
        return Delivered()


def composed(accounts: AccountDirectory, store: Store) -> None:
    pigeons: Messenger = Pigeons()
    mute: Messenger = Mute()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    keys = read_keys("keys.toml")
    assert_type(keys, Keys)
    recovery = compose(
        accounts=accounts, keys=keys, store=store, messengers={Channel.SMS: pigeons}, policy=Policy.strict()
    )
    assert_type(recovery, Recovery)
    assert_type(compose_async(accounts=accounts, keys=keys, store="recovery.sqlite"), AsyncRecovery)
    compose(accounts=accounts, keys=keys)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    compose(accounts=accounts, keys=keys, store=MemoryStore(), polcy=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    del mute


def played(recovery: Recovery, typed: str) -> Reply:
    caller = Caller(origin=Origin("192.0.2.1"), request_id=typed)
    with recovery as opened:
        assert_type(opened, Recovery)
    reply = recovery.begin(caller)
    assert_type(reply.handle, Secret)
    assert_type(reply.account, AccountKey | None)
    given: Input = Identify(typed)
    reply = recovery.send(reply.handle, given, caller)
    reply = recovery.send(reply.handle, ChooseChannel("sms"), caller)
    reply = recovery.send(reply.handle, ConfirmContacts(), caller)
    recovery.send(reply.handle, SubmitCode(1234), caller)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    recovery.send(reply.handle, "1234", caller)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    recovery.send(str(reply.handle), given, caller)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    reply.account = None  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    return reply


def signed_in(recovery: Recovery, identifier: str, password: str) -> str:
    answer = recovery.sign_in(identifier, password, Caller())
    assert_type(answer, Reply | Problem | None)
    match answer:
        case None:
            return "refused"
        case Problem(code=code, retry_at=moment):
            assert_type(code, ProblemCode)
            assert_type(moment, datetime | None)
            return "wait"
        case Reply(view=view):
            assert_type(view, View)
            return shown(view)
        case _:
            assert_never(answer)


def shown(view: View) -> str:
    assert_type(view.may, tuple[EventName, ...])
    assert_type(view.help, Helpdesk)
    reasons: Mapping[str, str] = {rule: rule.value for rule in PasswordRule}
    if view.problem is not None:
        return ", ".join(reasons[each] for each in view.problem.reasons)
    return "open" if view.state is State.COMPLETED else view.state.value


def failed(recovery: Recovery) -> str:
    try:
        recovery.relay()
    except PolicyError:
        return "a policy"
    except CallerError as ours:
        assert_type(ours, CallerError)
        return "ours"
    except InfrastructureError as theirs:
        return theirs.port
    except RecoveryError:
        return "any other"
    return "none"


async def awaited(recovery: AsyncRecovery) -> Strength:
    async with recovery as opened:
        assert_type(opened, AsyncRecovery)
        assert_type(await opened.begin(Caller()), Reply)
        return await opened.strength("typed")


def set_by(minutes: int) -> Policy:
    return Policy(name="ours", code_lifetime_sms=timedelta(minutes=minutes))


Policy(name="ours", code_lifetime_sms=30)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
