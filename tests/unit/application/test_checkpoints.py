"""A checkpoint vouches for the audit so far; hosts sign it side by side, and go on meanwhile."""

from collections.abc import Callable

import pytest

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.application.errors import Contended
from msa_recovery.application.records import KeyUse, Place
from msa_recovery.application.sealed import key_named_by
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import Identify
from msa_recovery.testing.people import NIR_OF_MARIE, START
from msa_recovery.testing.tapped import Call, through
from tests.support.house import HERE, KEYS, House

ROTATED = Keys((RootKey("new", b"n" * 32), *KEYS.ring), KEYS.identity)


def test_a_checkpoint_covers_every_fact_so_far(house: House) -> None:
    house.play(Identify(NIR_OF_MARIE), Abandon())
    signed = house.host.checkpoint()
    assert (1, START, 3, 3) == (signed.number, signed.at, signed.facts, signed.through)


def test_the_next_one_goes_on_from_there(house: House) -> None:
    house.host.begin(HERE)
    first = house.host.checkpoint()
    house.host.begin(HERE)
    second = house.host.checkpoint()
    assert (2, 2, first.mac) == (second.number, second.facts, second.before)


def test_where_nothing_followed_no_further_one_is_signed(house: House) -> None:
    house.host.begin(HERE)
    assert house.host.checkpoint() == house.host.checkpoint()


def test_of_an_empty_audit_none_is_signed(house: House) -> None:
    assert 0 == house.host.checkpoint().number
    assert house.store.last_checkpoint() is None


def test_an_audit_of_many_pages_is_covered_whole(house: House) -> None:
    for _ in range(1_001):
        house.neighbour.begin(HERE)
    assert 1_001 == house.host.checkpoint().facts


def test_a_host_that_was_beaten_signs_behind_the_other_one(house: House) -> None:
    house.host.begin(HERE)

    def neighbour_first(call: Call, go: Callable[[], object]) -> object:
        if str(call) == "store.commit":
            house.tap = through
            house.neighbour.checkpoint()
            house.neighbour.begin(HERE)
        return go()

    house.tap = neighbour_first
    assert (2, 2) == ((signed := house.host.checkpoint()).number, signed.facts)


def test_a_host_that_is_always_beaten_says_so(house: House) -> None:
    house.host.begin(HERE)
    house.tap = lambda call, go: False if str(call) == "store.commit" else go()
    with pytest.raises(Contended):
        house.host.checkpoint()


def test_resealing_ends_with_a_checkpoint_by_the_new_key(house: House) -> None:
    """From then on the audit needs no earlier one."""
    house.host.begin(HERE)
    house.host.checkpoint()
    house.restart_with(ROTATED)
    before = house.store.keys_besides("new", START)
    still = house.host.reseal().still
    last = house.store.last_checkpoint()
    assert last is not None
    assert ((KeyUse("test", Place.CHECKPOINTS, 1),), (), "new", 1) == (
        before,
        still,
        key_named_by(last.mac),
        last.facts,
    )


def test_facts_at_one_door_at_once_are_all_kept(house: House) -> None:
    """The one that was beaten is linked behind the other one."""
    house.host.sign_in(NIR_OF_MARIE, "Ab3#efghijkm", HERE)

    def neighbour_first(call: Call, go: Callable[[], object]) -> object:
        if str(call) == "store.commit":
            house.tap = through
            house.neighbour.sign_in(NIR_OF_MARIE, "Ab3#efghijkm", HERE)
        return go()

    house.tap = neighbour_first
    house.host.sign_in(NIR_OF_MARIE, "Ab3#efghijkm", HERE)
    assert [1, 2, 3] == [row.number for row in house.store.audit()]


def test_a_door_where_others_are_always_quicker_says_so(house: House) -> None:
    house.tap = lambda call, go: False if str(call) == "store.commit" else go()
    with pytest.raises(Contended):
        house.host.sign_in(NIR_OF_MARIE, "Ab3#efghijkm", HERE)
