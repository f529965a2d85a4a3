"""The patterns of the strength meter, against the guesses that zxcvbn itself counts."""

import pytest
from zxcvbn import zxcvbn

from msa_recovery.adapters.keyboards import zxcvbn_keyboards
from msa_recovery.adapters.lexicon import Lexicon, zxcvbn_lists
from msa_recovery.adapters.meter import _Search

ENGLISH = Lexicon.of(zxcvbn_lists(), zxcvbn_keyboards())
WORDS = ("Trifouillard", "aabdupontel")


def fewest(text: str) -> float:
    return _Search(text, WORDS, ENGLISH).guesses(text, None)


ONE_PATTERN = {
    "words": ["password", "PASSWORD", "Password", "paSSword", "password1", "k", "international"],
    "words backwards": ["drowssap", "Drowssap", "nogard", "lanoitanretni"],
    "signs for letters": ["p4ssw0rd", "p@ssword", "m0nk3y", "1l1l1l1l", "$unsh1n3", "P@55word"],
    "context words": ["trifouillard", "TRIFOUILLARD", "draLLiuofirt", "tr1f0u1llard", "tR1fouillarD"],
    "years": ["2017", "1987", "2005"],
    "dates": [
        "13/05/1985",
        "1985-05-13",
        "13051985",
        "1.1.91",
        "1191",
        "111504",
        "5 12 68",
        "12\\5\\2011",
        "31_12_1999",
    ],
    "walks": [
        "qwertyuiop",
        "QWERTYuiop",
        "qwERtyHGf",
        "zxcvbn;lkjh",
        "poiuytrewq09",
        "0okmnji9",
        "hjkl;'",
        'HJKL:"',
        "aqzZ",
    ],
    "walks on other keyboards": ["159357", "+963", "*8520", "7894561230", "/*-+789", "aoeuidhtns", "AOEuid", ",.pyfg"],
    "sequences": ["abcdefghijk", "ZYXWVU", "97531", "acegik", "bdfhj", "AB", "\u0430\u0431\u0432\u0433\u0434"],
    "repetitions": ["aaaaaa", "abcabcabc", "aabaabaabaab", "a1!Ba1!Ba1!B", "passwordpassword", "ABCabcABCabc", "aXaX"],
}

TOGETHER = [
    *("passwordmonkey", "lovesunshine", "dragon13/05/1985", "jean13051985", "qwerty2017abc", "dr@gonTrifouillard"),
    *("sautesautebluelineblueline", "xk7!password", "zzzzzq", "azerty123!A", "Soleil&2019x", "Motdepasse1!", "123abc!"),
    *("maxwellmaxwell1987", "zaq12wsxzaq12wsxMonkey", "ababab", "baabaabaab"),
]


@pytest.mark.parametrize("text", [text for texts in ONE_PATTERN.values() for text in texts])
def test_each_pattern_takes_the_guesses_that_zxcvbn_counts(text: str) -> None:
    assert pytest.approx(float(zxcvbn(text, list(WORDS))["guesses"]), rel=1e-12) == fewest(text)


@pytest.mark.parametrize("text", TOGETHER)
def test_patterns_together_take_the_guesses_that_zxcvbn_counts(text: str) -> None:
    assert pytest.approx(float(zxcvbn(text, list(WORDS))["guesses"]), rel=1e-12) == fewest(text)


def test_the_last_repetition_may_begin_the_next_word() -> None:
    text = "aab" * 4 + "aabdupontel"
    assert pytest.approx(float(zxcvbn(text, list(WORDS))["guesses"]), rel=1e-12) == fewest(text)


def test_a_word_inside_a_longer_repetition_is_found() -> None:
    """zxcvbn takes the repetition from its first letter on, and so reads ``emotdepass`` twenty times."""
    text = "e" + "motdepasse" * 20
    assert fewest(text) < 1e8


@pytest.mark.parametrize("text", ["qz", "QA", "az", "xc"])
def test_two_neighbouring_keys_are_no_walk(text: str) -> None:
    assert pytest.approx(float(zxcvbn(text)["guesses"])) == fewest(text)


def test_the_variations_of_a_long_part_are_counted_over_its_beginning() -> None:
    """Twice as many turned and shifted keys do not make fewer guesses, and take no more time to count."""
    assert fewest("qwER" * 6) <= fewest("qwER" * 12)
