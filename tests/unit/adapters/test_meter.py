"""How hard a password is to guess."""

import random
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import zxcvbn

from msa_recovery.adapters import lexicon
from msa_recovery.adapters.meter import LONGEST_MEASURED, ZxcvbnMeter, ranked_words
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

WEAK, FAIR, STRONG = Strength.WEAK, Strength.FAIR, Strength.STRONG
METER = ZxcvbnMeter()
ENGLISH = ZxcvbnMeter(lexicon.zxcvbn_lists())
"""With zxcvbn's own lists alone."""

BY_SCORE = (WEAK, WEAK, WEAK, FAIR, STRONG)
SIGNS = "4@8({[<3691!|70$5+%2"
STRONG_ALONE = "k7#Qz!v9Lp@2Xw"


def strength(text: str, *words: str) -> Strength:
    return METER.measure(Secret(text), words)


def of_zxcvbn(text: str, *words: str) -> Strength:
    return BY_SCORE[zxcvbn(text, list(words))["score"]]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("xkqvjzwy", WEAK),
        ("xkqvjzwyb", FAIR),
        ("xkqvjzwybm", FAIR),
        ("xkqvjzwybmh", STRONG),
    ],
)
def test_what_follows_no_pattern_is_worth_a_power_of_ten_a_character(text: str, verdict: Strength) -> None:
    """WEAK up to 10**8 guesses, FAIR up to 10**10."""
    assert verdict is strength(text)


@pytest.mark.parametrize(
    "text",
    [
        *("password", "P@ssw0rd", "drowssaP", "Password1", "motdepasse", "m0td3p4ss3", "correcthorsebatterystaple"),
        *("13/05/1985", "1985-05-13", "13051985", "marie13051985", "jean1.1.91", "99/99/99abc", "2017", "summer2019"),
        *("abcdefghijklmnop", "zyxwvutsrqponm", "97531", "acegikmoq", "AZ", "\u4e00\u4e01\u4e02\u4e03", "fhjmQ"),
        *("qwertyuiop", "QWERTYuiop", "zxcvbn;lkjh", "1qaz2wsx3edc", "159357", "xsw2ZAQ1", "qaz", "qw"),
        *("aaaaaaaaaaaa", "abcabcabcabc", "aabaabaabaab", "a1!Ba1!Ba1!B", "sautesautebluelineblueline", "zzzza"),
        *("azerty123!A", "Soleil&2019x", "Tracteur-Bleu7", "Xk9#mQ2vLp!r", "Ferme2024!", "D0g", "x", "é", "\U0001f600"),
        *("password13/05/1985", "qwertyMARIE2017", "dupont!", "Dup0ntMarie", "eiraM1985"),
    ],
)
def test_short_texts_are_judged_as_zxcvbn_does(text: str) -> None:
    assert of_zxcvbn(text, "Dupont", "Marie") is ENGLISH.measure(Secret(text), ("Dupont", "Marie"))


PIECES = st.one_of(
    st.sampled_from(["password", "Marie", "dr@gon", "tracteur", "soleil", "M0nkey", "nogard", "gonzalez", "star wars"]),
    st.from_regex(
        r"(0?[1-9]|[12][0-9])(/|-|\.|)(0?[1-9]|1[012])\2(19[5-9][0-9]|20[0-2][0-9]|[0-9]{2})", fullmatch=True
    ),
    st.from_regex(r"([abz01]|ab|a1|Xy)\1{1,4}", fullmatch=True),
    st.sampled_from(["abcdef", "ZYXW", "2468", "qwerty", "ASDfgh", "1qaz", "zaq12wsx", "7894"]),
    st.text(string.ascii_letters + "#&*-_/éİ", min_size=1, max_size=4),
)


@given(st.lists(PIECES, min_size=1, max_size=3).map(lambda pieces: "".join(pieces)[:24]))
def test_nothing_is_judged_stronger_than_zxcvbn_judges_it(text: str) -> None:
    order = (WEAK, FAIR, STRONG)
    assert order.index(strength(text, "Dupont")) <= order.index(of_zxcvbn(text, "Dupont"))


