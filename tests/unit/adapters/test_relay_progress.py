"""What a relay does is shown: in a bar to a person, in a line a second to a log."""

from io import StringIO

import pytest

from msa_recovery.adapters.relay_progress import RelayProgress
from msa_recovery.application.relay import Relayed


class Terminal(StringIO):
    """A stream that says that a person waits."""

    def isatty(self) -> bool:
        return True


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_a_log_gets_a_line_a_second_and_one_in_the_end(seconds: Seconds) -> None:
    stream = StringIO()
    with RelayProgress(stream, seconds) as progress:
        for number in range(1, 26):
            seconds.now = number / 10
            progress(Relayed(delivered=number))
    assert [
        "relay: 10 delivered in 1 s",
        "relay: 20 delivered in 2 s",
        "relay: 25 delivered in 2 s",
    ] == stream.getvalue().splitlines()


def test_each_line_says_all_that_was_done(seconds: Seconds) -> None:
    stream = StringIO()
    with RelayProgress(stream, seconds) as progress:
        progress(Relayed(delivered=1, retried=2, dropped=3, dead=4, applied=5))
    assert "relay: 1 delivered, 2 retried, 3 dropped, 4 dead, 5 applied in 0 s\n" == stream.getvalue()


def test_what_was_said_is_not_said_again_in_the_end(seconds: Seconds) -> None:
    stream = StringIO()
    with RelayProgress(stream, seconds) as progress:
        seconds.now = 1
        progress(Relayed(delivered=1))
    assert 1 == len(stream.getvalue().splitlines())


def test_where_nothing_was_due_it_says_so(seconds: Seconds) -> None:
    stream = StringIO()
    with RelayProgress(stream, seconds):
        pass
    assert "relay: nothing was due in 0 s\n" == stream.getvalue()


def test_a_person_sees_a_bar_and_in_the_end_one_line(seconds: Seconds) -> None:
    stream = Terminal()
    with RelayProgress(stream, seconds) as progress:
        for number in range(1, 100):
            progress(Relayed(delivered=number))
    *_, last = stream.getvalue().rstrip("\n").splitlines()
    assert ("relay: 99 delivered in 0 s", 1) == (last[last.index("relay:") :], stream.getvalue().count("relay:"))
    assert "\x1b[" in stream.getvalue()
