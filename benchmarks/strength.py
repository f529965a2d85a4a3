"""How long it takes to judge a password: usual ones, and those made to take long."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from random import Random
from statistics import quantiles
from threading import Barrier, Thread
from time import perf_counter_ns
from typing import Final

from msa_recovery.adapters.meter import LONGEST_MEASURED, ZxcvbnMeter
from msa_recovery.adapters.rust_meter import RustMeter
from msa_recovery.application.ports import StrengthMeter
from msa_recovery.domain.secret import Secret

from .report import Line

__all__ = ["lines"]

_SEED: Final = 44
_THREADS: Final = (1, 8)
_ROUNDS: Final = 25
_FIRSTS: Final = 7
_WORDS: Final = ("Durand", "Marie", "Madeleine", "Mont-de-Marsan", "2840333063021", "MSA Sud Aquitaine")
_MOST_WORDS: Final = tuple(f"{word}{number}" for number in range(17) for word in _WORDS)

_USUAL: Final = (
    "Brouette-7-bleue",
    "marie1984",
    "M@deleine40!",
    "Tracteur&Vigne2024",
    "azertyuiop",
    "Soleil123!",
    "correct horse battery",
    "xK9#mQ2$vL",
    "Durand.Landes.33",
    "P@ssw0rd!2026",
    "Chocolat-Noir-70%",
    "j'aime les canards",
    "Gwenaëlle1978",
    "motdepasse2024",
    "Mont-de-Marsan40",
    "&é\"'(-è_çà",
    "AllezLesVerts42!",
    "gâche-contacts-ministres-yuri",
)
_LENGTHS: Final = (
    *(1, 2, 3, 5, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 72, 73, 96, 100, 128),
    *(160, 200, 256, 333, 400, 512, 640, 777, 900, 1_000, 1_023, LONGEST_MEASURED, LONGEST_MEASURED + 1, 10_000_000),
)
_BRICKS: Final = (
    "a",
    "ab",
    "abc",
    "4@8({[<369!1|0$57+%2",  # every sign that stands for a letter
    "p4$$w0rd",
    "p@55w0rd1!",
    "Durand",
    "password",
    "azertyuiop",
    "qwertyuiop[]",
    "zxcvbnm,./",
    "qsdfghjklmù*",
    "&é\"'(-è_çà)=",
    "azqsaz",  # a walk that turns at every key
    "1a&qé2",
    "l'",
    "l’été",
    "moissonneuse-batteuse",
    "anticonstitutionnellement",
    "m0i55onneu53",
    "éèêëàâäôöùûüïîç",
    "abcdefghijklmnopqrstuvwxyz",
    "9876543210",
    "01/02/1984",
    "1984-03-02 2.3.84 ",
    "19841984198",
    "aA1!",
    "é",
    "mañana日本語",
    "e\N{COMBINING ACUTE ACCENT}",
    "\N{PILE OF POO}\N{ZERO WIDTH JOINER}",
    "\ud800",
    "İstanbulﬃ",
    " ",
    "\0",
)
"""What is repeated up to each length."""

_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "4@8({[<369!1|0$57+%2",
    "0123456789",
    "0123456789/-. ",
    "ab",
    "aA4@",
    "".join(map(chr, range(33, 127))),
    "".join(map(chr, range(0x3B1, 0x3D0))),
    "azertyuiopqsdfghjklmwxcvbn",
    "&é\"'(-è_çà)=azertyuiop^$",
    "aeéèêiouàâçlnrst'- ",
)
"""What is drawn from at random up to each length."""


def lines() -> Iterator[Line]:
    """Measure with one thread and with eight, each time from the start to the end of a call, both meters.

    Eight that never pause wait for each other, since they share one interpreter: a call then takes as long as those of
    all eight. So of a usual password the time is said for each one that they get done.
    """
    yield Line.median_of("the first password of a process, lists loaded", [_first() for _ in range(_FIRSTS)], "ms")
    for name, meter in (("strength", ZxcvbnMeter()), ("strength, by the Rust port,", RustMeter())):
        meter.prepare()
        meter.measure(Secret("a"), ())  # imports what only a measurement needs
        yield from _lines(name, meter)
    yield Line.median_of("zxcvbn alone of a usual password, median", _alone(), "ms")


def _alone() -> list[float]:
    from zxcvbn import zxcvbn

    times: list[float] = []
    for password in _USUAL * _ROUNDS:
        start = perf_counter_ns()
        zxcvbn(password, user_inputs=list(_WORDS))
        times.append((perf_counter_ns() - start) / 1_000_000)
    return times


def _lines(name: str, meter: StrengthMeter) -> Iterator[Line]:
    usual, hostile = _USUAL * _ROUNDS * max(_THREADS), _hostile(Random(_SEED))
    for threads in _THREADS:
        many = "1 thread" if threads == 1 else f"{threads} threads"
        times = _milliseconds(meter, usual, _WORDS, threads)
        if threads == 1:
            yield Line.median_of(f"{name} of a usual password, median, {many}", times, "ms", most=1)
        else:
            each = sum(times) / len(times) / threads
            yield Line(f"{name} of a usual password, {many}, time for each they get done", each, "ms", most=1)
        times = _milliseconds(meter, hostile, _MOST_WORDS, threads)
        what = f"{name} of {len(times)} hostile passwords, 99th percentile, {many}"
        yield Line(what, quantiles(times, n=100)[-1], "ms", most=50)


def _first() -> float:
    """The time of the first measurement of a new process, with what it loads."""
    program = """
from time import perf_counter as t
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.rust_meter import RustMeter
from msa_recovery.application.ports import StrengthMeter
from msa_recovery.domain.secret import Secret
start = t()
ZxcvbnMeter().measure(Secret("motdepasse2024"), ())
print((t() - start) * 1_000)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def _hostile(chance: Random) -> tuple[str, ...]:
    repeated = [(brick * (length // len(brick) + 1))[:length] for brick in _BRICKS for length in _LENGTHS]
    drawn = ["".join(chance.choices(signs, k=length)) for signs in _ALPHABETS for length in _LENGTHS[:-1]]
    nested = [_nested(chance, length) for length in _LENGTHS[:-1] for _ in range(4)]
    every = [*repeated, *drawn, *nested]
    chance.shuffle(every)
    return tuple(every)


def _nested(chance: Random, length: int) -> str:
    """Repetitions of repetitions, now and then with a sign between them."""
    text = chance.choice(_BRICKS)
    while len(text) < length:
        text = text * chance.randint(2, 4) + chance.choice(("", "", "x", "7"))
    return text[:length]


def _milliseconds(meter: StrengthMeter, passwords: Sequence[str], words: tuple[str, ...], threads: int) -> list[float]:
    """How long each call took, while so many threads that share nothing but the meter call it all the time."""
    times: list[list[float]] = [[] for _ in range(threads)]
    together = Barrier(threads)

    def measure(number: int) -> None:
        secrets = [Secret(password) for password in passwords[number::threads]]
        together.wait()
        for secret in secrets:
            start = perf_counter_ns()
            meter.measure(secret, words)
            times[number].append((perf_counter_ns() - start) / 1_000_000)

    workers = [Thread(target=measure, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [time for each in times for time in each]
