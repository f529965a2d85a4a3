"""Digests that are good wherever they are put (unkeyed hashes of reset tokens; many): whoever can write the table, by
an injection or a backup, copies their own token's hash into the row of somebody else.

Replayed: with one's own secret and the right to write the store, but without its keys.
"""

from attrs import evolve

from msa_recovery.application.records import Change
from msa_recovery.domain.inputs import SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE, NIR_OF_PAUL, PAUL
from tests.support.house import ELSEWHERE, HERE, House


def test_the_digest_of_ones_own_code_is_of_no_use_in_another_journey(house: House) -> None:
    """R10, R2: it covers the journey and the account."""
    mine = house.at_code(NIR_OF_PAUL, caller=ELSEWHERE)
    code = house.code
    hers = house.at_code(NIR_OF_MARIE)
    stored, own = house.journey(hers), house.journey(mine).journey.code
    assert stored.journey.code is not None
    assert own is not None
    forged = evolve(stored.journey, code=evolve(stored.journey.code, digest=own.digest))
    assert house.store.commit(Change(journey=evolve(stored, journey=forged)))
    assert State.CONFIRMING_CODE is house.send(hers, SubmitCode(code)).view.state


def test_the_digest_of_a_code_is_of_no_use_in_another_journey_of_the_same_account(house: House) -> None:
    """R10, R11."""
    first = house.at_code(caller=ELSEWHERE)
    code = house.code
    house.later(minutes=2)
    second = house.at_code()
    stored, earlier = house.journey(second), house.journey(first).journey.code
    assert house.store.commit(Change(journey=evolve(stored, journey=evolve(stored.journey, code=earlier))))
    assert State.CONFIRMING_CODE is house.send(second, SubmitCode(code)).view.state


def test_the_digest_of_ones_own_temporary_password_is_of_no_use_to_another_account(house: House) -> None:
    """R18, R2."""
    house.at_sign_in(NIR_OF_PAUL)
    password = house.password
    hers, own = house.ledger(MARIE), house.ledger(PAUL).ledger.sent_password
    forged = evolve(hers, ledger=evolve(hers.ledger, sent_password=own))
    assert house.store.commit(Change(ledger=forged, write_ledger=True))
    assert house.host.sign_in(NIR_OF_MARIE, password, HERE) is None
