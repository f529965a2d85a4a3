"""What the stories are told with: a person who does something and expects something."""

from collections.abc import Callable
from typing import Final, assert_never, final

from attrs import frozen

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.messages import MessageKind
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import AccountKey, Channel
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, Input, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.view import View

from .cast import Member
from .host import Opened, sign_in
from .stage import Disguise, Stage, as_it_is

__all__ = ["NEW_PASSWORD", "PRIVATE_SPACE", "REFUSED", "NotAsExpected", "Person", "Story", "expect", "wrong"]

NEW_PASSWORD: Final = "Tournesol-bleu-47!"  # noqa: S105 - made up
PRIVATE_SPACE: Final = "the private space"
REFUSED: Final = "refused"

_HOME: Final = "192.0.2.1"


@final
@frozen
class Story:
    """One thing that a user may rely on, played from its beginning to its end.

    Attributes:
        title: one line.
        play: acts on a new stage; raises what ``expect`` raises when something is not as expected.
        disguise: what the library sees of the directory on that stage, if it is not the sample itself.
    """

    title: str
    play: Callable[[Stage], None]
    disguise: Disguise = as_it_is


@final
class NotAsExpected(AssertionError):
    """A story went another way than it should."""


def expect(what: str, expected: object, actual: object) -> None:
    """Go on only if both are equal.

    Raises:
        NotAsExpected: saying what was expected, and what was there.
    """
    if expected != actual:
        raise NotAsExpected(f"{what}: expected {_said(expected)}, got {_said(actual)}")


def _said(value: object) -> str:
    return "nothing" if value is None else str(value)


def _outcome(state: str, problem: ProblemCode | None) -> str:
    return state if problem is None else f"{state} with {problem}"


def wrong(code: str) -> str:
    """A code of the same length that differs in its last digit."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


@final
class Person:
    """Somebody with a browser: an origin, and the journey that was begun there last."""

    def __init__(self, stage: Stage, *, at: str = _HOME, agent: bool = False) -> None:
        self._stage = stage
        self.caller = Caller(origin=Origin(at), agent=agent)
        self._reply: Reply | None = None

    @property
    def reply(self) -> Reply:
        """What the library answered last.

        Raises:
            NotAsExpected: no journey was begun here.
        """
        if self._reply is None:
            raise NotAsExpected("a journey: expected one, got nothing")
        return self._reply

    @property
    def account(self) -> AccountKey | None:
        """Whose private space the journey opened."""
        return self.reply.account

    # -- single steps ----------------------------------------------------------------------------------------------

    def begins(self) -> None:
        """Click on *J'ai oublié mon mot de passe*."""
        self._reply = self._stage.recovery.begin(self.caller)
        expect("a new journey", State.IDENTIFYING, self.reply.view.state)

    def begins_a_change(self, account: AccountKey) -> None:
        """Click on *modifier mon mot de passe* in the private space."""
        self._reply = self._stage.recovery.begin_change(account, self.caller)
        expect("a change of password", State.PROVING_PASSWORD, self.reply.view.state)

    def does(self, event: Input, then: State, problem: ProblemCode | None = None) -> View:
        """Send an event, and expect this state and this problem, or none."""
        view = self.tries(event)
        got = None if view.problem is None else view.problem.code
        expect(event.name, _outcome(then, problem), _outcome(view.state, got))
        return view

    def tries(self, event: Input) -> View:
        """Send an event, whatever comes of it."""
        self._reply = self._stage.recovery.send(self.reply.handle, event, self.caller)
        return self._reply.view

    def sees(self, state: State) -> View:
        """Open the page of the journey again, and expect this state."""
        self._reply = self._stage.recovery.resume(self.reply.handle, self.caller)
        expect("the page, opened again", state, self._reply.view.state)
        return self._reply.view

    def signs_in(self, identifier: str, password: str) -> str:
        """Use the host's sign-in form; where it leads: the private space, a state, a problem, or nowhere."""
        answer = sign_in(self._stage, identifier, password, self.caller)
        if isinstance(answer, Opened):
            if answer.to_confirm is None:
                return PRIVATE_SPACE
            answer = answer.to_confirm
        match answer:
            case Reply():
                self._reply = answer
                return answer.view.state
            case Problem():
                return answer.code
            case None:
                return REFUSED
            case _:
                assert_never(answer)

    # -- what arrives ----------------------------------------------------------------------------------------------

    def code(self, channel: Channel) -> str:
        """The code that arrived last, and is the last message there."""
        return self._secret(channel, MessageKind.CODE)

    def temporary_password(self, channel: Channel) -> str:
        """The temporary password that arrived last; only the notice of a letter may have come after it."""
        return self._secret(channel, MessageKind.TEMPORARY_PASSWORD)

    def _secret(self, channel: Channel, kind: MessageKind) -> str:
        delivered = self._stage.delivered(channel)
        last = delivered[-1] if delivered else None
        if last is None or last.kind is not kind or last.secret is None:
            raise NotAsExpected(f"the last {channel}: expected a {kind}, got {_said(last and last.kind)}")
        return last.secret.reveal()

    # -- whole stretches -------------------------------------------------------------------------------------------

    def asks_for_a_code(self, whom: Member, channel: Channel) -> str:
        """From the first page to the code; returns the code that arrived."""
        self.begins()
        self.does(Identify(whom.identifier), State.CHOOSING_CHANNEL)
        self.does(ChooseChannel(channel), State.CONFIRMING_CODE)
        return self.code(channel)

    def gets_a_temporary_password(self, whom: Member, channel: Channel) -> str:
        """From the first page to the temporary password that arrived."""
        self.does(SubmitCode(self.asks_for_a_code(whom, channel)), State.AWAITING_SIGN_IN)
        return self.temporary_password(channel)

    def gets_to_a_new_password(self, whom: Member, channel: Channel) -> None:
        """From the first page to the page where the new password is chosen."""
        password = self.gets_a_temporary_password(whom, channel)
        self.does(SignIn(password), State.PERSONALISING_PASSWORD)

    def chooses(self, password: str = NEW_PASSWORD) -> None:
        """Type an acceptable new password twice."""
        self.does(ChoosePassword(password, password), State.CONFIRMING_CONTACTS)

    def finishes(self, whom: Member, password: str = NEW_PASSWORD) -> None:
        """Choose a password, confirm the contact details, and get into that person's private space."""
        self.chooses(password)
        self.does(ConfirmContacts(), State.COMPLETED)
        expect("whose private space opens", whom.key, self.account)
