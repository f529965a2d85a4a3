"""Whoever guesses with two hundred threads, or through eight hosts of one store, gets no comparison more (R3).

Each secret that can be guessed at, on each store: by several journeys, channels, doors and origins at the same time,
with a request id of their own, with one for all, and with both and none. What is compared is seen where it is compared.
A call that is given up as contended has compared nothing, or what was counted.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from attrs import evolve, frozen

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChoosePassword,
    Identify,
    Input,
    OrderLetter,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.temporary import has_form
from msa_recovery.testing.people import LEA, MARIE, NIR_OF_LEA, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.guessers import Compared, by_processes, by_threads
from tests.support.hosts import Asked
from tests.support.house import AGENT, ELSEWHERE, HERE, House
from tests.support.kept import KINDS, kept

THREADS = 200
PROCESSES = 8
SIGNS = "abcdefghijkmnpqrstuvwxyz"
ANYWHERE_ELSE = Caller(origin=Origin("192.0.2.44"))

Group = Callable[[Compared], object]


def of_all(_: Compared) -> object:
    return "all"


def of_a_secret(one: Compared) -> object:
    return one.secret


def of_a_journey(one: Compared) -> object:
    return one.handle


def of_an_origin(one: Compared) -> object:
    return one.origin


@frozen
class Attack:
    """Guesses at one account.

    Attributes:
        secrets: what they are compared with.
        calls: a guess each, with no request id.
        most: how many may be compared, in each group.
    """

    secrets: frozenset[object]
    calls: Sequence[Asked]
    most: dict[Group, int]


def at_journeys(handles: Sequence[object], typed: Sequence[Input], callers: Sequence[Caller]) -> list[Asked]:
    """Each text at another journey than the one before, from another origin every time."""
    return [
        ("send", (handles[number % len(handles)], text, callers[number % len(callers)]))
        for number, text in enumerate(typed)
    ]


def passwords(house: House, many: int) -> list[str]:
    """Each another one of the right form, none of them right."""
    begin = house.password[:-2]
    texts = (f"{begin}{first}{second}" for first in SIGNS for second in SIGNS)
    return [text for text in texts if text != house.password and has_form(text, len(text))][:many]


# -- what is guessed at ------------------------------------------------------------------------------------------------


def code(house: House) -> Attack:
    """Three live codes of one account, by both channels: three guesses each, and of ten wrong ones in all one is left
    over, too few for a fourth code (R5)."""
    replies, right = [], set[str]()
    for channel, caller in (("sms", HERE), ("email", ELSEWHERE), ("sms", ANYWHERE_ELSE)):
        replies.append(house.at_code(channel=channel, caller=caller))
        right.add(house.code)
        house.later(minutes=2)
    codes = [house.journey(reply).journey.code for reply in replies]
    wrong = [text for text in (f"{number:04}" for number in range(THREADS + 3)) if text not in right][:THREADS]
    return Attack(
        frozenset(each.digest for each in codes if each is not None),
        at_journeys([each.handle for each in replies], [SubmitCode(text) for text in wrong], (HERE, ELSEWHERE)),
        {of_a_secret: 3, of_a_journey: 3, of_all: 9},
    )


def answer(house: House) -> Attack:
    """One answer a journey, three an account (R25)."""
    handles = [house.play(Identify(NIR_OF_LEA)).handle for _ in range(7)]
    typed = [AnswerChallenge("benefit_amount", f"{number + 1},11") for number in range(THREADS)]
    calls = at_journeys(handles, typed, (HERE, ELSEWHERE, ANYWHERE_ELSE, Caller()))
    return Attack(frozenset({LEA}), calls, {of_a_journey: 1, of_all: 3})


def temporary_password(house: House) -> Attack:
    """One that was sent and one by letter, guessed at in two journeys and at the door: after five the next
    one from the same origin must wait, whichever way they came (R29)."""
    sent, posted = house.at_sign_in(), house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    live = house.ledger(MARIE).ledger.temporary_passwords(house.clock.now())
    ways = (("send", sent.handle), ("send", posted.handle), ("sign_in", NIR_OF_MARIE))
    calls: list[Asked] = []
    for number, text in enumerate(passwords(house, THREADS)):
        name, whose = ways[number % 3]
        caller = (HERE, ELSEWHERE)[number // 3 % 2]
        calls.append((name, (whose, SignIn(text) if name == "send" else text, caller)))
    return Attack(frozenset(each.digest for each in live), calls, {of_an_origin: 5, of_all: 10})


def current_password(house: House) -> Attack:
    """Five a journey, twenty-five an account and day."""
    handles = [house.host.begin_change(MARIE, HERE).handle for _ in range(8)]
    typed = [ProvePassword(f"faux {number}") for number in range(THREADS)]
    return Attack(frozenset({MARIE}), at_journeys(handles, typed, (HERE, ELSEWHERE)), {of_a_journey: 5, of_all: 25})


def new_password(house: House) -> Attack:
    """Ten after each of two sign-ins: a comparison with any other password would end both journeys (R43)."""
    here = house.at_new_password()
    there = house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE)
    assert isinstance(there, Reply)
    handles = [here.handle, there.handle]
    typed = [ChoosePassword(USUAL_PASSWORD, USUAL_PASSWORD)] * THREADS
    return Attack(frozenset({MARIE}), at_journeys(handles, typed, (HERE, ELSEWHERE)), {of_a_journey: 10, of_all: 20})


ATTACKS = [code, answer, temporary_password, current_password, new_password]


# -- how they are named ------------------------------------------------------------------------------------------------


def each_its_own(number: int) -> str | None:
    return f"request {number}"


def one_for_all(_: int) -> str | None:
    return "the same"


def mixed(number: int) -> str | None:
    return (None, "the same", f"request {number // 6}")[number % 3]


NAMED = [each_its_own, one_for_all, mixed]


def named(calls: Sequence[Asked], request_id: Callable[[int], str | None]) -> list[Asked]:
    return [
        (name, (whose, typed, evolve(caller, request_id=request_id(number))))
        for number, (name, (whose, typed, caller)) in enumerate(calls)
    ]


def too_many(attack: Attack, compared: Sequence[Compared]) -> dict[str, Counter[object]]:
    """The groups that got more than they may, each with what each of them got."""
    found: dict[str, Counter[object]] = {}
    for group, most in attack.most.items():
        # A double submit of one text is one guess: it tells what was told before.
        tally = Counter(key for key, _ in {(group(one), one.guess) for one in compared})
        over = Counter({key: number for key, number in tally.items() if number > most})
        if over or not tally:
            found[group.__name__] = over
    return found


# -- at once -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_id", NAMED)
@pytest.mark.parametrize("attack", ATTACKS)
def test_two_hundred_threads_get_no_comparison_more(
    attack: Callable[[House], Attack], request_id: Callable[[int], str | None]
) -> None:
    """R3, R5."""
    house = House()
    plan = attack(house)
    assert {} == too_many(plan, by_threads(house, plan.secrets, named(plan.calls, request_id)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_two_hundred_threads_get_no_comparison_more_on_what_is_shared(
    attack: Callable[[House], Attack], kind: str, tmp_path: Path
) -> None:
    """R3, R5."""
    with kept(kind, tmp_path) as shared:
        house = House(store=shared.store)
        plan = attack(house)
        compared = by_threads(house, plan.secrets, named(plan.calls, mixed))
    assert {} == too_many(plan, compared)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_eight_hosts_of_one_store_get_no_comparison_more(
    attack: Callable[[House], Attack], kind: str, tmp_path: Path
) -> None:
    """R3, R5: nothing is remembered in a process alone."""
    with kept(kind, tmp_path) as shared:
        house = House(store=shared.store)
        plan = attack(house)
        compared = by_processes(house, plan.secrets, named(plan.calls[: 8 * PROCESSES], mixed), PROCESSES)
    assert {} == too_many(plan, compared)


def test_no_more_origins_than_sixteen_are_kept_apart_and_no_wait_is_shared() -> None:
    """R29, R30, decision 1: sixteen get five tries each; a wait that the others shared would keep the owner out."""
    house = House()
    house.at_sign_in()
    sent = house.ledger(MARIE).ledger.sent_password
    origins = [Caller(origin=Origin(f"192.0.2.{number}")) for number in range(20)]
    calls: list[Asked] = [
        ("sign_in", (NIR_OF_MARIE, text, origins[number % 20])) for number, text in enumerate(passwords(house, THREADS))
    ]
    compared = by_threads(house, frozenset({sent and sent.digest}), calls)
    tries = Counter(one.origin for one in compared)
    assert 4 >= sum(number > 5 for number in tries.values())
    assert isinstance(house.host.sign_in(NIR_OF_MARIE, house.password, HERE), Reply)
