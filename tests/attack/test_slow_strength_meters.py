"""zxcvbn (2019 and later, reported many times): its time explodes with the substitutions of *leet* that a text could
hold, seconds for one password of seventy-two characters, whoever types it.

Replayed: the texts that are known to be slow, at the meter that is shipped. ``docs/strength.md`` has the numbers.
"""

from time import process_time

import pytest

from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

SLOW = {
    "every substitution": "4@8({[<3690#!1|0$5+7%2" * 3,
    "as long as zxcvbn takes": ("4@({<69!1|0$5+7%2zx" * 4)[:72],
    "substitutions of one letter": "@4" * 64,
    "repeats of repeats": "abcabcabcabc" * 80,
    "one letter": "a" * 1_024,
    "dates": "01011990" * 128,
    "a keyboard": "azertyuiop^$" * 80,
    "no Latin at all": "\U0001f69c\u0301" * 512,
    "brackets": "({[<" * 256,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_no_text_takes_the_meter_long(text: str) -> None:
    """R44, R35: half a second of work, ten times what is promised, for a machine that is busy."""
    meter = ZxcvbnMeter()
    meter.measure(Secret("Brouette-7-bleue"), ())
    begun = process_time()
    meter.measure(Secret(text[:1_024]), ("Marie", "Laborde", "4" * 40))
    assert process_time() - begun < 0.5


def test_a_text_that_is_too_much_to_measure_is_not_taken_for_strong_for_that() -> None:
    """R44: padding a weak password to get past the meter is no way."""
    assert Strength.STRONG is not ZxcvbnMeter().measure(Secret("azerty" * 20), ())
