"""Filters that see other digits than the comparison (Python's ``str.isdigit`` and ``int``, ``$`` before a newline;
many): ``\\d`` takes Arabic digits, ``int`` takes ``1_0``, a sign and spaces, and 12 equals 0012.

Replayed: every way to write a code that is not its four ASCII digits; and every code, leading zeros and all.
"""

import pytest

from msa_recovery.domain.account import Channel
from msa_recovery.domain.inputs import SubmitCode, read
from msa_recovery.domain.journey import State
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.testing.people import MARIE
from tests.support.house import House

DIGITS = "0123456789"
ALPHABETS = {
    "Arabic": "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "Devanagari": "\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f",
    "full width": "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "superscript": "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079",
    "mathematical": "".join(chr(0x1D7CE + digit) for digit in range(10)),
}
AROUND = [
    "{}\n",
    "\n{}",
    "{}\r\n",
    "{}\x00",
    "+{}",
    "0{}",
    "{}.0",
    "{}\u0301",
    "\u200b{}",
    "{}|0000",
    "{} OR 1=1",
    "\u202e{}",
]


@pytest.mark.parametrize("digits", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_the_right_code_in_other_digits_is_no_code(house: House, digits: str) -> None:
    """R36: and no guess."""
    reply = house.at_code()
    view = house.send(reply, SubmitCode(house.code.translate(str.maketrans(DIGITS, digits)))).view
    assert ProblemCode.CODE_FORM is (view.problem and view.problem.code)
    assert () == house.ledger(MARIE).ledger.code_guesses


@pytest.mark.parametrize("form", AROUND, ids=range(len(AROUND)))
def test_the_right_code_with_anything_around_it_is_no_code(house: House, form: str) -> None:
    """R36: a newline is no space."""
    reply = house.at_code()
    assert State.CONFIRMING_CODE is house.send(reply, SubmitCode(form.format(house.code))).view.state
    assert () == house.ledger(MARIE).ledger.code_guesses


@pytest.mark.parametrize(
    "form", ["{0[0]} {0[1]} {0[2]} {0[3]}", "{0[0]}{0[1]}-{0[2]}{0[3]}", "\u00a0{0}\u202f", "\t{0} "]
)
def test_spaces_and_dashes_help_the_eye_and_nothing_else(house: House, form: str) -> None:
    """R36."""
    reply = house.at_code()
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(form.format(house.code))).view.state


@pytest.mark.parametrize("text", ["12", "012", "00012", "12.", "1 2", "-012"])
def test_a_code_is_compared_as_text_and_not_as_a_number(text: str) -> None:
    """R36, R9: 12 is not 0012."""
    found = read(SubmitCode(text), Policy.msa())
    assert ProblemCode.CODE_FORM is (found.code if isinstance(found, Problem) else None)


def test_a_code_with_leading_zeros_arrives_and_is_accepted_with_them() -> None:
    """R9, R36: the one code in ten that begins with a zero."""
    house = House()
    for _ in range(60):
        reply = house.at_code()
        if house.code.startswith("0"):
            assert house.code == [one.secret and one.secret.reveal() for one in house.delivered(Channel.SMS)][-1]
            assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state
            return
        house.later(days=31)
    raise AssertionError("no code of sixty begins with a zero")
