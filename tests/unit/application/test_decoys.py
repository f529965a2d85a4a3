"""To whoever holds nothing of the account, a known identifier and an unknown one of the same profile are the same.

Both are played in lockstep in two houses of the same keys: what is seen (R13), what work is done, and what is written,
by kind and size (R14). Only what is drawn at random may differ. The plays are chosen by hand;
``tests/property/test_indistinguishable.py`` lets chance choose.
"""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.caller import Caller, Language
from msa_recovery.application.errors import CallerError
from msa_recovery.application.outgoing import Letterhead, parcels, seal_parcel
from msa_recovery.application.records import MessageId
from msa_recovery.application.relay import Relayed
from msa_recovery.application.subject import of_account, without_account
from msa_recovery.domain.account import MATRIX, Channel, IdentifierKind, Pseudonym
from msa_recovery.domain.decoy import decoy
from msa_recovery.domain.events import Abandon, GoBack, ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    Identify,
    Input,
    OrderLetter,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import JourneyId, State
from msa_recovery.domain.policy import DecoyWeights
from msa_recovery.domain.requests import Notice, Notify
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import NIR_OF_LEA, NIR_OF_MARIE, NIR_OF_ROGER, START, people
from tests.support.house import AGENT, ELSEWHERE, HERE, KEYS, MSA, House, asked
from tests.support.lockstep import shape
from tests.support.twins import LOOKS, Look, identifier_of, looks_of

Do = Callable[[House, str, Any], tuple[Any, object]]
"""One thing that somebody does about an identifier, with the journey's last reply: its next one, and what was said."""


def begin(house: House, _: str, __: Any) -> tuple[Any, object]:
    """Another journey, or the first."""
    reply = house.host.begin(HERE)
    return reply, reply


def sent(event: Callable[[House, str], Input], caller: Caller = HERE) -> Do:
    """One event of the journey."""

    def do(house: House, identifier: str, reply: Any) -> tuple[Any, object]:
        reply = house.send(reply, event(house, identifier), caller)
        return reply, reply

    return do


def wait(**units: float) -> Do:
    """Time passes."""

    def do(house: House, _: str, reply: Any) -> tuple[Any, object]:
        house.later(**units)
        return reply, None

    return do


def at_the_door(caller: Caller = HERE) -> Do:
    """Somebody tries a password at the sign-in form."""

    def do(house: House, identifier: str, reply: Any) -> tuple[Any, object]:
        wrong = house.wrong_password if house.passwords else "Ab3#efghijkm"
        return reply, house.host.sign_in(identifier, wrong, caller)

    return do


def opened_again(house: House, _: str, reply: Any) -> tuple[Any, object]:
    """The page is opened again."""
    return reply, house.host.resume(reply.handle, HERE)


IDENTIFY = sent(lambda _, identifier: Identify(identifier))
BY_SMS = sent(lambda _, __: ChooseChannel("sms"))
BY_EMAIL = sent(lambda _, __: ChooseChannel("email"))
BY_FAX = sent(lambda _, __: ChooseChannel("fax"))
RIGHT_CODE = sent(lambda house, _: SubmitCode(house.code))
WRONG_CODE = sent(lambda house, _: SubmitCode(house.wrong_code))
RESEND = sent(lambda _, __: ResendCode())
BACK = sent(lambda _, __: GoBack())
LEAVE = sent(lambda _, __: Abandon())
WRONG_PASSWORD = sent(lambda house, _: SignIn(house.wrong_password))
NO_PASSWORD = sent(lambda _, __: SignIn("Vendanges#2019"))
WRONG_SERIAL = sent(lambda _, __: AnswerChallenge("vitale_serial", "0123456789"))
WRONG_AMOUNT = sent(lambda _, __: AnswerChallenge("benefit_amount", "1,00"))
OTHER_QUESTION = sent(lambda _, __: AnswerChallenge("payroll_contributions", "1,00"))
LETTER = sent(lambda _, identifier: OrderLetter(identifier), AGENT)
TWICE = sent(lambda house, _: SubmitCode(house.wrong_code), asked("twice"))

