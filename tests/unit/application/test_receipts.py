"""What a transport says later of a message that it took is for the operator, and for nobody else."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from msa_recovery.application.errors import CallerError, Contended
from msa_recovery.application.messages import Rejected
from msa_recovery.application.records import OutboxState
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.inputs import Identify, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import NIR_OF_ROGER, ROGER
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House


def handed_over(house: House) -> str:
    """A code that a messenger has taken."""
    house.at_code()
    house.host.relay()
    return house.store.outbox()[0].id


def test_a_message_that_never_arrived_is_kept_as_lost(house: House) -> None:
    name = handed_over(house)
    assert house.host.lost_message(name)
    assert ([OutboxState.LOST], FactName.MESSAGE_LOST) == (
        [row.state for row in house.store.outbox()],
        house.facts()[-1],
    )


def test_an_operator_reads_which_message_did_not_arrive(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Once, and of one that was promised alone: anybody may send a receipt."""
    name = handed_over(house)
    for each in (name, name, "nothing.1.1"):
        house.host.lost_message(each)
    assert [f"message {name} by sms did not arrive"] == [record.getMessage() for record in caplog.records]


def test_it_is_not_sent_again(house: House) -> None:
    house.host.lost_message(handed_over(house))
    house.later(minutes=5)
    assert Relayed() == house.host.relay()


def test_a_receipt_that_comes_twice_is_kept_once(house: House) -> None:
    name = handed_over(house)
    assert [True, True] == [house.host.lost_message(name) for _ in range(2)]
    assert 1 == house.facts().count(FactName.MESSAGE_LOST)


def test_a_name_that_nobody_has_is_nothing(house: House) -> None:
    """Anybody may send a receipt."""
    before = len(house.facts())
    assert not house.host.lost_message("nothing.1.1")
    assert before == len(house.facts())


def test_what_waits_is_not_lost(house: House) -> None:
    """Handed over again, it may arrive."""
    house.at_code()
    (row,) = house.store.outbox()
    assert not house.host.lost_message(row.id)
    assert (row,) == tuple(house.store.outbox())


def test_a_dead_letter_is_not_lost(house: House) -> None:
    house.at_code()
    house.answer_with(Rejected())
    house.host.relay()
    assert not house.host.lost_message(house.store.outbox()[0].id)
    assert OutboxState.DEAD is house.store.outbox()[0].state


def test_whoever_asked_sees_nothing_of_it(house: House) -> None:
    """R15: the code of an SMS that is said to be lost works, and the page is the same."""
    reply = house.at_code()
    house.host.relay()
    house.host.lost_message(house.store.outbox()[0].id)
    assert reply.view == house.host.resume(reply.handle, HERE).view
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state


def test_a_lost_letter_is_still_the_one_under_way(house: House) -> None:
    """R30: whoever says so spoils no password that is under way."""
    house.play(Identify(NIR_OF_ROGER))
    house.host.relay()
    before = house.ledger(ROGER)
    assert house.host.lost_message(house.store.outbox()[0].id)
    assert before == house.ledger(ROGER)


def test_two_receipts_at_the_same_moment_are_kept_once(house: House) -> None:
    name = handed_over(house)

    def quicker(asked: Call, go: Callable[[], Any]) -> Any:
        if asked.method == "commit":
            house.neighbour.lost_message(name)
        return go()

    house.tap = quicker
    with pytest.raises(Contended):
        house.host.lost_message(name)
    assert 1 == house.facts().count(FactName.MESSAGE_LOST)


def test_a_name_that_is_no_text_is_refused(house: House) -> None:
    with pytest.raises(CallerError, match="message"):
        house.host.lost_message(cast("str", 7))
