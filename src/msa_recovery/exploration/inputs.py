"""What somebody may do in each state: every event that the state accepts, with each kind of input that it may carry."""

from collections.abc import Iterator
from typing import Final, final

from attrs import frozen

from msa_recovery.domain import events
from msa_recovery.domain.account import ELECTRONIC, MATRIX, AccountType, VerifiedIdentity
from msa_recovery.domain.challenge import Amount, Answer, ChallengeKind, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.events import Event, EventName
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.secret import Secret

from .abstraction import ACCOUNT, ANOTHER, NOBODY
from .setting import Setting

__all__ = ["Input", "inputs"]

_NIR: Final = Nir("2840333063021")
_TYPED: Final = Secret("typed")
_IDENTITY: Final = VerifiedIdentity(
    subject="subject",
    given_names=("Marie",),
    family_name="Durand",
    birthdate="1984-03-02",
    gender="female",
    birthplace="33063",
    birthcountry="99100",
)


@final
@frozen
class Input:
    """One event with one kind of input; for a guess, whether it is right is tried out both ways.

    Attributes:
        label: how a story calls it.
        event: what the chart is given.
        names: for an event that names an account, which one.
        agent: whether an agent of the fund acts.
        broken_rules: the rules that a new password breaks.
        rightful: whether the holder of the account would do it, to get on.
    """

    label: str
    event: Event
    names: int = NOBODY
    agent: bool = False
    broken_rules: tuple[PasswordRule, ...] = ()
    rightful: bool = True


def inputs(setting: Setting) -> dict[EventName, tuple[Input, ...]]:
    """All inputs of an account's journeys, by their event."""
    found: dict[EventName, list[Input]] = {name: [] for name in EventName}
    for each in _inputs(setting):
        found[each.event.name].append(each)
    return {name: tuple(several) for name, several in found.items()}


def _inputs(setting: Setting) -> Iterator[Input]:
    yield Input("identify", events.Identify(_NIR), ACCOUNT)
    if setting.another:
        yield Input("identify somebody else", events.Identify(_NIR), ANOTHER, rightful=False)
    yield Input("FranceConnect vouches for the holder", events.UseFranceConnect(_IDENTITY), ACCOUNT, rightful=False)
    yield Input("FranceConnect vouches for a stranger", events.UseFranceConnect(_IDENTITY), rightful=False)
    yield Input("an agent orders a letter", events.OrderLetter(_NIR), ACCOUNT, agent=True, rightful=False)
    yield Input("somebody orders a letter", events.OrderLetter(_NIR), ACCOUNT, rightful=False)
    yield from _answers(setting.variant.type)
    for channel in ELECTRONIC:
        yield Input(f"choose {channel}", events.ChooseChannel(channel))
    yield Input("submit a code", events.SubmitCode(_TYPED))
    yield Input("ask for another code", events.ResendCode())
    yield Input("sign in", events.SignIn(_TYPED))
    yield Input("prove the password", events.ProvePassword(_TYPED))
    good = events.ChoosePassword(_TYPED, _TYPED)
    yield Input("choose a password", good)
    yield Input("choose a weak password", good, broken_rules=(PasswordRule.TOO_WEAK,), rightful=False)
    # Landline and fax are left out: no guard looks at them.
    yield Input("edit the e-mail address", events.EditContact(ContactKind.EMAIL, EmailAddress("marie@example.org")))
    yield Input("edit the mobile", events.EditContact(ContactKind.MOBILE, PhoneNumber("+33600000012")))
    yield Input("take the e-mail address off", events.EditContact(ContactKind.EMAIL, None))
    yield Input("take the mobile off", events.EditContact(ContactKind.MOBILE, None))
    yield Input("confirm the contact details", events.ConfirmContacts())
    yield Input("go back", events.GoBack())
    yield Input("abandon", events.Abandon(), rightful=False)
    yield Input("lapse", events.Lapse(), rightful=False)


def _answers(of: AccountType) -> Iterator[Input]:
    """An answer to each question that is asked, and to one that is not."""
    offered = MATRIX[of].challenges
    other = next(kind for kind in ChallengeKind if kind not in offered)
    for kind in (*offered, other):
        value = VitaleSerial(Secret("0000000000")) if kind is ChallengeKind.VITALE_SERIAL else Amount(1)
        yield Input(f"answer {kind}", events.AnswerChallenge(Answer(kind, value)), rightful=kind is not other)
