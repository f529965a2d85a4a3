"""What a temporary password looks like."""

import math
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from msa_recovery.domain.temporary import ALPHABET, DIGITS, LOWER, SPECIAL, UPPER, entropy_bits, has_form

GOOD = "Ab3#efghijkm"


def test_a_temporary_password_has_over_70_bits() -> None:
    """R18."""
    assert entropy_bits(12) > 70


def test_no_sign_is_in_the_alphabet_twice() -> None:
    assert len(ALPHABET) == len(set(ALPHABET))


@pytest.mark.parametrize("sign", "0Oo1lI|!2Z5S8B'\"`")
def test_at_most_one_of_each_look_alike_pair_is_used(sign: str) -> None:
    """Of ``2Z``, ``5S`` and ``8B`` the digit is kept; of the others none is."""
    assert (sign in "258") == (sign in ALPHABET)


@pytest.mark.parametrize("sign", ALPHABET)
def test_every_sign_is_one_septet_of_gsm_7(sign: str) -> None:
    """R51; the ASCII part of the basic table of 3GPP 23.038, without what needs the escape or is missing there."""
    assert sign.isascii()
    assert sign not in "[]{}\\^~|`"


@pytest.mark.parametrize(
    ("signs", "is_class"),
    [(UPPER, str.isupper), (LOWER, str.islower), (DIGITS, str.isdigit)],
    ids=["upper", "lower", "digits"],
)
def test_each_class_holds_its_kind_alone(signs: str, is_class: Callable[[str], bool]) -> None:
    assert all(is_class(sign) for sign in signs)


def test_specials_are_neither_letters_nor_digits() -> None:
    assert not any(sign.isalnum() or sign.isspace() for sign in SPECIAL)


def test_a_text_with_every_class_has_the_form() -> None:
    assert has_form(GOOD, 12)


def test_a_text_with_every_sign_has_the_form() -> None:
    assert has_form(ALPHABET, len(ALPHABET))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(GOOD[:-1], id="shorter"),
        pytest.param(GOOD + "m", id="longer"),
        pytest.param("ab3#efghijkm", id="no capital"),
        pytest.param("AB3#EFGHJKMN", id="no small letter"),
        pytest.param("Abc#efghijkm", id="no digit"),
        pytest.param("Ab3defghijkm", id="no special"),
        pytest.param("Ab3#efghijkl", id="a look-alike"),
        pytest.param("Ab3#efghijk ", id="a space"),
        pytest.param("Ab3#efghijk\n", id="a newline"),
        pytest.param("Ab٣#efghijkm", id="an Arabic digit"),
        pytest.param("Éb3#efghijkm", id="an accent"),
    ],
)
def test_any_other_text_does_not(text: str) -> None:
    assert not has_form(text, 12)


def test_ten_megabytes_are_refused_by_their_length_alone() -> None:
    """R35."""

    class Unread(str):
        __slots__ = ()

        def __iter__(self) -> Iterator[str]:
            raise AssertionError("the text was looked at")

    assert not has_form(Unread("A" * 10_000_000), 12)


@pytest.mark.parametrize("length", [4, 5, 6, 7])
def test_the_entropy_counts_exactly_the_texts_that_have_the_form(length: int) -> None:
    """Against a count of every pattern of classes, each weighted by how many texts it stands for."""
    sizes = (len(UPPER), len(LOWER), len(DIGITS), len(SPECIAL))
    texts = sum(math.prod(pattern) for pattern in _patterns(sizes, length))
    assert math.log2(texts) == entropy_bits(length)


def _patterns(sizes: tuple[int, ...], length: int) -> list[list[int]]:
    places = product(range(len(sizes)), repeat=length)
    return [[sizes[place] for place in pattern] for pattern in places if len(set(pattern)) == len(sizes)]


def test_three_characters_cannot_hold_four_classes() -> None:
    with pytest.raises(ValueError, match="4 characters or more, not 3"):
        entropy_bits(3)
