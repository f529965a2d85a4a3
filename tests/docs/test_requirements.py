"""docs/requirements.md says what the tests say."""

from pathlib import Path

from tools.requirements import MOST, page, requirements, shown

PAGE = Path(__file__).parents[2] / "docs" / "requirements.md"


def test_the_page_is_as_the_tests_have_it() -> None:
    """If not: python -m tools.requirements."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_no_test_speaks_for_more_than_four_requirements() -> None:
    assert [] == [(each.where, each.name) for each in shown() if len(each.numbers) > MOST]


def test_every_requirement_has_a_test_or_a_reason_and_never_both() -> None:
    numbers = {number for each in shown() for number in each.numbers}
    wrong = [each.number for each in requirements() if (each.number in numbers) is bool(each.later)]
    assert [] == wrong


def test_no_test_speaks_for_a_requirement_that_there_is_not() -> None:
    known = {each.number for each in requirements()}
    assert [] == [(each.where, each.name) for each in shown() if each.numbers - known]


def test_the_numbers_are_one_to_sixty() -> None:
    assert list(range(1, 61)) == [each.number for each in requirements()]
