"""The question at a first sign-in: how an answer is read (R26) and when it is right (R25)."""

import hmac
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.domain.challenge import (
    WINDOW_MONTHS,
    Amount,
    Answer,
    ChallengeKind,
    Proof,
    VitaleSerial,
    answers,
    parse_amount,
    parse_answer,
    parse_vitale_serial,
    window_start,
)
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.secret import Secret
from tests.support.endless import Endless

TODAY = date(2025, 8, 31)
CARD = VitaleSerial(Secret("00123456789012"))
DATED = [kind for kind in ChallengeKind if kind is not ChallengeKind.VITALE_SERIAL]


def refused(code: ProblemCode, limit: int | None = None) -> Problem:
    return Problem(code, "answer", limit=limit)


def benefit(cents: int, on: date = TODAY) -> Proof:
    return Proof(ChallengeKind.BENEFIT_AMOUNT, Amount(cents), on)


def benefit_answer(cents: int) -> Answer:
    return Answer(ChallengeKind.BENEFIT_AMOUNT, Amount(cents))


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        pytest.param("12", 12_00, id="euros alone"),
        pytest.param("0,50", 50, id="cents alone"),
        pytest.param("12,50", 12_50, id="decimal comma"),
        pytest.param("12.50", 12_50, id="decimal point"),
        pytest.param("1234,56", 1234_56, id="no groups"),
        pytest.param("1234.56", 1234_56, id="plain notation"),
        pytest.param("1 234,56 €", 1234_56, id="French notation"),
        pytest.param("1\u202f234,56\u00a0€", 1234_56, id="narrow no-break and no-break space"),
        pytest.param("1\u00a0234,56\u00a0€", 1234_56, id="no-break spaces"),
        pytest.param("1\u2009234,56 €", 1234_56, id="thin space"),
        pytest.param("1 234", 1234_00, id="group of three, no decimals"),
        pytest.param("1 234.56", 1234_56, id="group and decimal point"),
        pytest.param("1.234,56", 1234_56, id="point between groups, then a decimal comma"),
        pytest.param("1.234.567,89", 1_234_567_89, id="two points between groups"),
        pytest.param("12€", 12_00, id="sign without space"),
        pytest.param("12 EUR", 12_00, id="code of the currency"),
        pytest.param("12,50 eur", 12_50, id="code in lower case"),
        pytest.param("1 euro", 1_00, id="word"),
        pytest.param("12 Euros", 12_00, id="plural"),
        pytest.param(" \t12,50 ", 12_50, id="spaces around"),
        pytest.param("0012,50", 12_50, id="leading zeros"),
        pytest.param("0,01", 1, id="smallest"),
        pytest.param("9 999 999,99", 999_999_999, id="largest"),
    ],
)
def test_an_amount_is_read_in_each_usual_notation(text: str, cents: int) -> None:
    """R26"""
    assert Amount(cents) == parse_amount(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", refused(ProblemCode.TEXT_MISSING), id="nothing"),
        pytest.param("\u202f ", refused(ProblemCode.TEXT_MISSING), id="spaces alone"),
        pytest.param("1,234.56", refused(ProblemCode.AMOUNT_FORM), id="English notation"),
        pytest.param("1,234,567", refused(ProblemCode.AMOUNT_FORM), id="commas between groups"),
        pytest.param("1.234.567", refused(ProblemCode.AMOUNT_FORM), id="points between groups, no decimal comma"),
        pytest.param("1.23,45", refused(ProblemCode.AMOUNT_FORM), id="group of two"),
        pytest.param("12 34,56", refused(ProblemCode.AMOUNT_FORM), id="space elsewhere"),
        pytest.param("1234 567,00", refused(ProblemCode.AMOUNT_FORM), id="first group of four"),
        pytest.param("1  234,56", refused(ProblemCode.AMOUNT_FORM), id="two spaces"),
        pytest.param("1 234.567,89", refused(ProblemCode.AMOUNT_FORM), id="two kinds of groups"),
        pytest.param("12,", refused(ProblemCode.AMOUNT_FORM), id="comma without decimals"),
        pytest.param(",50", refused(ProblemCode.AMOUNT_FORM), id="comma without euros"),
        pytest.param("12€50", refused(ProblemCode.AMOUNT_FORM), id="sign inside"),
        pytest.param("€ 12", refused(ProblemCode.AMOUNT_FORM), id="sign before"),
        pytest.param("€", refused(ProblemCode.AMOUNT_FORM), id="sign alone"),
        pytest.param("12 $", refused(ProblemCode.AMOUNT_FORM), id="other currency"),
        pytest.param("+12", refused(ProblemCode.AMOUNT_FORM), id="plus"),
        pytest.param("1e3", refused(ProblemCode.AMOUNT_FORM), id="exponent"),
        pytest.param("1_000", refused(ProblemCode.AMOUNT_FORM), id="underscore"),
        pytest.param("douze", refused(ProblemCode.AMOUNT_FORM), id="words"),
        pytest.param("-", refused(ProblemCode.AMOUNT_FORM), id="dash alone"),
        pytest.param("12\n", refused(ProblemCode.AMOUNT_FORM), id="newline"),
        pytest.param("١٢", refused(ProblemCode.AMOUNT_FORM), id="Arabic digits"),
        pytest.param("12²", refused(ProblemCode.AMOUNT_FORM), id="superscript"),
        pytest.param("12 euroſ", refused(ProblemCode.AMOUNT_FORM), id="long s"),
        pytest.param("12,5", refused(ProblemCode.AMOUNT_DECIMALS, 2), id="one decimal: a digit may be missing"),
        pytest.param("12,345", refused(ProblemCode.AMOUNT_DECIMALS, 2), id="three decimals"),
        pytest.param("1.234", refused(ProblemCode.AMOUNT_DECIMALS, 2), id="three decimals or a group"),
        pytest.param("0", refused(ProblemCode.AMOUNT_NOT_POSITIVE), id="zero"),
        pytest.param("0,00 €", refused(ProblemCode.AMOUNT_NOT_POSITIVE), id="zero euros and cents"),
        pytest.param("-12,50", refused(ProblemCode.AMOUNT_NOT_POSITIVE), id="negative"),
        pytest.param("\u2212 12,50 €", refused(ProblemCode.AMOUNT_NOT_POSITIVE), id="minus sign"),
        pytest.param("10 000 000", refused(ProblemCode.AMOUNT_TOO_LARGE, 10_000_000), id="too large"),
        pytest.param("9" * 32, refused(ProblemCode.AMOUNT_TOO_LARGE, 10_000_000), id="as large as can be typed"),
        pytest.param("1" * 33, refused(ProblemCode.TEXT_TOO_LONG, 32), id="too long"),
        pytest.param(Endless("12"), refused(ProblemCode.TEXT_TOO_LONG, 32), id="ten megabytes"),
    ],
)
def test_an_amount_that_could_be_misread_is_asked_for_again(text: str, problem: Problem) -> None:
    """R26, R35"""
    assert problem == parse_amount(text)


