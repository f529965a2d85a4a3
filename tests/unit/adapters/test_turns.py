"""Whoever waits for a turn is served in the order of arrival."""

from threading import Barrier, Event, Thread

import pytest

from msa_recovery.adapters.turns import Turns


def test_two_threads_are_never_inside_at_once() -> None:
    turns, inside, most = Turns(), 0, 0
    start = Barrier(8)

    def work() -> None:
        nonlocal inside, most
        start.wait()
        for _ in range(200):
            with turns:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert inside == 0


def test_the_one_who_waits_longest_comes_next() -> None:
    turns, served = Turns(), list[int]()
    queued = [Event() for _ in range(5)]

    def work(number: int) -> None:
        queued[number].set()
        with turns:
            served.append(number)

    threads = [Thread(target=work, args=(number,)) for number in range(5)]
    with turns:
        for number, thread in enumerate(threads):
            thread.start()
            queued[number].wait()
            while len(turns._waiting) <= number:
                pass
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


def test_a_turn_is_passed_on_when_the_work_fails() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="broken"), turns:
        raise ValueError("broken")
    with turns:
        assert turns._taken


@pytest.mark.parametrize("already_called", [False, True])
def test_whoever_is_interrupted_while_waiting_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, already_called: bool
) -> None:
    turns = Turns()

    class Interrupting:
        """A lock whose second acquire is interrupted, before or after the turn was given to it."""

        def __init__(self) -> None:
            self.acquired = 0

        def acquire(self) -> bool:
            self.acquired += 1
            if self.acquired == 2:
                if already_called:
                    turns._next()
                raise KeyboardInterrupt
            return True

        def release(self) -> None:
            pass

    turns.__enter__()
    monkeypatch.setattr("msa_recovery.adapters.turns.Lock", Interrupting)
    with pytest.raises(KeyboardInterrupt):
        turns.__enter__()
    if not already_called:
        turns.__exit__(None, None, None)
    assert not turns._taken
    assert not turns._waiting
