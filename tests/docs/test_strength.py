"""The page on password strength says what the meters say."""

from collections import Counter

from msa_recovery.domain.passwords import Strength
from tests.support.strength_tables import MADE_UP, PAGE, _verdicts, drawn, with_tables


def test_the_tables_are_what_the_meters_say() -> None:
    """If not: ``python -m tests.support.strength_tables``."""
    page = PAGE.read_text("utf-8")
    assert page == with_tables(page)


def test_the_two_meters_nearly_always_agree_and_are_never_two_verdicts_apart() -> None:
    assert MADE_UP == len(drawn())
    agreed = sum(ours is ports for ours, ports in map(_verdicts, drawn()))
    assert 0.95 < agreed / MADE_UP
    assert {Strength.WEAK, Strength.STRONG} not in [set(_verdicts(text)) for text in drawn()]


def test_the_passwords_they_are_compared_on_are_of_all_kinds() -> None:
    counts = Counter(ours for ours, _ in map(_verdicts, drawn()))
    assert all(counts[verdict] > 0.1 * MADE_UP for verdict in Strength)