def grouped(euros: int, separator: str) -> str:
    return f"{euros:,}".replace(",", separator)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda euros, cents: f"{euros},{cents:02d}", id="comma"),
        pytest.param(lambda euros, cents: f"{euros}.{cents:02d}", id="point"),
        pytest.param(lambda euros, cents: f"{grouped(euros, ' ')},{cents:02d} €", id="French"),
        pytest.param(lambda euros, cents: f"{grouped(euros, chr(0x202F))},{cents:02d}\u00a0€", id="typographic"),
        pytest.param(lambda euros, cents: f"{grouped(euros, '.')},{cents:02d} EUR", id="points between groups"),
    ],
)
@given(cents=st.integers(1, 999_999_999))
def test_an_amount_written_in_a_usual_notation_is_read_back(written: Callable[[int, int], str], cents: int) -> None:
    """R26"""
    assert Amount(cents) == parse_amount(written(*divmod(cents, 100)))


@pytest.mark.parametrize("cents", [0, -1, 1_000_000_000])
def test_an_amount_that_nobody_pays_cannot_be_built(cents: int) -> None:
    """R26"""
    with pytest.raises(ValueError, match="at least"):
        Amount(cents)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        pytest.param("0123456789", "0123456789", id="shortest, leading zero kept"),
        pytest.param("123456789012345678901", "123456789012345678901", id="longest"),
        pytest.param("8025 0000 01-2345\u00a067890", "80250000012345" + "67890", id="spaces and dashes"),
    ],
)
def test_a_serial_number_is_read_as_printed(text: str, digits: str) -> None:
    """R25"""
    assert VitaleSerial(Secret(digits)) == parse_vitale_serial(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(" ", refused(ProblemCode.TEXT_MISSING), id="nothing"),
        pytest.param("---", refused(ProblemCode.VITALE_SERIAL_FORM), id="dashes alone"),
        pytest.param("123456789", refused(ProblemCode.VITALE_SERIAL_FORM), id="nine digits"),
        pytest.param("1" * 22, refused(ProblemCode.VITALE_SERIAL_FORM), id="twenty-two digits"),
        pytest.param("012345678A", refused(ProblemCode.VITALE_SERIAL_FORM), id="letter"),
        pytest.param("٠١٢٣٤٥٦٧٨٩", refused(ProblemCode.VITALE_SERIAL_FORM), id="Arabic digits"),
        pytest.param("0123456789\n", refused(ProblemCode.VITALE_SERIAL_FORM), id="newline"),
        pytest.param("1" * 65, refused(ProblemCode.TEXT_TOO_LONG, 64), id="too long"),
        pytest.param(Endless("0123456789"), refused(ProblemCode.TEXT_TOO_LONG, 64), id="ten megabytes"),
    ],
)
def test_what_is_no_serial_number_is_refused(text: str, problem: Problem) -> None:
    """R25, R35"""
    assert problem == parse_vitale_serial(text)


