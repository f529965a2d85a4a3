"""Stories of the other ways in: from another device, a voluntary change, FranceConnect, and the fund's own people."""

from datetime import date, timedelta
from typing import Final, final

from attrs import evolve, frozen

from msa_recovery.application.errors import NotAnAgent
from msa_recovery.application.intents import DirectoryIntent
from msa_recovery.application.messages import MessageKind
from msa_recovery.application.ports import AccountDirectory
from msa_recovery.domain.account import Account, AccountKey, Channel, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.events import UseFranceConnect
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.inputs import ChoosePassword, Identify, OrderLetter, ProvePassword, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.domain.secret import Secret

from .stage import Stage
from .story import NEW_PASSWORD, PRIVATE_SPACE, REFUSED, NotAsExpected, Person, Story, expect

__all__ = ["DOORS"]


def _another_device(stage: Stage) -> None:
    marcel, at_the_library = stage.member("individual-no-contact"), Person(stage, at="198.51.100.7")
    at_the_library.begins()
    at_the_library.does(Identify(marcel.identifier), State.AWAITING_SIGN_IN)
    letter = at_the_library.temporary_password(Channel.LETTER)
    stage.wait(timedelta(days=5))
    at_home = Person(stage)
    where = at_home.signs_in(marcel.identifier, letter)
    expect("the sign-in form at home", State.PERSONALISING_PASSWORD, where)
    at_home.finishes(marcel)
    at_the_library.sees(State.LAPSED)


def _closed_browser(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    temporary = person.gets_a_temporary_password(camille, Channel.SMS)
    stage.wait(timedelta(hours=23))
    expect("a day later", State.PERSONALISING_PASSWORD, person.signs_in(camille.identifier, temporary))
    stage.wait(timedelta(hours=1))
    expect("an hour after that", REFUSED, person.signs_in(camille.identifier, temporary))


def _voluntary_change(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    expect("the usual sign-in", PRIVATE_SPACE, person.signs_in(camille.identifier, camille.password))
    person.begins_a_change(camille.key)
    person.does(ProvePassword("Oublie-12!"), State.PROVING_PASSWORD, ProblemCode.CURRENT_PASSWORD_WRONG)
    person.does(ProvePassword(camille.password), State.PERSONALISING_PASSWORD)
    same = ChoosePassword(camille.password, camille.password)
    view = person.does(same, State.PERSONALISING_PASSWORD, ProblemCode.PASSWORD_REFUSED)
    expect("the reasons", (PasswordRule.IS_CURRENT,), view.problem and view.problem.reasons)
    person.does(ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), State.COMPLETED)
    expect("the new password", PRIVATE_SPACE, person.signs_in(camille.identifier, NEW_PASSWORD))
    expect("the earlier password", REFUSED, person.signs_in(camille.identifier, camille.password))
    for channel in (Channel.SMS, Channel.EMAIL):
        told = [message.kind for message in stage.delivered(channel)]
        expect(f"who is told, by {channel}", [MessageKind.PASSWORD_CHANGED], told)


def _change_ends_recovery(stage: Stage) -> None:
    camille, person, other = stage.member("individual-both"), Person(stage), Person(stage, at="198.51.100.7")
    temporary = other.gets_a_temporary_password(camille, Channel.SMS)
    person.begins_a_change(camille.key)
    person.does(ProvePassword(camille.password), State.PERSONALISING_PASSWORD)
    person.does(ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), State.COMPLETED)
    other.sees(State.LAPSED)
    expect("the temporary password", REFUSED, other.signs_in(camille.identifier, temporary))


def _contacts_to_confirm(stage: Stage) -> None:
    nadege, person = stage.member("individual-contacts-to-confirm"), Person(stage)
    where = person.signs_in(nadege.identifier, nadege.password)
    expect("the usual sign-in", State.CONFIRMING_CONTACTS, where)


# -- FranceConnect -----------------------------------------------------------------------------------------------------


def _identity(stage: Stage, key: str) -> VerifiedIdentity:
    identity = stage.member(key).held.identity
    if identity is None:
        raise NotAsExpected(f"{key}: expected a civil identity, got nothing")
    return identity


