"""The parts of the demonstration, one by one."""

import io
from datetime import timedelta

import pytest
from rich.console import Console

from msa_recovery.application.caller import Language
from msa_recovery.cli.stage import WRONG_CODES, NoCodeTwice, Stage
from msa_recovery.cli.terminal import Terminal
from msa_recovery.domain.account import MATRIX
from msa_recovery.texts import lasting_text
from tests.cli.visit import NOW


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=21), "21 jours"),
        (timedelta(days=20, hours=23), "20 jours"),
        (timedelta(days=2) - timedelta(seconds=1), "47 heures"),
        (timedelta(hours=1), "60 minutes"),
        (timedelta(minutes=29, seconds=59), "29 minutes"),
        (timedelta(seconds=119), "119 secondes"),
        (timedelta(seconds=1), "1 seconde"),
    ],
)
def test_a_length_of_time_is_never_said_longer_than_it_is(length: timedelta, words: str) -> None:
    """R56."""
    assert words == lasting_text(length, Language.FR).replace("\xa0", " ")


def test_an_earlier_code_is_always_another_one() -> None:
    """So that no story goes wrong once in ten thousand times."""
    source = NoCodeTwice()
    assert set("0123456789") == {source.code(1).reveal() for _ in range(10)}


def test_a_code_that_is_typed_as_a_wrong_one_is_never_drawn() -> None:
    """Nor does it take ten thousand tries to see."""
    source = NoCodeTwice()
    drawn = {source.code(4).reveal() for _ in range(10_000 - len(WRONG_CODES))}
    assert (10_000 - len(WRONG_CODES), set()) == (len(drawn), drawn & set(WRONG_CODES))


def test_what_is_shown_is_not_read_as_markup() -> None:
    shown = io.StringIO()
    Terminal(Console(file=shown, width=80)).show("[bold]as it is[/bold]")
    assert "[bold]as it is[/bold]\n" == shown.getvalue()


def test_every_type_and_question_of_the_matrix_has_its_sample_account() -> None:
    """What ``demo --play`` and whoever tries the demonstration can choose from."""
    accounts = [held.account for held in Stage.sample(NOW).directory.accounts()]
    assert set(MATRIX) == {account.type for account in accounts if account.first_sign_in}
    assert set(MATRIX) == {account.type for account in accounts if not account.first_sign_in}


def test_the_newest_answer_comes_first_as_a_person_would_type_it() -> None:
    elodie = Stage.sample(NOW).member("farmer-first-sign-in")
    (kind,) = MATRIX[elodie.held.account.type].challenges
    assert ("1234,56", "987,65") == elodie.answers(kind)