@pytest.mark.parametrize("text", ["p4ssw@rd", "b4n@n4", "$alva5"])
def test_one_letter_may_hide_behind_several_signs(text: str) -> None:
    assert WEAK is strength(text)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        pytest.param("7rifoui11ard", WEAK, id="each sign is one letter"),
        pytest.param("+rifoui|lard", WEAK, id="a sign beside the letter itself"),
        pytest.param("tr1foui1lard", STRONG, id="one sign for two letters"),
        pytest.param("irifouillard", STRONG, id="a letter for another one"),
        pytest.param("trifou!!lard", STRONG, id="a sign for a letter it does not look like"),
    ],
)
def test_letters_that_share_a_sign_are_still_different_letters(text: str, verdict: Strength) -> None:
    """``1`` may be an i or an l, ``7`` an l or a t: that makes no i of a t."""
    listed = ZxcvbnMeter({"one": {"trifouillard": 1}}).measure(Secret(text), ())
    told = ZxcvbnMeter({}).measure(Secret(text), ("Trifouillard",))
    assert (verdict, verdict) == (listed, told)


@pytest.mark.parametrize(
    "text",
    [
        "Trifouillard",
        "trifouillard9",
        "9trifouillard",
        "tr1f0u1ll@rd",
        "dralliuofirt",
        "TRIFOUILLARD2026",
        "trifouillard" * 3,
    ],
)
def test_a_word_about_the_person_is_worth_nothing(text: str) -> None:
    """R42."""
    assert (STRONG, WEAK) == (strength(text), strength(text, "Trifouillard"))


def test_a_long_word_about_the_person_is_worth_nothing_either() -> None:
    word = "".join(random.Random(7).choices(string.ascii_letters, k=200))
    assert (STRONG, WEAK) == (strength(word), strength(word, word))


def test_context_words_are_found_behind_a_letter_that_lowers_to_two() -> None:
    assert strength("İtrifouillard", "Trifouillard") is WEAK


def test_the_hundredth_word_counts_and_later_ones_do_not() -> None:
    words = tuple(f"w{number}" for number in range(99))
    assert (WEAK, STRONG) == (
        strength("trifouillard", *words, "Trifouillard"),
        strength("trifouillard", *words, "w", "Trifouillard"),
    )


def test_empty_words_change_nothing() -> None:
    assert strength(STRONG_ALONE) is strength(STRONG_ALONE, "", "", "-", "' '", "\u0301")


def test_a_word_of_nothing_but_joints_is_no_word() -> None:
    assert {"-": 1, "' '": 2, "d'or": 3, "dor": 3} == ranked_words(("-", "' '", "d'Or"), 4)


def test_long_words_are_looked_at_until_there_are_eight_thousand_letters() -> None:
    """R35: they cost time, and nobody's names are so long."""
    long, short = tuple(letter * 1000 for letter in "abcdefghijkl"), "Durand"
    assert [*long[:8], "durand"] == list(ranked_words((*long, short), LONGEST_MEASURED))


def test_a_word_of_ten_megabytes_changes_nothing() -> None:
    """R35."""
    assert strength(STRONG_ALONE) is strength(STRONG_ALONE, "k" * 10_000_000)