def _franceconnect(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.begins()
    person.does(UseFranceConnect(_identity(stage, camille.key)), State.SIGNED_IN_WITH_FRANCECONNECT)
    expect("whose private space opens", camille.key, person.account)


def _franceconnect_stranger(stage: Stage) -> None:
    person = Person(stage)
    person.begins()
    twin = evolve(_identity(stage, "individual-both"), birthdate="1984-03-18")
    person.does(UseFranceConnect(twin), State.IDENTIFYING, ProblemCode.FRANCECONNECT_REFUSED)
    expect("whose private space opens", None, person.account)


def _franceconnect_company(stage: Stage) -> None:
    person = Person(stage)
    person.begins()
    identity = _identity(stage, "individual-both")
    person.does(UseFranceConnect(identity), State.IDENTIFYING, ProblemCode.FRANCECONNECT_INDIVIDUALS_ONLY)
    expect("whose private space opens", None, person.account)


@final
@frozen
class _FindsItsCompany:
    """A host's directory that answers an identity with the company that the person runs."""

    inner: AccountDirectory

    def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:
        return self.inner.get(AccountKey("company-email-only")) if self.inner.find_by_identity(identity) else None

    def find(self, identifier: Identifier) -> Account | None:
        return self.inner.find(identifier)

    def get(self, key: AccountKey) -> Account | None:
        return self.inner.get(key)

    def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        return self.inner.proofs(key, kind, since)

    def password_matches(self, key: AccountKey, password: Secret) -> bool:
        return self.inner.password_matches(key, password)

    def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        return self.inner.apply(key, intent, once)


# -- the fund's own people, and the host itself ------------------------------------------------------------------------


def _agents_letter(stage: Stage) -> None:
    camille, agent = stage.member("individual-both"), Person(stage, at="203.0.113.9", agent=True)
    order = OrderLetter(camille.identifier)
    agent.begins()
    agent.does(order, State.AWAITING_SIGN_IN)
    agent.begins()
    agent.does(order, State.IDENTIFYING, ProblemCode.LETTER_UNDER_WAY)
    letter = agent.temporary_password(Channel.LETTER)
    stage.wait(timedelta(days=2))
    person = Person(stage)
    expect("the sign-in form", State.PERSONALISING_PASSWORD, person.signs_in(camille.identifier, letter))
    person.finishes(camille)


def _nobody_else_orders(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    person.begins()
    try:
        person.does(OrderLetter(camille.identifier), State.IDENTIFYING)
    except NotAnAgent:
        expect("letters", [], list(stage.delivered(Channel.LETTER)))
        return
    raise NotAsExpected("order_letter by no agent: expected an error, got none")


def _double_submit(stage: Stage) -> None:
    camille, person = stage.member("individual-both"), Person(stage)
    code = person.asks_for_a_code(camille, Channel.SMS)
    handle, caller = person.reply.handle, evolve(person.caller, request_id="the same form, sent twice")
    for _ in range(2):
        reply = stage.recovery.send(handle, SubmitCode(code), caller)
        expect("each answer", State.AWAITING_SIGN_IN, reply.view.state)
    sent = [message.kind for message in stage.delivered(Channel.SMS)]
    expect("temporary passwords", 1, sent.count(MessageKind.TEMPORARY_PASSWORD))


DOORS: Final = (
    Story("signing in with the letter from another device, days later", _another_device),
    Story("the browser was closed: the temporary password opens from the sign-in form, for a day", _closed_browser),
    Story("contact details left unconfirmed are asked for at the usual sign-in", _contacts_to_confirm),
    Story("a voluntary change of the password", _voluntary_change),
    Story("a voluntary change ends a recovery that somebody began", _change_ends_recovery),
    Story("FranceConnect accepted", _franceconnect),
    Story("FranceConnect refused: nobody is known with this identity", _franceconnect_stranger),
    Story("FranceConnect refused: the account is a company's", _franceconnect_company, _FindsItsCompany),
    Story("an agent has a letter posted, once", _agents_letter),
    Story("nobody but an agent has a letter posted", _nobody_else_orders),
    Story("a form sent twice acts once", _double_submit),
)
