"""What may be typed as *Identifiant*, and what is said of what may not (R46, R47)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import nir as stdnum_nir

from msa_recovery.domain.identifiers import Nir, Siret, parse_identifier
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.typed import DASHES, SPACES
from tests.support.endless import Endless

NUMBER = "2840333063021"
KEY = "14"
BUSINESS = "73282932000074"
LA_POSTE_HEAD_OFFICE = "35600000000048"
LA_POSTE_BRANCH = "35600000049837"


def refused(code: ProblemCode) -> Problem:
    return Problem(code, "identifier")


def two_digits(first: int, last: int) -> st.SearchStrategy[str]:
    return st.integers(first, last).map("{:02d}".format)


def three_digits(first: int, last: int) -> st.SearchStrategy[str]:
    return st.integers(first, last).map("{:03d}".format)


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


def with_checksum(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)


numbers = joined(
    st.sampled_from("12"),
    two_digits(0, 99),
    two_digits(1, 12) | two_digits(30, 42) | two_digits(50, 99) | st.just("20"),
    joined(two_digits(1, 96) | st.sampled_from(["2A", "2B", "99"]), three_digits(1, 990))
    | joined(three_digits(971, 979) | three_digits(980, 989), two_digits(1, 90)),
    three_digits(1, 999),
)

# Beginning with 4 to 9, one slip away from neither La Poste nor zeros.
establishments = st.integers(40_000_000, 99_999_999).flatmap(
    lambda business: st.integers(1, 9_999).map(
        lambda place: with_checksum(with_checksum(str(business)) + f"{place:04d}")
    )
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NUMBER, id="thirteen digits"),
        pytest.param(NUMBER + KEY, id="with its key"),
        pytest.param("2 84 03 33 063 021 14", id="as on the card"),
        pytest.param("2\u00a084\u00a003\u00a033\u00a0063\u00a0021", id="no-break spaces"),
        pytest.param("2\u202f84\u202f03\u202f33\u202f063\u202f021", id="narrow no-break spaces"),
        pytest.param("2.84.03.33.063.021", id="dots"),
        pytest.param("2-84-03-33-063-021\u201314", id="dashes"),
        pytest.param("\t 2840333063021 ", id="spaces around"),
    ],
)
def test_a_social_security_number_is_read_however_it_is_spaced(text: str) -> None:
    """R46"""
    assert Nir(NUMBER) == parse_identifier(text)


@given(numbers, st.data())
def test_separators_anywhere_change_nothing(number: str, data: st.DataObject) -> None:
    """R46"""
    separators = st.text(SPACES + DASHES + ".", max_size=2)
    text = "".join(data.draw(separators) + character for character in number) + data.draw(separators)
    assert Nir(number) == parse_identifier(text)


@given(numbers)
def test_the_key_that_a_number_has_is_the_key_that_is_accepted(number: str) -> None:
    """R46"""
    assert Nir(number) == parse_identifier(number + Nir(number).key)


@given(numbers)
def test_the_key_is_the_one_that_stdnum_verifies(number: str) -> None:
    """R46"""
    assert number + Nir(number).key == stdnum_nir.validate(number + Nir(number).key)


@given(numbers, two_digits(0, 99))
def test_every_other_key_is_refused(number: str, key: str) -> None:
    """R46"""
    expected = Nir(number) if key == Nir(number).key else refused(ProblemCode.NIR_KEY)
    assert expected == parse_identifier(number + key)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        pytest.param(NUMBER, "14", id="metropolitan"),
        pytest.param("253072A073004", "43", id="Corse-du-Sud counts as 19"),
        pytest.param("253072B073004", "70", id="Haute-Corse counts as 18"),
        pytest.param("2951099126111", "93", id="abroad"),
    ],
)
def test_the_key_is_the_one_printed_on_the_card(number: str, key: str) -> None:
    """R46"""
    assert key == Nir(number).key


def test_the_key_keeps_its_leading_zero() -> None:
    """R46"""
    assert {"01", "02", "03"} == {Nir(f"28403330630{order:02d}").key for order in (34, 33, 32)}


@pytest.mark.parametrize("text", ["2 53 07 2a 073 004", "253072a07300443", "253072A073004"])
def test_corsican_numbers_are_read_with_their_letter(text: str) -> None:
    """R46"""
    assert Nir("253072A073004") == parse_identifier(text)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("2840133063021", id="January"),
        pytest.param("2841233063021", id="December"),
        pytest.param("2842033063021", id="month unknown, 20"),
        pytest.param("2843033063021", id="month unknown, 30"),
        pytest.param("2844233063021", id="month unknown, 42"),
        pytest.param("2845033063021", id="month unknown, 50"),
        pytest.param("2849933063021", id="month unknown, 99"),
        pytest.param("1000301001001", id="lowest place and order"),
        pytest.param("2840395990999", id="highest commune and order"),
        pytest.param("2600320004021", id="Corsica before 1976"),
        pytest.param("1550396004021", id="Tunisia before independence"),
        pytest.param("2840397101021", id="Guadeloupe"),
        pytest.param("2840397490021", id="La Réunion, commune unknown"),
        pytest.param("2840397611021", id="Mayotte"),
        pytest.param("2840398735021", id="French Polynesia"),
        pytest.param("2840399990021", id="abroad, country unknown"),
    ],
)
def test_places_and_months_that_exist_are_accepted(number: str) -> None:
    """R46"""
    assert Nir(number) == parse_identifier(number)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param("0000000000000", ProblemCode.NIR_SEX, id="zeros alone"),
        pytest.param("0840333063021", ProblemCode.NIR_SEX, id="sex 0"),
        pytest.param("9840333063021", ProblemCode.NIR_SEX, id="sex 9"),
        pytest.param("3840333063021", ProblemCode.NIR_TEMPORARY, id="sex 3"),
        pytest.param("4840333063021", ProblemCode.NIR_TEMPORARY, id="sex 4"),
        pytest.param("7840333063021", ProblemCode.NIR_TEMPORARY, id="sex 7"),
        pytest.param("8840333063021", ProblemCode.NIR_TEMPORARY, id="sex 8"),
        pytest.param("5840333063021", ProblemCode.NIR_MIGRANT, id="sex 5"),
        pytest.param("6840333063021", ProblemCode.NIR_MIGRANT, id="sex 6"),
        pytest.param("2840033063021", ProblemCode.NIR_MONTH, id="month 00"),
        pytest.param("2841333063021", ProblemCode.NIR_MONTH, id="month 13"),
        pytest.param("2841933063021", ProblemCode.NIR_MONTH, id="month 19"),
        pytest.param("2842133063021", ProblemCode.NIR_MONTH, id="month 21"),
        pytest.param("2842933063021", ProblemCode.NIR_MONTH, id="month 29"),
        pytest.param("2844333063021", ProblemCode.NIR_MONTH, id="month 43"),
        pytest.param("2844933063021", ProblemCode.NIR_MONTH, id="month 49"),
        pytest.param("2840300063021", ProblemCode.NIR_DEPARTMENT, id="département 00"),
        pytest.param("2840397063021", ProblemCode.NIR_DEPARTMENT, id="département 970"),
        pytest.param("2840333000021", ProblemCode.NIR_COMMUNE, id="commune 000"),
        pytest.param("2840333991021", ProblemCode.NIR_COMMUNE, id="commune 991"),
        pytest.param("2840397100021", ProblemCode.NIR_COMMUNE, id="overseas commune 00"),
        pytest.param("2840397191021", ProblemCode.NIR_COMMUNE, id="overseas commune 91"),
        pytest.param("2840398791021", ProblemCode.NIR_COMMUNE, id="Pacific commune 91"),
        pytest.param("2840399000021", ProblemCode.NIR_COMMUNE, id="country 000"),
        pytest.param("2840399991021", ProblemCode.NIR_COMMUNE, id="country 991"),
        pytest.param("2840333063000", ProblemCode.NIR_ORDER, id="order 000"),
    ],
)
def test_the_part_that_cannot_exist_is_named(number: str, code: ProblemCode) -> None:
    """R46"""
    assert refused(code) == parse_identifier(number)


def test_a_part_that_cannot_exist_is_named_before_a_wrong_key() -> None:
    """R46"""
    assert refused(ProblemCode.NIR_MONTH) == parse_identifier("284133306302114")


def test_a_wrong_key_is_named() -> None:
    """R46"""
    assert refused(ProblemCode.NIR_KEY) == parse_identifier(NUMBER + "15")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("٢٨٤٠٣٣٣٠٦٣٠٢١", id="Arabic digits"),
        pytest.param("２８４０３３３０６３０２１", id="full-width digits"),
        pytest.param("284033306302²", id="superscript"),
        pytest.param("2840333063O21", id="letter O"),
        pytest.param("253072C073004", id="no such Corsican letter"),
        pytest.param("2530A20730042", id="letter elsewhere"),
        pytest.param("253073A073004", id="letter after another digit"),
        pytest.param("2840333063021\n", id="newline"),
        pytest.param("2840333063\x00021", id="control character"),
        pytest.param("2840333063\u200b021", id="invisible character"),
        pytest.param("marie@exemple.fr", id="e-mail address"),
        pytest.param("...", id="separators alone"),
        pytest.param("\ud800", id="lone surrogate"),
    ],
)
def test_only_ascii_digits_and_the_corsican_letter_are_read(text: str) -> None:
    """R46"""
    assert refused(ProblemCode.IDENTIFIER_CHARACTERS) == parse_identifier(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NUMBER[:12], id="12"),
        pytest.param(NUMBER + KEY + "0", id="16"),
        pytest.param("732829320", id="a SIREN"),
        pytest.param("253072A0730044", id="14 with a letter"),
    ],
)
def test_a_length_that_no_identifier_has_is_named(text: str) -> None:
    """R46, R47"""
    assert refused(ProblemCode.IDENTIFIER_LENGTH) == parse_identifier(text)


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u202f\t"])
def test_nothing_typed_is_said_to_be_missing(text: str) -> None:
    """R46"""
    assert refused(ProblemCode.TEXT_MISSING) == parse_identifier(text)


def test_the_longest_text_that_is_read_has_sixty_four_characters() -> None:
    """R35"""
    assert Nir(NUMBER) == parse_identifier(NUMBER + " " * 51)


@pytest.mark.parametrize("text", [NUMBER + " " * 52, Endless(NUMBER)], ids=["one more", "ten megabytes"])
def test_a_longer_text_is_refused_before_it_is_looked_at(text: str) -> None:
    """R35"""
    assert Problem(ProblemCode.TEXT_TOO_LONG, "identifier", limit=64) == parse_identifier(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        pytest.param("732 829 320 00074", BUSINESS, id="usual spacing"),
        pytest.param("732.829.320-00074", BUSINESS, id="dots and dash"),
        pytest.param(LA_POSTE_HEAD_OFFICE, LA_POSTE_HEAD_OFFICE, id="head office of La Poste"),
        pytest.param(LA_POSTE_BRANCH, LA_POSTE_BRANCH, id="branch of La Poste"),
    ],
)
def test_the_number_of_an_establishment_is_read(text: str, digits: str) -> None:
    """R47"""
    assert Siret(digits) == parse_identifier(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("73282932000075", id="wrong checksum"),
        pytest.param("73282932100073", id="right checksum, wrong SIREN"),
        pytest.param("35600000049838", id="branch of La Poste, sum of digits no multiple of five"),
        pytest.param("35600000000055", id="branch of La Poste with the usual checksum only"),
        pytest.param("00000000000000", id="zeros alone"),
    ],
)
def test_a_wrong_number_of_an_establishment_is_refused(text: str) -> None:
    """R47"""
    assert refused(ProblemCode.SIRET_CHECKSUM) == parse_identifier(text)


@given(establishments)
def test_every_establishment_whose_checksums_hold_is_read(digits: str) -> None:
    """R47"""
    assert Siret(digits) == parse_identifier(digits)


@given(establishments, st.integers(0, 13), st.integers(1, 9))
def test_no_single_slip_turns_one_establishment_into_another(digits: str, place: int, shift: int) -> None:
    """R47"""
    slipped = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert refused(ProblemCode.SIRET_CHECKSUM) == parse_identifier(slipped)


@pytest.mark.parametrize("shape", [BUSINESS, NUMBER])
def test_an_identifier_never_shows_itself(shape: str) -> None:
    """R49"""
    identifier = parse_identifier(shape)
    assert not any(character.isdigit() for character in f"{identifier} {identifier!r} {identifier!s}")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param(NUMBER, "nir:2840333063021", id="without key"),
        pytest.param(NUMBER + KEY, "nir:2840333063021", id="with key"),
        pytest.param("253072b073004", "nir:253072B073004", id="Corsica"),
        pytest.param(BUSINESS, "siret:73282932000074", id="establishment"),
    ],
)
def test_one_person_or_business_has_one_canonical_form(text: str, canonical: str) -> None:
    """R46, R47"""
    identifier = parse_identifier(text)
    assert not isinstance(identifier, Problem)
    assert canonical == identifier.canonical


@pytest.mark.parametrize("digits", ["", NUMBER + KEY, NUMBER + "\n", "253072a073004", "٢٨٤٠٣٣٣٠٦٣٠٢١"])
def test_a_social_security_number_of_another_shape_cannot_be_built(digits: str) -> None:
    """R46"""
    with pytest.raises(ValueError, match="13 characters"):
        Nir(digits)


@pytest.mark.parametrize("digits", ["", NUMBER, BUSINESS + "\n", "7328293200007A"])
def test_a_number_of_an_establishment_of_another_shape_cannot_be_built(digits: str) -> None:
    """R47"""
    with pytest.raises(ValueError, match="14 digits"):
        Siret(digits)
