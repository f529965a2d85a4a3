"""What the French choose as passwords is known to the strength meter."""

import copy
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching, zxcvbn

from msa_recovery.adapters.french import LONGEST, french_lists
from msa_recovery.adapters.lexicon import folded, zxcvbn_lists
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret
from tests.support.passwords import ENGLISH_PAIRS, FRENCH_PAIRS, STRONG_ONES, WEAK_ONES

WEAK, FAIR, STRONG = Strength.WEAK, Strength.FAIR, Strength.STRONG
METER = ZxcvbnMeter()
NO_WORDS = ZxcvbnMeter({})
FOLDER = files("msa_recovery.adapters") / "french"
FILES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".txt") and entry.name.islower())
WORDS = (FOLDER / "words.txt").read_text("utf-8").split("\n")[:-1]


def strength(text: str, *words: str) -> Strength:
    return METER.measure(Secret(text), words)


@pytest.mark.parametrize("text", [text for texts in WEAK_ONES.values() for text in texts])
def test_what_the_french_choose_is_not_strong(text: str) -> None:
    assert STRONG is not strength(text)


@pytest.mark.parametrize("text", [text for texts in STRONG_ONES.values() for text in texts])
def test_what_nobody_could_guess_stays_strong(text: str) -> None:
    assert STRONG is strength(text)


def test_sixty_of_each_are_shown_once() -> None:
    shown = [text for kinds in (WEAK_ONES, STRONG_ONES) for texts in kinds.values() for text in texts]
    assert (60, 120, 120) == (sum(map(len, WEAK_ONES.values())), len(shown), len(set(shown)))


def test_most_of_them_were_fair_or_strong_without_the_french_lists() -> None:
    scores = [zxcvbn(text)["score"] for texts in WEAK_ONES.values() for text in texts]
    assert 55 < sum(score >= 3 for score in scores)


@pytest.mark.parametrize(("french", "english"), list(zip(FRENCH_PAIRS, ENGLISH_PAIRS, strict=True)))
def test_two_french_words_are_as_weak_as_two_english_ones(french: str, english: str) -> None:
    assert (WEAK, WEAK) == (strength(english), strength(french))


@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(["", "capitals"]))
def test_no_two_listed_words_are_strong(one: str, two: str, capitals: str) -> None:
    both = one.capitalize() + two.capitalize() if capitals else one + two
    assert STRONG is not strength(both)


@given(st.sampled_from(WORDS[:5000]), st.sampled_from(WORDS[:5000]), st.sampled_from("-' ._"))
def test_no_two_common_words_are_strong_for_the_sign_between_them(one: str, two: str, sign: str) -> None:
    assert STRONG is not strength(one + sign + two)


@pytest.mark.parametrize("word", ["été", "hérisson", "étoile", "cœur", "garçon", "Noël", "Besançon", "Geneviève"])
@pytest.mark.parametrize("form", ["NFC", "NFD", "no accents", "other accents", "capitals"])
def test_a_word_is_known_however_its_accents_are_written(word: str, form: str) -> None:
    bare = folded(word).replace("œ", "oe")
    text = {
        "NFC": word,
        "NFD": unicodedata.normalize("NFD", word),
        "no accents": bare,
        "other accents": bare.replace("e", "ê").replace("o", "ö"),
        "capitals": word.upper(),
    }[form]
    assert WEAK is strength(text * 2)
    assert WEAK is strength(text + "2024")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "l'été",
            "l’été",
            "lete",
            "j'aime",
            "j’aime",
            "jaime",
            "aujourd'hui",
            "aujourdhui",
            "qu'importe",
            "n'importe-quoi",
        ),
        *("grand-mère", "grandmère", "grand mere", "Aix-en-Provence", "aixenprovence", "Aix en Provence", "val-d’oise"),
        *(
            "Côtes-d'Armor",
            "cotesdarmor",
            "île-de-france",
            "iledefrance",
            "jean-pierre",
            "jeanpierre",
            "moissonneuse-batteuse",
        ),
    ],
)
def test_elisions_and_joints_are_known_however_they_are_typed(text: str) -> None:
    assert WEAK is strength(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Landes", "Gironde", "Bouches-du-Rhône", "Territoire-de-Belfort", "Seine-Saint-Denis", "corsedusud"),
        *(
            "Guadeloupe",
            "Martinique",
            "Guyane",
            "La Réunion",
            "Mayotte",
            "Saint-Pierre-et-Miquelon",
            "nouvellecaledonie",
        ),
        *("Landes40", "gironde33", "Paris75", "Mayotte976", "Nouvelle-Aquitaine", "occitanie2024", "Mont-de-Marsan"),
    ],
)
def test_a_department_is_weak_overseas_too_and_with_its_number(text: str) -> None:
    assert WEAK is strength(text)


def test_every_month_is_weak_with_every_year_of_a_life() -> None:
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
    texts = [month + str(year) for month, year in product(months, range(1930, 2031))]
    assert [] == [text for text in texts if strength(text) is not WEAK]