BOTH_CHANNELS: dict[str, list[Do]] = {
    "code, wrong, right": [IDENTIFY, BY_SMS, WRONG_CODE, RIGHT_CODE, WRONG_PASSWORD, NO_PASSWORD, opened_again],
    "by e-mail": [IDENTIFY, BY_EMAIL, opened_again, RIGHT_CODE, wait(hours=24), opened_again],
    "no such channel": [IDENTIFY, BY_FAX, BY_SMS, BACK, BY_SMS, BACK, BY_EMAIL],
    "codes spent": [
        IDENTIFY,
        BY_SMS,
        *[WRONG_CODE] * 4,
        RESEND,
        wait(minutes=1),
        RESEND,
        *[WRONG_CODE] * 3,
        wait(minutes=1),
        RESEND,
        *[WRONG_CODE] * 3,
    ],
    "sends spent": [IDENTIFY, BY_SMS, *[wait(minutes=1), RESEND] * 4, wait(minutes=30), RESEND, BACK, BY_EMAIL],
    "expired": [IDENTIFY, BY_SMS, wait(minutes=30), RIGHT_CODE, RESEND, wait(minutes=59), RESEND],
    "double submit": [IDENTIFY, BY_SMS, TWICE, TWICE],
    "too many sends": [*[begin, IDENTIFY, BY_SMS, wait(minutes=31)] * 5],
    "back and forth": [IDENTIFY, BACK, IDENTIFY, BY_SMS, BACK, BACK, IDENTIFY, BY_SMS],
    "abandoned": [IDENTIFY, BY_SMS, LEAVE, opened_again],
    "late": [IDENTIFY, wait(hours=1), BY_SMS],
    "the door, nothing sent": [at_the_door(), at_the_door(ELSEWHERE)],
    "the door, something sent": [IDENTIFY, BY_SMS, RIGHT_CODE, *[at_the_door()] * 7, at_the_door(ELSEWHERE)],
    "a letter, ordered": [LETTER, begin, LETTER, at_the_door()],
}

PLAYS: dict[str, tuple[str, dict[str, Any], list[Do]]] = {
    **{name: (NIR_OF_MARIE, {}, play) for name, play in BOTH_CHANNELS.items()},
    "letters": (
        NIR_OF_ROGER,
        {"channels": (Channel.LETTER,)},
        [IDENTIFY, begin, IDENTIFY, WRONG_PASSWORD, wait(days=22), begin, IDENTIFY, wait(days=3), begin, IDENTIFY],
    ),
    "first sign-in": (
        NIR_OF_LEA,
        {"first_sign_in": True},
        [IDENTIFY, OTHER_QUESTION, BACK, IDENTIFY, WRONG_SERIAL, begin, IDENTIFY, WRONG_AMOUNT],
    ),
    "answers spent": (
        NIR_OF_LEA,
        {"first_sign_in": True},
        [*[begin, IDENTIFY, WRONG_SERIAL] * 3, begin, IDENTIFY, wait(days=22), begin, IDENTIFY],
    ),
}


def _looked_like(house: House, identifier: str, play: list[Do]) -> list[dict[str, object]]:
    """What each thing in a play looked like: what was seen, which calls were made, what the store held."""
    (reply, _), looked_like = begin(house, identifier, None), list[dict[str, object]]()
    for do in play:
        before, said = len(house.calls), object()
        try:
            reply, said = do(house, identifier, reply)
        except CallerError as error:
            said = repr(error)
        calls = [str(call) for call in house.calls[before:]]
        kept = {name: shape(value) for name, value in vars(house.store).items()}
        looked_like.append({"seen": shape(said), "calls": calls, **kept})
    return looked_like


@pytest.mark.parametrize(("known", "profile", "play"), PLAYS.values(), ids=PLAYS.keys())
def test_a_known_and_an_unknown_identifier_of_one_profile_look_the_same(
    open_house: Callable[..., House], known: str, profile: dict[str, Any], play: list[Do]
) -> None:
    """R13, R14, invariant 9."""
    unknown = open_house().unknown(*profile.get("channels", ()), first_sign_in=profile.get("first_sign_in", False))
    expected = _looked_like(open_house(), known, play)
    looked_like = _looked_like(open_house(), unknown, play)
    for number, things in enumerate(zip(expected, looked_like, strict=True)):
        for what in things[0]:
            assert things[0][what] == things[1][what], f"{what}, after thing {number}"


@pytest.mark.parametrize("name", PLAYS)
def test_the_plays_are_worth_comparing(house: House, name: str) -> None:
    """Each makes something happen that is kept."""
    known, _, play = PLAYS[name]
    before, *_, after = _looked_like(house, known, [opened_again, *play])
    assert before["_audit"] != after["_audit"]


def test_to_the_relay_alone_a_decoy_is_one(open_house: Callable[..., House]) -> None:
    """The store is asked the same of both; the messenger only about the one that somebody reads."""
    first, second = open_house(), open_house()
    asked_of = list[list[str]]()
    for house, identifier in ((first, NIR_OF_MARIE), (second, second.unknown())):
        house.at_code(identifier)
        before = len(house.calls)
        house.host.relay()
        asked_of.append(
            [str(call) for call in house.calls[before:] if call.port in ("store", "accounts", "messengers")]
        )
    known, unknown = asked_of
    assert known == [*unknown[:-1], "messengers.deliver", unknown[-1]]