@pytest.mark.parametrize("length", [8, 72, 73, 128, LONGEST_MEASURED])
@pytest.mark.parametrize("unit", ["a", "@", "ab", "password", "a1!B", "1l", "31121999", "qwertyuiop"])
def test_what_is_repeated_stays_weak(unit: str, length: int) -> None:
    assert strength((unit * length)[: length // len(unit) * len(unit)]) is WEAK


@pytest.mark.parametrize(
    "text", ["x" + "password" * 100, "d" + "password" * 100, "password" * 100 + "!", "a" * 900 + "bcd"]
)
def test_a_character_before_or_after_does_not_save_what_is_repeated(text: str) -> None:
    assert strength(text) is WEAK


@pytest.mark.parametrize("text", ["".join(map(chr, range(0x4E00, 0x5200))), "q" + "wq" * 500, "qazwsxedc" * 100])
def test_a_pattern_does_not_become_strong_by_going_on(text: str) -> None:
    assert strength(text) is WEAK


@pytest.mark.parametrize(
    "filler", ["a" * 1000, "password" * 120, "qwerty" * 160, "".join(map(chr, range(0x4E00, 0x51E8)))]
)
def test_a_long_password_is_as_strong_as_its_best_stretch_wherever_it_is(filler: str) -> None:
    half = len(filler) // 2
    texts = (STRONG_ALONE + filler, filler[:half] + STRONG_ALONE + filler[half:], filler + STRONG_ALONE)
    assert [STRONG, STRONG, STRONG] == [strength(text) for text in texts]


@pytest.mark.parametrize("times", [1, 2, 3, 20])
def test_repeating_a_strong_password_does_not_make_it_weak(times: int) -> None:
    assert strength("Xk9#mQ2vLp!r7&Zd" * times) is STRONG


@pytest.mark.parametrize("text", ["", STRONG_ALONE * 100, "k" * 10_000_000], ids=["empty", "over the cap", "10 MB"])
def test_what_is_not_measured_is_weak(text: str) -> None:
    """R35, R44."""
    assert strength(text) is WEAK


def test_the_cap_itself_is_measured() -> None:
    text = "".join(random.Random(1).choices(string.ascii_letters, k=LONGEST_MEASURED + 1))
    assert (STRONG, WEAK) == (strength(text[:-1]), strength(text))


@pytest.mark.parametrize("text", ["\ud800" * 40, "\0" * 40, "\u0301" * 40, "\U0010ffff" * 40])
def test_odd_code_points_are_text_like_any_other(text: str) -> None:
    assert strength(text) is WEAK


def test_lists_can_be_given() -> None:
    meter = ZxcvbnMeter({"farm": {"moissonneuse": 1, "batteuse": 2}, "food": {"batteuse": 1}})
    verdicts = [meter.measure(Secret(text), ()) for text in ("Moissonneuse", "batteusebatteu$e", "Remorqueuse7")]
    assert [WEAK, WEAK, STRONG] == verdicts


def test_given_lists_stand_instead_of_zxcvbns() -> None:
    assert (WEAK, STRONG) == (strength("international"), ZxcvbnMeter({}).measure(Secret("international"), ()))


def test_of_two_ranks_of_a_word_the_better_one_counts() -> None:
    both = (
        {"one": {"trifouillard": 10**9}, "two": {"trifouillard": 1}},
        {"two": {"trifouillard": 1}, "one": {"trifouillard": 10**9}},
    )
    assert [WEAK, WEAK] == [ZxcvbnMeter(lists).measure(Secret("trifouillard"), ()) for lists in both]


def test_threads_do_not_see_each_others_words() -> None:
    """R44: zxcvbn keeps the words of the last caller in a global variable."""
    names = ["Trifouillard", "Chamboulivet", "Ploumanacheux", "Quincampoixel"]
    barrier = Barrier(len(names))

    def verdicts(mine: str) -> set[tuple[bool, Strength]]:
        barrier.wait()
        return {(name == mine, strength(name, mine)) for _ in range(60) for name in names}

    with ThreadPoolExecutor(len(names)) as pool:
        assert [{(True, WEAK), (False, STRONG)}] * len(names) == list(pool.map(verdicts, names))


def test_other_users_of_zxcvbn_in_the_process_change_nothing() -> None:
    zxcvbn("x", ["trifouillard"])
    assert strength("trifouillard" * 2) is STRONG


def test_the_verdict_depends_on_nothing_that_was_measured_before() -> None:
    texts = ["Trifouillard", "1l11l1l1" * 9, "p4ssw@rd", "Xk9#mQ2vLp!r", "a" * 90, "Ferme2024!"]
    alone = {text: ZxcvbnMeter().measure(Secret(text), ("Ferme",)) for text in texts}
    assert alone == {text: strength(text, "Ferme") for text in reversed(texts * 2)}


def alike(length: int, one: str, two: str) -> str:
    """A Fibonacci word: it repeats itself on every scale, as much as a text can."""
    while len(two) < length:
        one, two = two, two + one
    return two[:length]


def adversaries(length: int) -> dict[str, str]:
    draw = random.Random(length)
    return {
        "signs": "".join(draw.choices(SIGNS, k=length)),
        "signs and letters": "".join(draw.choices(SIGNS + "aeiloszt", k=length)),
        "digits": "".join(draw.choices(string.digits, k=length)),
        "bits": "".join(draw.choices("01", k=length)),
        "anything": "".join(draw.choices(string.printable, k=length)),
        "one sign": "@" * length,
        "look-alikes": ("1l" * length)[:length],
        "self-similar": alike(length, "a", "ab"),
        "self-similar signs": alike(length, "1", "1l"),
        "nearly one letter": (("a" * (length // 3 - 1) + "b") * 3)[:length],
        "walk": ("qwertyuiop[]asdfghjkl" * length)[:length],
        "zigzag": ("qwqwQWqaqaQA" * length)[:length],
        "French zigzag": ("azqsAZaqaqAQ&é" * length)[:length],
        "accents": "".join(draw.choices("aeéèêàçlrst'", k=length)),
        "French words": "".join(draw.choices(["été", "l'", "tracteur", "azerty", "qsd", "mai", "33"], k=length))[
            :length
        ],
        "sequence": "".join(chr(0x4E00 + place) for place in range(length)),
        "dates": "".join(
            f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/19{draw.randint(10, 99)}" for _ in range(length)
        )[:length],
        "words": "".join(draw.choices(["password", "qwerty", "marie", "love", "1234"], k=length))[:length],
    }


def work(text: str, *words: str) -> int:
    """How many functions, of Python and of C, one measurement calls."""
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    secret = Secret(text)
    METER.prepare()
    earlier = sys.getprofile()
    sys.setprofile(count)
    try:
        METER.measure(secret, words)
    finally:
        sys.setprofile(earlier)
    return calls


@pytest.mark.parametrize("length", [16, 32, 72, 128, 512, LONGEST_MEASURED])
def test_the_work_is_bounded_whatever_the_text(length: int) -> None:
    """R44."""
    names = tuple(f"Nom{number}" for number in range(20))
    assert {} == {kind: calls for kind, text in adversaries(length).items() if (calls := work(text, *names)) > 80_000}


def test_a_usual_password_takes_little_work() -> None:
    """R44."""
    assert work("Tracteur-Bleu7", "Dupont", "Marie") < 4_000


@pytest.mark.parametrize("kind", ["signs", "anything", "signs and letters"])
def test_eight_times_the_signs_take_no_more_work(kind: str) -> None:
    """R44: zxcvbn tries each combination of substitutions, over the whole text."""
    assert work(adversaries(LONGEST_MEASURED)[kind]) < 1.5 * work(adversaries(128)[kind])


def test_what_is_over_the_cap_takes_no_work() -> None:
    """R35."""
    assert work("4" * 10_000_000) < 10


def test_a_prepared_meter_loads_nothing_when_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    meter = ZxcvbnMeter()
    meter.prepare()
    monkeypatch.setattr(lexicon, "known_lexicon", lambda: pytest.fail("loaded again"))
    assert meter.measure(Secret("password"), ()) is WEAK


def test_importing_the_adapters_imports_nothing_heavy() -> None:
    names = "keyring, vault, meter, secrets_source, clocks"
    heavy = "{'zxcvbn', 'cryptography', 'tomllib'} & set(sys.modules)"
    script = f"import sys; from msa_recovery.adapters import {names}; print(sorted({heavy}))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout == "[]\n"