@pytest.mark.parametrize(
    "text", ["OM", "PSG2024", "allezlom", "Allez l'OM!", "girondins", "fcnantes44", "asse42", "stadetoulousain"]
)
def test_a_club_is_weak(text: str) -> None:
    assert WEAK is strength(text)


@pytest.mark.parametrize(
    "walk",
    [
        "qwertyuiop",
        "qwertyuiopasdfghjkl;",
        "zxcvbnm,./",
        "zsedcftgbhu",
        "QAZsedcft",
        "esxcdrfvg",
        "poiuytrewqasdfg",
        "qwaszxedc",
    ],
)
def test_a_walk_is_judged_alike_over_the_same_keys_of_both_keyboards(walk: str) -> None:
    same_keys = walk.translate(str.maketrans("qwazm;,./QAZ", "azqw,m;:!AQW"))
    assert NO_WORDS.measure(Secret(walk), ()) is NO_WORDS.measure(Secret(same_keys), ())


@pytest.mark.parametrize("name", ["Maïté", "Jean-Pierre", "D’Artagnan", "Ploumana Cheux", "Zigouillandre-Vroum"])
def test_a_name_of_the_person_is_known_with_other_accents_and_joints(name: str) -> None:
    joined = "".join(character for character in folded(name) if character.isalnum())
    for text in (joined, unicodedata.normalize("NFD", name), joined + "64", joined.upper()):
        assert WEAK is strength(text, name), text


@pytest.mark.parametrize("part", ["zigouillandre", "chambourlivet"])
def test_each_part_of_a_name_in_two_words_is_known(part: str) -> None:
    assert (STRONG, WEAK) == (strength(part), strength(part, "Zigouillandre-Chambourlivet"))


def test_a_name_of_many_parts_takes_no_more_places_than_a_hundred_words() -> None:
    """R35, R44: what a directory holds may be anything."""
    words = tuple("-".join(f"p{number}q{part}" for part in range(8)) for number in range(100))
    assert STRONG is strength("Zigouillandre", *words[:99], "Zigouillandrette")


@pytest.mark.parametrize("name", FILES)
def test_a_list_holds_each_word_once_in_small_letters(name: str) -> None:
    lines = (FOLDER / name).read_text("utf-8").split("\n")
    assert "" == lines.pop()
    assert [] == [word for word in lines if not 0 < len(word) <= LONGEST or word != word.lower().strip()]
    assert len(lines) == len(set(lines))
    assert all(unicodedata.is_normalized("NFC", word) for word in lines)


@pytest.mark.parametrize("name", ["words.txt", "first_names.txt", "surnames.txt"])
def test_the_long_lists_are_stored_as_they_are_looked_up(name: str) -> None:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    assert lines == [folded(line) for line in lines]


def test_the_lists_are_small() -> None:
    assert 400_000 > sum(len((FOLDER / entry.name).read_bytes()) for entry in FOLDER.iterdir())


def test_each_file_belongs_to_a_list_and_its_origin_is_said() -> None:
    listed = {word for ranked in french_lists().values() for word in ranked}
    origin = (FOLDER / "ORIGIN.md").read_text("utf-8")
    assert [] == [name for name in FILES if f"`{name}`" not in origin]
    firsts = {name: (FOLDER / name).read_text("utf-8").split("\n")[0] for name in FILES}
    assert [] == [name for name, word in firsts.items() if word not in listed]


def test_no_list_stands_in_the_place_of_one_of_zxcvbns() -> None:
    assert set() == set(zxcvbn_lists()) & set(french_lists())


def test_another_user_of_zxcvbn_in_the_process_sees_no_french() -> None:
    """R44: what zxcvbn keeps in global variables is not touched."""
    kept = (matching.RANKED_DICTIONARIES, matching.GRAPHS, matching.L33T_TABLE)
    before = copy.deepcopy(kept)
    fresh = ZxcvbnMeter()
    assert WEAK is fresh.measure(Secret("agriculteur"), ("Trifouillard",))
    assert before == kept
    assert (4, 4) == (zxcvbn("agriculteur")["score"], zxcvbn("&é\"'(-è_çà)=")["score"])


def test_threads_that_measure_first_at_the_same_time_agree() -> None:
    fresh = ZxcvbnMeter()
    texts = ["agriculteur", "motdepasse2024", "k7#Vq!m2Zr&w9Lx@", "allezlesverts"] * 4
    with ThreadPoolExecutor(8) as pool:
        assert [strength(text) for text in texts] == list(pool.map(lambda text: fresh.measure(Secret(text), ()), texts))


def test_the_lists_are_not_loaded_before_a_password_is_measured() -> None:
    lazy = "{'zxcvbn', 'msa_recovery.adapters.french', 'msa_recovery.adapters.lexicon'} & set(sys.modules)"
    script = (
        f"import sys; from msa_recovery import *; from msa_recovery.adapters.meter import *; print({lazy} or 'none')"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert "none\n" == ran.stdout
