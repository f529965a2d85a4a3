"""Walks over the keys of a keyboard."""

from itertools import pairwise
from typing import Any

import pytest
from zxcvbn import scoring

from msa_recovery.adapters.keyboards import Keyboard, azerty_keyboards, known_keyboards, zxcvbn_keyboards

PC, MAC = azerty_keyboards()
QWERTY = zxcvbn_keyboards()[0]
ZXCVBNS = ("qwerty", "dvorak", "keypad", "mac_keypad")


def turns(keyboard: Keyboard, walk: str) -> int:
    """How often a walk takes another direction; fails if it is none."""
    headings = [keyboard.steps[one + two][0] for one, two in pairwise(walk)]
    return 1 + sum(one != two for one, two in pairwise(headings))


@pytest.mark.parametrize(
    "walk",
    ["azertyuiop^$", "qsdfghjklmù*", "<wxcvbn,;:!", "²&é\"'(-è_çà)=", "1234567890°+", "AZERTYUIOP¨£", "aQsZeDfR"],
)
def test_what_lies_side_by_side_on_a_french_pc_is_a_walk(walk: str) -> None:
    assert all(one + two in PC.steps for one, two in pairwise(walk))


@pytest.mark.parametrize("walk", ["@&é\"'(§è!çà)-", "#1234567890°_", "azertyuiop^$", "qsdfghjklmù`", "<wxcvbn,;:="])
def test_what_lies_side_by_side_on_a_french_mac_is_a_walk(walk: str) -> None:
    assert all(one + two in MAC.steps for one, two in pairwise(walk))


@pytest.mark.parametrize("step", ["qw", "az", "as", "zx", "è-"])
def test_the_two_kinds_of_keyboards_are_not_mixed_up(step: str) -> None:
    """``az`` is one step on a French keyboard alone, and so is ``as`` elsewhere."""
    assert (step in {"qw", "az", "è-"}) == (step in PC.steps)


def test_each_key_has_two_neighbours_above_two_beside_and_two_below() -> None:
    around = {step[1] for step in PC.steps if step[0] == "g"}
    assert set("tTyYfFhHvVbB") == around


def test_a_step_can_be_taken_back() -> None:
    for keyboard in (PC, MAC):
        back = {direction: (direction + 3) % 6 for direction in range(6)}
        assert [] == [step for step, (way, _) in keyboard.steps.items() if keyboard.steps[step[::-1]][0] != back[way]]


@pytest.mark.parametrize(
    ("walk", "turned"),
    [("azertyuiop", 1), ("azqs", 3), ("1aqw", 1), ("1a2z3e", 5), ("&a\u00e9z", 3), ("poiuytreza", 1)],
)
def test_turns_are_counted_as_a_finger_makes_them(walk: str, turned: int) -> None:
    assert turned == turns(PC, walk)


def test_no_digit_counts_as_shifted() -> None:
    """``azerty123`` is no harder to guess because the digits of a French keyboard need Shift."""
    assert set() == PC.shifted & set("0123456789")


@pytest.mark.parametrize("shifted", ["A", "M", "£", "µ", "%", ">", "?", ".", "/", "§", "°", "+"])
def test_what_needs_shift_counts_as_shifted(shifted: str) -> None:
    assert shifted in PC.shifted


@pytest.mark.parametrize("plain", ["a", "m", "$", "*", "ù", "<", ",", ";", ":", "!", "é", "&", "="])
def test_what_needs_no_shift_does_not(plain: str) -> None:
    assert plain not in PC.shifted


def test_a_walk_may_start_at_each_character_of_its_own_keyboard() -> None:
    """Neither qwerty's 94 nor the 15 of a keypad: 48 keys, of which one has no second character."""
    assert (95, 96) == (PC.starts, MAC.starts)


def test_a_straight_walk_over_three_keys_is_any_such_walk_over_two_or_three() -> None:
    """The rows have 13, 12, 12 and 11 keys, so 44 pairs lie beside and 23 + 23 + 21 above each other: 111.

    Each pair is two steps, each of them from either character of a key; but for the one from ``²``, which stands alone.
    """
    around = 2 * 2 * 111 - 1
    assert 2 * around == pytest.approx(PC.guesses(length=3, turns=1, shifted=0))


@pytest.mark.parametrize("shifted", [0, 1, 3, 7])
@pytest.mark.parametrize("turned", [1, 2, 6])
@pytest.mark.parametrize(("keyboard", "name"), list(zip(zxcvbn_keyboards(), ZXCVBNS, strict=True)))
def test_walks_over_zxcvbns_keyboards_take_the_guesses_that_it_counts(
    keyboard: Keyboard, name: str, turned: int, shifted: int
) -> None:
    walk: Any = {"graph": name, "token": "x" * 7, "turns": turned, "shifted_count": shifted}
    assert float(scoring.spatial_guesses(walk)) == pytest.approx(keyboard.guesses(7, turned, shifted))


@pytest.mark.parametrize(("length", "turned", "shifted"), [(6, 1, 0), (10, 2, 1), (8, 7, 4)])
def test_a_walk_is_about_as_hard_to_guess_in_france_as_in_america(length: int, turned: int, shifted: int) -> None:
    french = [keyboard.guesses(length, turned, shifted) for keyboard in azerty_keyboards()]
    assert french == pytest.approx([QWERTY.guesses(length, turned, shifted)] * 2, rel=0.15)


@pytest.mark.parametrize(
    ("walk", "turned", "shifted"),
    [("azertyuiop", 1, 0), ("AZerty", 1, 2), ("azqs", 3, 0), ("1A2z", 3, 1), ("Aqw", 1, 1)],
)
def test_the_guesses_of_a_walk_are_those_of_its_length_its_turns_and_its_shifted_keys(
    walk: str, turned: int, shifted: int
) -> None:
    assert PC.guesses(len(walk), turned, shifted) == PC.guesses_of(walk)


def test_all_keyboards_are_known() -> None:
    assert (*zxcvbn_keyboards(), *azerty_keyboards()) == known_keyboards()
