"""OWASP WSTG-ATHN-09 (weak password change or reset): a reset that somebody else asks for replaces the password at
once, locks the account, or can be asked for until its owner drowns in messages.

Replayed: what a reset does to an account whose owner did not ask for it, at each step. ``property/test_harassment``
does it in any order.
"""

from collections.abc import Callable

import pytest

from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import ChoosePassword, Identify, OrderLetter, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE, NIR_OF_ROGER, ROGER, USUAL_PASSWORD
from tests.support.house import AGENT, HERE, House


def spent(house: House) -> Reply:
    """Ten wrong codes, then a letter."""
    for _ in range(3):
        reply = house.at_code()
        for _ in range(3):
            reply = house.send(reply, SubmitCode(house.wrong_code))
        house.later(hours=9)
    return house.play(Identify(NIR_OF_MARIE))


def weak(house: House) -> Reply:
    return house.send(house.at_new_password(), ChoosePassword("faible", "faible"))


def wrong_password(house: House) -> Reply:
    reply = house.at_sign_in()
    for _ in range(9):
        reply = house.send(reply, SignIn(house.wrong_password))
    return reply


STEPS: list[Callable[[House], Reply]] = [
    lambda house: house.play(Identify(NIR_OF_MARIE)),
    House.at_code,
    House.at_sign_in,
    House.at_new_password,
    spent,
    weak,
    wrong_password,
    lambda house: house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT),
]


@pytest.mark.parametrize("leave", [True, False], ids=["abandoned", "left to lapse"])
@pytest.mark.parametrize("step", STEPS, ids=range(len(STEPS)))
def test_the_password_works_until_a_new_one_is_accepted(
    house: House, step: Callable[[House], Reply], leave: bool
) -> None:
    """R17, R28: at every step, and after it."""
    reply = step(house)
    if leave:
        house.send(reply, Abandon())
    house.later(days=2)
    held = house.held(MARIE)
    assert (USUAL_PASSWORD, 0) == (held.password_hash, held.sessions_revoked)


@pytest.mark.parametrize("step", STEPS, ids=range(len(STEPS)))
def test_a_usual_sign_in_asks_nothing_because_somebody_began_a_recovery(
    house: House, step: Callable[[House], Reply]
) -> None:
    """R28."""
    step(house)
    assert house.host.pending(MARIE, HERE) is None


def test_a_change_by_whoever_is_signed_in_needs_the_current_password(house: House) -> None:
    """R2: a session that was left open is not enough."""
    reply = house.host.begin_change(MARIE, HERE)
    assert State.PROVING_PASSWORD is house.send(reply, ProvePassword("faux")).view.state


def test_wrong_temporary_passwords_are_no_wrong_usual_passwords(house: House) -> None:
    """R20: counted apart, both ways."""
    wrong_password(house)
    assert () == house.ledger(MARIE).ledger.current_password_guesses


def test_an_account_that_is_asked_for_every_day_gets_two_letters_a_month(house: House) -> None:
    """R27, R30."""
    for _ in range(29):
        house.play(Identify(NIR_OF_ROGER))
        house.host.relay()
        house.later(days=1)
    assert (2, True) == (len(house.delivered(Channel.LETTER)), house.held(ROGER).password_hash == USUAL_PASSWORD)
