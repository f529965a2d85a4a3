"""How hard a password is to guess, as the Rust port judges it."""

import random
import string
import subprocess
import sys

import pytest
import zxcvbn_rs_py
from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.adapters.meter import LONGEST_MEASURED, ZxcvbnMeter
from msa_recovery.adapters.rust_meter import RustMeter, _at_their_ranks
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret
from tests.support.passwords import ENGLISH_PAIRS, FRENCH_PAIRS, STRONG_ONES, WEAK_ONES

WEAK, FAIR, STRONG = Strength.WEAK, Strength.FAIR, Strength.STRONG
METER = RustMeter()
SIGNS = "4@8({[<3691!|70$5+%2"
STRONG_ALONE = "k7#Qz!v9Lp@2Xw"


def strength(text: str, *words: str) -> Strength:
    return METER.measure(Secret(text), words)


@pytest.mark.parametrize("text", [text for texts in WEAK_ONES.values() for text in texts])
def test_what_the_french_choose_is_not_strong(text: str) -> None:
    assert STRONG is not strength(text)


@pytest.mark.parametrize("text", [text for texts in STRONG_ONES.values() for text in texts])
def test_what_nobody_could_guess_is_not_weak(text: str) -> None:
    assert WEAK is not strength(text)


@pytest.mark.parametrize("text", [*FRENCH_PAIRS, *ENGLISH_PAIRS])
def test_two_words_are_weak_in_both_languages(text: str) -> None:
    assert WEAK is strength(text)


@pytest.mark.parametrize(
    "text",
    [
        "été",
        "ete",
        "e\u0301te\u0301",
        "ÉTÉ",
        "cœur2024",
        "coeur2024",
        "l’été",
        "ruetlucirga",
        "4gr1cul73ur",
    ],
)
def test_a_french_word_is_known_however_it_is_written(text: str) -> None:
    assert WEAK is strength(text)


@pytest.mark.parametrize("text", ["&é\"'(-è_çà)=", "qsdfghjklmù", "§è!çà)-_", "&é\"'(-è_çà)=" + "2024", "QSDFGHJKLM%µ"])
def test_a_walk_over_a_french_keyboard_is_weak(text: str) -> None:
    assert WEAK is strength(text)


def test_a_word_has_its_own_rank_and_not_that_of_whatever_else_the_text_holds() -> None:
    """Handed over without ranks, three words of any list are no harder than three of its first ones."""
    assert STRONG is strength("continuationsubmergeeenlevant")


def test_a_word_stands_at_the_place_that_is_its_rank_and_no_further_than_the_last() -> None:
    """More places would cost more time than the rest of it."""
    listed = _at_their_ranks({"rare": 28_000, "first": 1, "fifth": 5, "also first": 1})
    assert ("first", "also first", "fifth", "rare") == tuple(word for word in listed if word)
    assert (0, 4, 1999) == (listed.index("first"), listed.index("fifth"), listed.index("rare"))


def test_words_about_the_person_are_known_with_other_accents_and_joints() -> None:
    assert [WEAK] * 3 == [
        strength(text, "Zigouillé-Vroumbel") for text in ("zigouillevroumbel", "ZIGOUILLE64", "vroumbèl")
    ]


def test_a_long_word_about_the_person_is_worth_nothing() -> None:
    """Though the port never sees its end."""
    word = "".join(random.Random(7).choices(string.ascii_lowercase, k=200))
    assert (STRONG, WEAK) == (strength(word), strength(word, word))


def test_what_comes_after_the_first_64_code_points_is_not_seen() -> None:
    """Stricter than the other meter, which looks at the whole text."""
    text = "a" * 64 + STRONG_ALONE
    assert (WEAK, STRONG) == (strength(text), ZxcvbnMeter().measure(Secret(text), ()))


@pytest.mark.parametrize("text", ["", "k" * (LONGEST_MEASURED + 1), STRONG_ALONE * 100, "k" * 10_000_000], ids=len)
def test_what_is_not_measured_is_weak(text: str) -> None:
    """R35, R44."""
    assert WEAK is strength(text)


@pytest.mark.parametrize("text", ["\ud800", "\ud800" * 40, "\0" * 40, "\u0301" * 40, "\U0010ffff" * 40])
def test_odd_code_points_are_text_like_any_other(text: str) -> None:
    assert WEAK is strength(text, text, "\udfff")


def test_half_a_surrogate_pair_stands_for_one_sign() -> None:
    assert (WEAK, STRONG) == (strength("xkqv\ud800"), strength("xkqvjzwybm\ud800"))


@given(st.text(st.characters(), max_size=30), st.lists(st.text(st.characters(), max_size=8), max_size=4))
def test_no_text_is_too_odd(text: str, words: list[str]) -> None:
    """The port raises for text that UTF-8 cannot hold, and might panic for other text."""
    assert isinstance(strength(text, *words), Strength)


def test_a_walk_that_turns_often_takes_more_guesses_than_a_straight_one() -> None:
    assert (WEAK, STRONG) == (strength("azertyuiop2024"), strength("azqsaz-wxqsza-2024"))


@pytest.mark.parametrize("alphabet", [SIGNS, SIGNS + "aeilost", SIGNS[:4], string.printable, "1l", "0123456789"])
@pytest.mark.parametrize("length", [16, 32, 100, LONGEST_MEASURED])
def test_the_port_is_never_given_more_than_it_can_judge_in_time(
    alphabet: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R44: it takes half a second for 100 code points of all signs."""
    given_to_it: list[str] = []

    def zxcvbn(password: str, inputs: list[str]) -> object:
        given_to_it.append(password)
        return zxcvbn_rs_py_zxcvbn(password, inputs)

    zxcvbn_rs_py_zxcvbn = zxcvbn_rs_py.zxcvbn
    monkeypatch.setattr(zxcvbn_rs_py, "zxcvbn", zxcvbn)
    strength("".join(random.Random(length).choices(alphabet, k=length)))
    (text,) = given_to_it
    assert 64 >= len(text)
    assert 2_500 >= len(text) * len(set(text) & set(SIGNS)) ** 2


def test_importing_it_imports_nothing_heavy() -> None:
    heavy = "{'zxcvbn', 'zxcvbn_rs_py', 'msa_recovery.adapters.french'} & set(sys.modules)"
    script = f"import sys; import msa_recovery.adapters.rust_meter; print({heavy} or 'none')"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert "none\n" == ran.stdout


def test_it_can_be_prepared() -> None:
    meter = RustMeter()
    meter.prepare()
    assert WEAK is meter.measure(Secret("agriculteur"), ())
