"""Names that collide (Spotify 2013, Unicode user names; e-mail in other cases, many): what is registered under one
normal form is looked up under another, and the reset of the one is the reset of the other.

Replayed: every way to write an identifier, a password and a contact; what means the same has one count, what does not
has its own.
"""

import unicodedata

import pytest

from msa_recovery.domain.identifiers import parse_identifier
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, ProvePassword
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import Problem
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE, NIR_OF_PAUL, SIRET_OF_PAUL
from tests.support.house import HERE, House

SAME = ["2 84 03 33 900 001", "2840333900001", "2-84-03-33-900-001", "\u00a02840333900001\u202f"]
OTHERS = ["brouette-7-bleue-au-pre", "Brouette-7-bleue-au-pre ", "\uff22rouette-7-bleue-au-pre"]
CORSICAN = [("185052A004001", "185052a004001"), ("185052B004001", "185052b004001")]


def canonical(text: str) -> str | None:
    found = parse_identifier(text)
    return None if isinstance(found, Problem) else found.canonical


@pytest.mark.parametrize("text", SAME)
def test_one_person_has_one_count_however_the_number_is_written(house: House, text: str) -> None:
    """R46, R5."""
    house.at_code(NIR_OF_MARIE)
    view = house.play(Identify(text), ChooseChannel("sms")).view
    assert (State.CHOOSING_CHANNEL, 1) == (view.state, len(house.ledger(MARIE).ledger.sends))


def test_with_its_key_and_without_it_a_number_is_one(house: House) -> None:
    """R46, R5: a wrong key names nobody."""
    keyed = [f"{NIR_OF_MARIE}{key:02}" for key in range(1, 98)]
    assert {canonical(NIR_OF_MARIE), None} == {canonical(text) for text in keyed}
    assert 1 == sum(canonical(text) is not None for text in keyed)


@pytest.mark.parametrize(("upper", "lower"), CORSICAN)
def test_a_corsican_number_is_one_in_either_case(upper: str, lower: str) -> None:
    """R46."""
    assert canonical(upper) is not None
    assert canonical(upper) == canonical(lower)


def test_two_departments_of_corsica_are_two_people_and_no_number_is_a_third() -> None:
    """R46: 2A and 2B become 19 and 18 for the key alone, not for the person."""
    names = [canonical(text) for text in ("185052A004001", "185052B004001", "1850519004001", "1850518004001")]
    assert len(names) == len(set(names))


def test_a_nir_and_a_siret_of_different_accounts_never_share_a_name() -> None:
    """R46, R47: one cannot be written as the other."""
    texts = [NIR_OF_MARIE, NIR_OF_PAUL, SIRET_OF_PAUL]
    assert 3 == len({canonical(text) for text in texts})


def test_unknown_people_with_numbers_alike_have_counts_of_their_own(house: House) -> None:
    """R13: the one who comes after is not slowed down by the one before."""
    first = house.unknown()
    next_door = f"{int(first) + 1}"
    house.at_code(first)
    sends = [len(house.store.ledger(house.decoy(nir).pseudonym).ledger.sends) for nir in (first, next_door)]
    assert [1, 0] == sends


def test_a_password_is_the_same_composed_and_decomposed(house: House) -> None:
    """R41: typed on another keyboard."""
    text = "Brouétte-7-bleue-au-pré"
    composed, apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    reply = house.at_new_password()
    assert State.CONFIRMING_CONTACTS is house.send(reply, ChoosePassword(composed, apart)).view.state
    change = house.host.begin_change(MARIE, HERE)
    assert State.PERSONALISING_PASSWORD is house.send(change, ProvePassword(apart)).view.state


@pytest.mark.parametrize("other", OTHERS, ids=range(len(OTHERS)))
def test_a_password_in_another_case_or_width_is_another(house: House, other: str) -> None:
    """R41: nothing but NFC is done to it."""
    reply = house.at_new_password()
    house.send(reply, ChoosePassword("Brouette-7-bleue-au-pre", "Brouette-7-bleue-au-pre"))
    change = house.host.begin_change(MARIE, HERE)
    assert State.PROVING_PASSWORD is house.send(change, ProvePassword(other)).view.state