def test_a_serial_number_of_another_form_cannot_be_built() -> None:
    """R25"""
    with pytest.raises(ValueError, match="10 to 21 digits"):
        VitaleSerial(Secret("123"))


@pytest.mark.parametrize("kind", DATED)
def test_a_question_about_money_is_answered_with_an_amount(kind: ChallengeKind) -> None:
    """R25"""
    assert Answer(kind, Amount(12_50)) == parse_answer(kind.value, "12,50 €")


def test_the_question_about_the_card_is_answered_with_its_serial_number() -> None:
    """R25"""
    assert Answer(ChallengeKind.VITALE_SERIAL, CARD) == parse_answer("vitale_serial", "00 12 34 56 78 90 12")


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        pytest.param("benefit_amount", "-1", refused(ProblemCode.AMOUNT_NOT_POSITIVE), id="amount"),
        pytest.param("vitale_serial", "1", refused(ProblemCode.VITALE_SERIAL_FORM), id="serial number"),
        pytest.param("mother_maiden_name", "Durand", refused(ProblemCode.CHALLENGE_UNKNOWN), id="no such question"),
        pytest.param("", "12", refused(ProblemCode.CHALLENGE_UNKNOWN), id="no question"),
        pytest.param("VITALE_SERIAL", "0123456789", refused(ProblemCode.CHALLENGE_UNKNOWN), id="capitals"),
        pytest.param(Endless("x"), "12", refused(ProblemCode.CHALLENGE_UNKNOWN), id="ten megabytes"),
    ],
)
def test_an_answer_that_cannot_be_read_says_why(kind: str, text: str, problem: Problem) -> None:
    """R25, R35"""
    assert problem == parse_answer(kind, text)


def test_the_windows_are_those_of_the_source_text() -> None:
    """R25"""
    expected = {"vitale_serial": None, "benefit_amount": 6, "contribution_invoice": 12, "payroll_contributions": 12}
    assert expected == WINDOW_MONTHS


