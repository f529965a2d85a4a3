"""Somebody else's commit comes in between: the event is decided again, and nothing counts twice."""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.errors import Contended, EventNotAccepted
from msa_recovery.application.ports import Purpose
from msa_recovery.application.reply import Reply
from msa_recovery.application.world import ATTEMPTS
from msa_recovery.domain.events import ConfirmContacts, GoBack, ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import (
    LEA,
    MARIE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    SERIAL,
    USUAL_PASSWORD,
)
from msa_recovery.testing.tapped import Call, Tap
from tests.support.house import ELSEWHERE, HERE, House


def refusing(*commits: int) -> Tap:
    """A store that says of these commits, counted from 1, that a version had moved."""
    made = 0

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        nonlocal made
        if str(call) == "store.commit":
            made += 1
            if made in commits:
                return False
        return go()

    return tap


def meddling(commit: int, meddle: Callable[[], object]) -> Tap:
    """Somebody does something just before this commit, counted from 1."""
    made = 0

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        nonlocal made
        if str(call) == "store.commit":
            made += 1
            if made == commit:
                meddle()
        return go()

    return tap


Begun = Callable[[House], tuple[Any, Input]]


def _wrong_code(house: House) -> tuple[Any, Input]:
    return house.at_code(), SubmitCode(house.wrong_code)


def _right_code(house: House) -> tuple[Any, Input]:
    return house.at_code(), SubmitCode(house.code)


def _right_answer(house: House) -> tuple[Any, Input]:
    return house.play(Identify(NIR_OF_LEA)), AnswerChallenge("vitale_serial", SERIAL)


def _right_sign_in(house: House) -> tuple[Any, Input]:
    return house.at_sign_in(), SignIn(house.password)


def _new_password(house: House) -> tuple[Any, Input]:
    return house.at_new_password(), ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)


def _right_current_password(house: House) -> tuple[Any, Input]:
    return house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD)


def _channel(house: House) -> tuple[Any, Input]:
    return house.play(Identify(NIR_OF_MARIE)), ChooseChannel("sms")


GUESSES = [_wrong_code, _right_code, _right_answer, _right_sign_in, _new_password, _right_current_password]


def state_of(house: House, reply: Any, event: Input) -> tuple[object, ...]:
    """What an event came to, all that counts, but for what is drawn at random."""
    view = house.send(reply, event).view
    marie, lea = house.ledger(MARIE).ledger, house.ledger(LEA).ledger
    counts = (
        len(ledger_part)
        for ledger in (marie, lea)
        for ledger_part in (ledger.code_guesses, ledger.answers, ledger.current_password_guesses, ledger.sends)
    )
    tries = marie.sign_in_count(house.clock.now())
    slots = tuple(slot.guesses_left for slot in marie.codes)
    return view.state, view.problem, view.attempts_left, *counts, tries, slots, len(house.store.outbox())


@pytest.mark.parametrize("begun", [*GUESSES, _channel])
@pytest.mark.parametrize("commit", [1, 2])
def test_a_lost_race_changes_nothing_of_what_comes_out(
    open_house: Callable[..., House], begun: Begun, commit: int
) -> None:
    undisturbed, disturbed = open_house(), open_house()
    expected = state_of(undisturbed, *begun(undisturbed))
    reply, event = begun(disturbed)
    disturbed.tap = refusing(commit)
    assert expected == state_of(disturbed, reply, event)


@pytest.mark.parametrize("begun", [_right_answer, _new_password, _right_current_password])
def test_a_guess_is_compared_once_however_often_it_is_decided(house: House, begun: Begun) -> None:
    """Invariant 14: the second attempt knows what came of it."""
    reply, event = begun(house)
    house.tap = refusing(2, 3, 4)
    before = house.count("accounts.proofs") + house.count("accounts.password_matches")
    house.send(reply, event)
    assert 1 == house.count("accounts.proofs") + house.count("accounts.password_matches") - before


def test_a_code_is_compared_once_however_often_it_is_decided(house: House) -> None:
    reply, event = _wrong_code(house)
    house.tap = refusing(2, 3, 4)
    house.send(reply, event)
    verified = [call for call in house.calls if str(call) == "vault.verify" and call.arguments[0] is Purpose.CODE]
    assert 1 == len(verified)


def test_a_guess_at_a_code_that_is_replaced_before_it_is_counted_is_counted_against_the_new_one(house: House) -> None:
    reply, event = _wrong_code(house)
    house.later(minutes=2)
    house.tap = meddling(1, lambda: house.neighbour.send(reply.handle, ResendCode(), HERE))
    assert 2 == house.send(reply, event).view.attempts_left
    assert 1 == len(house.ledger(MARIE).ledger.code_guesses)


