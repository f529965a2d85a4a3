"""Replays after the record is gone (nonces and used tokens that are forgotten too early; many): what was used up is
purged, and what was used is then as good as new.

Replayed: every secret and handle of a journey that was purged, and every count that must outlive it.
"""

import pytest

from msa_recovery.application.errors import UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.events import Abandon, ConfirmContacts
from msa_recovery.domain.inputs import AnswerChallenge, Identify, ProvePassword, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import LEA, MARIE, NIR_OF_LEA, NIR_OF_MARIE
from tests.support.house import ELSEWHERE, House, asked


def purged(house: House, reply: Reply) -> None:
    """The journey is over, its time is up, and it is gone."""
    house.later(days=31)
    while house.host.lapse_due() + house.host.purge():
        pass
    with pytest.raises(UnknownHandle):
        house.host.resume(reply.handle, ELSEWHERE)


def test_the_handle_of_a_purged_journey_is_unknown_with_every_event(house: House) -> None:
    """R34, R59: and with the request id that it knew."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code), asked("once"))
    house.send(reply, Abandon())
    purged(house, reply)
    for event in (SubmitCode(house.code), SubmitCode(house.wrong_code), Abandon()):
        with pytest.raises(UnknownHandle):
            house.host.send(reply.handle, event, asked("once"))


def test_a_temporary_password_that_was_used_is_no_better_after_the_purge(house: House) -> None:
    """R18, R59."""
    reply = house.send(house.at_contacts(), ConfirmContacts())
    purged(house, reply)
    assert house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE) is None


def test_a_code_of_a_purged_journey_is_good_in_no_new_one(house: House) -> None:
    """R11, R59."""
    old = house.at_code()
    code = house.code
    house.send(old, Abandon())
    purged(house, old)
    new = house.at_code()
    while house.code == code:
        house.later(minutes=2)
        new = house.at_code(caller=ELSEWHERE)
    assert State.CONFIRMING_CODE is house.send(new, SubmitCode(code)).view.state


def test_a_purge_gives_no_guess_back_before_its_thirty_days(house: House) -> None:
    """R4, R59: journeys go, what was counted of the account stays for its window."""
    house.host.purge()
    reply = house.at_code()
    for _ in range(3):
        reply = house.send(reply, SubmitCode(house.wrong_code))
    house.send(reply, Abandon())
    house.later(days=29)
    while house.host.lapse_due() + house.host.purge():
        pass
    assert (3, 1) == (len(house.ledger(MARIE).ledger.code_guesses), len(house.ledger(MARIE).ledger.sends))


def test_a_purge_gives_no_letter_and_no_answer_back(house: House) -> None:
    """R25, R27, R59."""
    reply = house.play(Identify(NIR_OF_LEA), AnswerChallenge("vitale_serial", "0123456789"))
    house.send(reply, Abandon())
    house.later(days=29)
    while house.host.lapse_due() + house.host.purge():
        pass
    ledger = house.ledger(LEA).ledger
    assert (1, 1) == (len(ledger.answers), len(ledger.letters))


def test_a_password_from_before_the_purge_proves_nothing_after_a_new_one(house: House) -> None:
    """R22, R59: the epoch outlives the journeys."""
    change = house.host.begin_change(MARIE, ELSEWHERE)
    house.send(house.at_contacts(), ConfirmContacts())
    while house.host.lapse_due() + house.host.purge():
        pass
    assert State.LAPSED is house.send(change, ProvePassword("x")).view.state
    assert 1 == house.ledger(MARIE).ledger.epoch


def test_a_temporary_password_outlives_the_journey_that_asked_for_it(house: House) -> None:
    """R59, R18: it is the account's; the purge of an abandoned journey takes no password with it."""
    reply = house.at_sign_in()
    house.send(reply, Abandon())
    house.later(hours=23)
    house.host.purge()
    again = house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE)
    assert isinstance(again, Reply)