@pytest.mark.parametrize(
    ("today", "months", "start"),
    [
        pytest.param(date(2025, 7, 15), 6, date(2025, 1, 15), id="same year"),
        pytest.param(date(2025, 6, 15), 6, date(2024, 12, 15), id="December before"),
        pytest.param(date(2025, 3, 15), 12, date(2024, 3, 15), id="a year"),
        pytest.param(date(2025, 1, 31), 12, date(2024, 1, 31), id="January to January"),
        pytest.param(date(2025, 12, 31), 12, date(2024, 12, 31), id="December to December"),
        pytest.param(date(2025, 8, 31), 6, date(2025, 2, 28), id="shorter month"),
        pytest.param(date(2024, 8, 31), 6, date(2024, 2, 29), id="shorter month of a leap year"),
        pytest.param(date(2025, 12, 31), 6, date(2025, 6, 30), id="month of thirty days"),
        pytest.param(date(2024, 2, 29), 12, date(2023, 2, 28), id="a leap day's year before"),
    ],
)
def test_the_window_is_counted_in_calendar_months(today: date, months: int, start: date) -> None:
    """R25"""
    assert start == window_start(today, months)


@given(st.dates(min_value=date(2, 1, 1)), st.integers(1, 12))
def test_the_window_never_starts_more_than_its_months_before(today: date, months: int) -> None:
    """R25"""
    start = window_start(today, months)
    assert months == (today.year - start.year) * 12 + today.month - start.month


@pytest.mark.parametrize(
    ("kind", "on", "right"),
    [
        pytest.param(ChallengeKind.BENEFIT_AMOUNT, date(2025, 8, 31), True, id="benefit, today"),
        pytest.param(ChallengeKind.BENEFIT_AMOUNT, date(2025, 9, 1), False, id="benefit, tomorrow"),
        pytest.param(ChallengeKind.BENEFIT_AMOUNT, date(2025, 2, 28), True, id="benefit, first day"),
        pytest.param(ChallengeKind.BENEFIT_AMOUNT, date(2025, 2, 27), False, id="benefit, the day before"),
        pytest.param(ChallengeKind.CONTRIBUTION_INVOICE, date(2024, 8, 31), True, id="invoice, first day"),
        pytest.param(ChallengeKind.CONTRIBUTION_INVOICE, date(2024, 8, 30), False, id="invoice, the day before"),
        pytest.param(ChallengeKind.PAYROLL_CONTRIBUTIONS, date(2024, 8, 31), True, id="payroll, first day"),
        pytest.param(ChallengeKind.PAYROLL_CONTRIBUTIONS, date(2024, 8, 30), False, id="payroll, the day before"),
    ],
)
def test_only_a_payment_within_the_window_counts(kind: ChallengeKind, on: date, right: bool) -> None:
    """R25"""
    assert right is answers(Answer(kind, Amount(12_50)), [Proof(kind, Amount(12_50), on)], TODAY)


def test_the_right_serial_number_is_right() -> None:
    """R25"""
    assert answers(Answer(ChallengeKind.VITALE_SERIAL, CARD), [Proof(ChallengeKind.VITALE_SERIAL, CARD)], TODAY)


def test_leading_zeros_of_a_serial_number_count() -> None:
    """R25"""
    answer = Answer(ChallengeKind.VITALE_SERIAL, VitaleSerial(Secret("123456789012")))
    assert not answers(answer, [Proof(ChallengeKind.VITALE_SERIAL, CARD)], TODAY)


@pytest.mark.parametrize("cents", [12_49, 12_51, 1_25, 125_00])
def test_an_amount_is_right_to_the_cent(cents: int) -> None:
    """R26"""
    assert not answers(benefit_answer(cents), [benefit(12_50)], TODAY)