def test_a_guess_at_a_code_that_is_replaced_after_it_was_compared_is_another_guess(house: House) -> None:
    """Decision 6: a race between *resend* and *submit* must not compare one counted guess with two codes."""
    reply, event = _wrong_code(house)
    house.later(minutes=2)
    house.tap = meddling(2, lambda: house.neighbour.send(reply.handle, ResendCode(), HERE))
    assert 2 == house.send(reply, event).view.attempts_left
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)


def test_the_right_code_that_is_replaced_after_it_was_compared_is_dead(house: House) -> None:
    """R11: what counts is the code that is live when the step is committed."""
    reply, event = _right_code(house)
    house.later(minutes=2)
    house.tap = meddling(2, lambda: house.neighbour.send(reply.handle, ResendCode(), HERE))
    view = house.send(reply, event).view
    assert (State.CONFIRMING_CODE, 2) == (view.state, view.attempts_left)


@pytest.mark.parametrize("commit", [1, 2])
def test_the_guess_of_another_journey_that_comes_in_between_is_counted_too(house: House, commit: int) -> None:
    """Once each."""
    other = house.at_code(caller=ELSEWHERE)
    others_wrong = house.wrong_code
    house.later(minutes=2)
    reply, event = _wrong_code(house)
    house.tap = meddling(commit, lambda: house.neighbour.send(other.handle, SubmitCode(others_wrong), ELSEWHERE))
    assert 2 == house.send(reply, event).view.attempts_left
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)
    assert [2, 2] == [slot.guesses_left for slot in house.ledger(MARIE).ledger.codes]


def test_whoever_comes_first_decides(house: House) -> None:
    """The journey went on meanwhile: the event is judged by where it is now."""
    reply, event = _wrong_code(house)
    house.tap = meddling(1, lambda: house.neighbour.send(reply.handle, GoBack(), HERE))
    with pytest.raises(EventNotAccepted):
        house.send(reply, event)


def test_a_password_that_another_journey_sets_meanwhile_ends_this_one(house: House) -> None:
    """R22: the epoch moved between the comparison and the commit."""
    first = house.at_new_password()
    house.later(minutes=2)
    second = house.at_new_password(caller=ELSEWHERE)
    house.tap = meddling(
        2, lambda: house.neighbour.send(second.handle, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), ELSEWHERE)
    )
    theirs = "Un-autre-mot-2-passe"
    assert State.LAPSED is house.send(first, ChoosePassword(theirs, theirs)).view.state
    assert NEW_PASSWORD == house.held(MARIE).password_hash


@pytest.mark.parametrize("begun", [*GUESSES, _channel])
def test_who_always_loses_is_told_so_in_the_end(house: House, begun: Begun) -> None:
    reply, event = begun(house)
    house.tap = refusing(*range(1, 1_000))
    before = house.count("store.commit")
    with pytest.raises(Contended, match="try again"):
        house.send(reply, event)
    assert ATTEMPTS == house.count("store.commit") - before


@pytest.mark.parametrize("commits", [range(1, 1_000), range(2, 1_000)], ids=["reservation", "step"])
def test_who_always_loses_at_the_door_is_told_so_in_the_end(house: House, commits: range) -> None:
    house.at_sign_in()
    house.tap = refusing(*commits)
    with pytest.raises(Contended):
        house.host.sign_in(NIR_OF_MARIE, house.password, HERE)


@pytest.mark.parametrize("commit", [1, 2])
def test_a_race_lost_at_the_door_is_run_again(house: House, commit: int) -> None:
    house.at_sign_in()
    house.tap = refusing(commit)
    reply = house.host.sign_in(NIR_OF_MARIE, house.password, HERE)
    assert isinstance(reply, Reply)
    assert State.PERSONALISING_PASSWORD is house.host.resume(reply.handle, HERE).view.state


def test_a_journey_whose_name_is_taken_is_not_begun(house: House) -> None:
    """128 random bits twice: the store says so, and nothing is overwritten."""
    house.tap = refusing(1)
    with pytest.raises(Contended):
        house.host.begin(HERE)


@pytest.mark.parametrize("door", ["pending", "begin_change"])
def test_effects_that_stay_open_keep_the_doors_shut(house: House, door: str) -> None:
    """Whoever touches the account applies them first; if that never ends, the host is told."""

    def never_applied(call: Call, go: Callable[[], Any]) -> Any:
        return True if str(call) == "store.commit" and call.arguments[0].applied else go()

    house.tap = never_applied
    house.at_contacts()
    with pytest.raises(Contended):
        getattr(house.host, door)(MARIE, HERE)


def test_effects_that_stay_open_stop_every_event(house: House) -> None:
    def never_applied(call: Call, go: Callable[[], Any]) -> Any:
        return True if str(call) == "store.commit" and call.arguments[0].applied else go()

    house.tap = never_applied
    reply = house.at_contacts()
    with pytest.raises(Contended):
        house.send(reply, ConfirmContacts())
    with pytest.raises(Contended):
        house.host.sign_in(NIR_OF_MARIE, "Ab3#efghijkm", HERE)
