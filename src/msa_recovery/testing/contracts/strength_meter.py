"""What a meter of password strength must keep to."""

from functools import partial
from typing import Final

import pytest

from msa_recovery.application.ports import StrengthMeter
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

from .port import SIDES, PortContract

__all__ = ["StrengthMeterContract"]

_WORDS: Final = ("Maïté", "Etcheverry", "2621164902003", "MSA Sud Aquitaine")
_ORDER: Final = (Strength.WEAK, Strength.FAIR, Strength.STRONG)

_ANY_TEXT: Final = {
    "empty": "",
    "one character": "a",
    "a space": " ",
    "null": "\0",
    "a lone surrogate": "\ud800",
    "emoji": "\U0001f9d1\u200d\U0001f33e" * 8,
    "combining marks": "e" + "\u0301" * 200,
    "signs for letters": "p@55w0rd!" * 20,
    "one sign": "a" * 1_024,
    "a sequence": "abcdefghijklmnopqrstuvwxyz" * 10,
    "ten megabytes": "x1Y-" * 2_500_000,
}


_TWO_PERSONS: Final[tuple[tuple[str, ...], ...]] = ((), ("gwendolheim77",))


class StrengthMeterContract(PortContract):
    """Override the fixture ``meter``. That it answers within 50 ms is measured by benchmarks, not here."""

    @pytest.fixture
    def meter(self) -> StrengthMeter:
        """The meter."""
        raise NotImplementedError("override the fixture `meter`")

    @pytest.mark.parametrize("text", _ANY_TEXT.values(), ids=_ANY_TEXT.keys())
    def test_any_text_has_a_strength(self, meter: StrengthMeter, text: str) -> None:
        """``measure``: any text, any length (R44)."""
        assert isinstance(meter.measure(Secret(text), _WORDS), Strength)

    @pytest.mark.parametrize("words", [(), ("",), ("x" * 100_000,), ("\ud800",), ("mot",) * 1_000])
    def test_any_words_will_do(self, meter: StrengthMeter, words: tuple[str, ...]) -> None:
        """``measure``: words that a directory holds, whatever they are."""
        assert isinstance(meter.measure(Secret("Brouette-7-bleue"), words), Strength)

    @pytest.mark.parametrize("text", ["password", "azerty", "12345678", "aaaaaaaa", "Password1!"])
    def test_what_is_tried_first_is_weak(self, meter: StrengthMeter, text: str) -> None:
        """``measure``: faible."""
        assert Strength.WEAK is meter.measure(Secret(text), ())

    @pytest.mark.parametrize("text", ["k7#Vq!m2Zr&w9Lx@", "hR4%tY8=pW3*cN6+"])
    def test_what_nobody_could_guess_is_strong(self, meter: StrengthMeter, text: str) -> None:
        """``measure``: fort."""
        assert Strength.STRONG is meter.measure(Secret(text), _WORDS)

    @pytest.mark.parametrize("text", ["Etcheverry", "etcheverry", "2621164902003", "Etcheverry1"])
    def test_what_is_known_of_the_person_is_weak(self, meter: StrengthMeter, text: str) -> None:
        """``measure``: words are what an attacker who knows the person tries first (R42)."""
        assert Strength.WEAK is meter.measure(Secret(text), _WORDS)

    @pytest.mark.parametrize("text", ["Etcheverry-64-pau", "Maïté1962Etch", "k7#Vq!m2Zr&w9Lx@"])
    def test_knowing_more_never_makes_a_password_stronger(self, meter: StrengthMeter, text: str) -> None:
        """``measure``: words are what an attacker who knows the person tries first."""
        alone, known = meter.measure(Secret(text), ()), meter.measure(Secret(text), _WORDS)
        assert _ORDER.index(known) <= _ORDER.index(alone)

    def test_the_words_of_one_person_are_nothing_to_the_next(self, meter: StrengthMeter) -> None:
        """``measure``: a pure function of both arguments."""
        password = Secret("gwendolheim77")
        before = meter.measure(password, ())
        meter.measure(password, ("gwendolheim77", "gwendolheim"))
        assert before is meter.measure(password, ())

    def test_threads_do_not_see_each_others_words(self, meter: StrengthMeter) -> None:
        """``measure``: any thread, a pure function of both arguments."""
        measured = {words: meter.measure(Secret("gwendolheim77"), words) for words in _TWO_PERSONS}
        asked = [words for words in measured for _ in range(SIDES // 2)] * 2
        answers = self.together([partial(meter.measure, Secret("gwendolheim77"), words) for words in asked])
        assert [measured[words] for words in asked] == answers
