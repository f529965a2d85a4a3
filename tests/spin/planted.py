"""Bugs of the chart, planted into the model: what spin must find, so that its silence means something."""

from typing import Final, final

from attrs import frozen

__all__ = ["PLANTED", "Planted"]


@final
@frozen
class Planted:
    """One bug.

    Attributes:
        name: what is wrong.
        good: what stands in the model.
        bad: what stands there instead.
        temporal: whether only a temporal property finds it.
    """

    name: str
    good: str
    bad: str
    temporal: bool = False

    def model(self, model: str) -> str:
        """The model with the bug, wherever the good text stands.

        Raises:
            LookupError: it stands nowhere: the bug is out of date.
        """
        if self.good not in model:
            raise LookupError(f"{self.name}: the model has no {self.good!r}")
        return model.replace(self.good, self.bad)


PLANTED: Final = (
    Planted(
        "a temporary password is issued for a wrong code",
        "((verdict == RIGHT)) -> row = 34 /* row recovery confirming_code.submit_code.2 */",
        "(verdict == RIGHT || verdict == WRONG) -> row = 34 /* row recovery confirming_code.submit_code.2 */",
    ),
    Planted("codes of a month are without a limit", "sends_month < SENDS_PER_MONTH", "true"),
    Planted("a code goes on after its last guess", "code_held && code_guesses > 0 && code_left > 0", "code_held"),
    Planted("a guess is given back", "verdict == RIGHT -> given--", "verdict != NO_VERDICT && given > 0 -> given--"),
    Planted("letters are without a limit", "letter_left == 0 && letters < LETTERS_PER_MONTH", "letter_left == 0"),
    Planted("a sign-in need not wait", "sign_in_left > 0 || sign_ins >= SIGN_INS_PER_DAY", "0"),
    Planted(
        "the wait after a code never ends",
        "cooldown_left = (cooldown_left > length -> cooldown_left : 0)",
        "skip",
        temporal=True,
    ),
    Planted(
        "a blocked account stays blocked",
        "month_left = (month_left > length -> month_left : 0)",
        "skip",
        temporal=True,
    ),
)