def test_the_right_amount_of_another_question_is_wrong() -> None:
    """R25"""
    invoice = Proof(ChallengeKind.CONTRIBUTION_INVOICE, Amount(12_50), TODAY)
    assert not answers(benefit_answer(12_50), [invoice], TODAY)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_any_one_of_the_payments_is_right(place: int) -> None:
    """R25"""
    proofs = [benefit(1_00), benefit(2_00)]
    proofs.insert(place, benefit(12_50))
    assert answers(benefit_answer(12_50), proofs, TODAY)


def test_one_amount_paid_twice_counts_if_one_payment_is_recent() -> None:
    """R25"""
    assert answers(benefit_answer(12_50), [benefit(12_50), benefit(12_50, date(2020, 1, 1))], TODAY)


@pytest.mark.parametrize("answer", [benefit_answer(12_50), Answer(ChallengeKind.VITALE_SERIAL, CARD)])
def test_without_any_proof_no_answer_is_right(answer: Answer) -> None:
    """R14"""
    assert not answers(answer, [], TODAY)


@pytest.mark.parametrize(
    ("proofs", "comparisons"),
    [
        pytest.param([], 1, id="none"),
        pytest.param([benefit(12_50)], 1, id="one"),
        pytest.param([benefit(12_50), benefit(1_00), benefit(12_50, date(2020, 1, 1))], 3, id="the first is right"),
        pytest.param([Proof(ChallengeKind.VITALE_SERIAL, CARD), benefit(1_00)], 2, id="of another question too"),
    ],
)
def test_every_proof_is_compared_in_constant_time(
    proofs: list[Proof], comparisons: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R14, R37"""
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def noted(left: bytes, right: bytes) -> bool:
        compared.append(right)
        return compare(left, right)

    monkeypatch.setattr(hmac, "compare_digest", noted)
    answers(benefit_answer(12_50), proofs, TODAY)
    assert comparisons == len(compared)


@pytest.mark.parametrize(
    ("kind", "value", "on"),
    [
        pytest.param(ChallengeKind.VITALE_SERIAL, CARD, TODAY, id="serial number with a date"),
        pytest.param(ChallengeKind.VITALE_SERIAL, Amount(1), None, id="amount for a serial number"),
        pytest.param(ChallengeKind.BENEFIT_AMOUNT, CARD, TODAY, id="serial number for an amount"),
        pytest.param(ChallengeKind.BENEFIT_AMOUNT, Amount(1), None, id="amount without a date"),
        pytest.param(
            ChallengeKind.BENEFIT_AMOUNT, Amount(1), datetime(2025, 8, 31, tzinfo=UTC), id="amount with a time of day"
        ),
    ],
)
def test_a_proof_that_does_not_hold_together_cannot_be_built(
    kind: ChallengeKind, value: Amount | VitaleSerial, on: date | None
) -> None:
    """R25"""
    with pytest.raises(ValueError, match="day of payment"):
        Proof(kind, value, on)


@pytest.mark.parametrize(
    ("kind", "value"), [(ChallengeKind.VITALE_SERIAL, Amount(1)), (ChallengeKind.BENEFIT_AMOUNT, CARD)]
)
def test_an_answer_to_another_question_cannot_be_built(kind: ChallengeKind, value: Amount | VitaleSerial) -> None:
    """R25"""
    with pytest.raises(ValueError, match="serial number"):
        Answer(kind, value)


@pytest.mark.parametrize(
    "kept",
    [
        benefit_answer(12_50),
        benefit(12_50),
        Answer(ChallengeKind.VITALE_SERIAL, CARD),
        Proof(ChallengeKind.VITALE_SERIAL, CARD),
        Amount(12_50),
        CARD,
    ],
)
def test_neither_answer_nor_proof_shows_itself(kept: object) -> None:
    """R54"""
    assert not any(character.isdigit() for character in f"{kept} {kept!r}")


@pytest.mark.parametrize("answer", [benefit_answer(12_50), Answer(ChallengeKind.VITALE_SERIAL, CARD)])
def test_an_answer_is_never_pickled(answer: Answer) -> None:
    """R54"""
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(answer)