def test_what_leaves_too_late_is_dropped_for_nobody_too(open_house: Callable[..., House]) -> None:
    """R13: whoever reads the audit or counts what was dropped learns nothing."""
    first, second = open_house(), open_house()
    relayed = list[Relayed]()
    for house, identifier in ((first, NIR_OF_MARIE), (second, second.unknown())):
        house.at_code(identifier)
        house.later(minutes=30)
        relayed.append(house.host.relay())
    assert [Relayed(dropped=1)] * 2 == relayed
    assert first.facts() == second.facts()


def test_a_postal_address_full_of_accents_makes_no_longer_row(house: House) -> None:
    """R14: a notice carries the address; in a decoy's there is none."""
    long = evolve(next(iter(people(""))).account, postal_address=("É" * 38,) * 6)
    subject = of_account(long, house.vault, house.host.policy)
    request = Notify(Notice.RECOVERY_BLOCKED, (subject.profile.ways[-1],))
    sizes = list[int]()
    for who in (subject, without_account(subject)):
        head = Letterhead(who, JourneyId("journey"), Language.FR, START)
        ((way, until, parcel),) = parcels(request, head, Secret(""))
        sizes.append(len(seal_parcel(parcel, way, until, MessageId("one"), head, house.vault).sealed))
    assert sizes[0] == sizes[1]


def test_a_guess_that_happens_to_be_a_decoys_code_leads_to_a_password_that_nobody_was_sent(house: House) -> None:
    """Decision 7."""
    reply = house.at_sign_in(house.unknown())
    assert State.AWAITING_SIGN_IN is reply.view.state
    assert State.AWAITING_SIGN_IN is house.send(reply, SignIn(house.password)).view.state
    assert house.host.sign_in(house.unknown(), house.password, HERE) is None


def test_a_decoy_is_the_same_tomorrow_and_in_another_process(open_house: Callable[..., House]) -> None:
    """R13."""
    house = open_house()
    today = house.play(Identify(house.unknown())).view
    house.later(days=1)
    other = house.neighbour.begin(HERE)
    tomorrow = house.neighbour.send(other.handle, Identify(house.unknown()), HERE).view
    assert today.choices == tomorrow.choices


def test_a_decoy_is_the_same_on_another_host_whose_ring_has_turned(house: House) -> None:
    """R13: it derives from the identity root, which the hosts share, and never from a key that rotates."""
    before = house.play(Identify(house.unknown())).view
    house.restart_with(Keys((RootKey("next", b"n" * 32), *KEYS.ring), b"i" * 32))
    assert before.choices == house.play(Identify(house.unknown())).view.choices


def test_nobody_without_the_identity_root_knows_what_a_decoy_looks_like(house: House) -> None:
    """Of twenty unknown identifiers, not all look the same under another root."""
    nirs = [f"1990133990{number:03}" for number in range(1, 21)]
    looked = [house.decoy(nir).ways for nir in nirs]
    house.restart_with(Keys(KEYS.ring, b"j" * 32))
    assert looked != [house.decoy(nir).ways for nir in nirs]


@pytest.mark.parametrize("kind", IdentifierKind)
def test_unknown_identifiers_look_as_often_like_each_profile_as_the_host_configured(
    open_house: Callable[..., House], kind: IdentifierKind
) -> None:
    """R13: weights of the host's own, unlike those of the default, told by the pages alone."""
    weights = DecoyWeights(
        types={type_: 1 for type_, rules in MATRIX.items() if kind in rules.identifiers},
        first_sign_in=80,
        channels={held: 7 if held == frozenset({Channel.EMAIL}) else 1 for held in MSA.decoys[kind].channels},
    )
    house = open_house(policy=evolve(MSA, decoys={**MSA.decoys, kind: weights}))
    pages = [house.play(Identify(identifier_of(kind, number).digits)).view for number in range(1, 301)]
    first = [view for view in pages if view.state is State.ANSWERING_CHALLENGE]
    by_email = [view for view in pages if [Channel.EMAIL] == [choice.channel for choice in view.choices]]
    assert 0.8 == pytest.approx(len(first) / 300, abs=0.1)
    assert 0.7 == pytest.approx(len(by_email) / (300 - len(first)), abs=0.25)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_profile_of_the_matrix_occurs_among_decoys_of_the_default_weights(look: Look) -> None:
    """R13, R48, invariant 9: no page is one that only an account has."""
    vault = Vault(KEYS)
    drawn = (
        decoy(vault.decoy_seed(identifier_of(look.kind, number).canonical), look.kind, Pseudonym(""), MSA)
        for number in range(1, 20_000)
    )
    assert any(look == looks_of(look.kind, each) for each in drawn)
