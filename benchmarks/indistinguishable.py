"""Whether time tells an account from an unknown identifier: ``make bench-timing``.

The same call is timed for both, one right after the other, in an order that is drawn anew each time; so it is for two
unknown identifiers, which shows how much of a difference is mere chance. The files lie in memory where there is such a
place, so that no disk hides what differs: over a network an observer sees far less.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from secrets import randbelow
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from typing import Any, Final, TypeVar, final

from attrs import frozen

from msa_recovery import (
    AnswerChallenge,
    ChooseChannel,
    Identify,
    Recovery,
    Reply,
    ResendCode,
    Secret,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import RECOMMENDED, TESTS_ONLY, Argon2Cost, Argon2idHasher
from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.intents import ReplacePassword
from msa_recovery.domain.account import AccountKey, AccountType, Channel, IdentifierKind, Pseudonym
from msa_recovery.domain.decoy import decoy
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.inputs import Input
from msa_recovery.domain.policy import Policy
from msa_recovery.sample import sample_accounts

from .differences import Difference
from .host import CALLER, START, Phone
from .report import header

__all__ = ["lines"]

_ROUNDS: Final = 800
_WARM: Final = 50
_ROUNDS_AT_FULL_COST: Final = 15
_WARM_AT_FULL_COST: Final = 2
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - made for such files
_KEYS: Final = Keys((RootKey("bench", b"k" * 32),), b"i" * 32)
_WRONG: Final = "Ab3#efghijkn"
_CHANNELS: Final = {Channel.SMS, Channel.EMAIL, Channel.LETTER}

_T = TypeVar("_T")

Timed = defaultdict[str, list[int]]
"""By call, how long it took in each round, in nanoseconds."""


@final
@frozen
class Who:
    """One identifier that is tried: of one who has signed in before, and of one who has not; and whose key it is."""

    usual: str
    first: str
    key: AccountKey


_KNOWN: Final = Who("2 84 03 33 900 001 47", "2 95 06 40 906 008", AccountKey("individual-both"))


@final
class _Host:
    """A host on files, and what is timed there, call by call."""

    def __init__(self, folder: Path, cost: Argon2Cost) -> None:
        self.clock = ManualClock(START)
        hasher = Argon2idHasher(cost)
        self.directory = SqliteDirectory(folder / "accounts.sqlite", hasher, self.clock)
        self.directory.add(sample_accounts(self.clock, hasher))
        meter = ZxcvbnMeter()
        meter.prepare()
        messengers: dict[Channel, Any] = dict.fromkeys(Channel, Phone())
        self.recovery: Recovery = compose(
            accounts=self.directory,
            store=SqliteStore(folder / "recovery.sqlite"),
            keys=_KEYS,
            messengers=messengers,
            meter=meter,
            clock=self.clock,
            # Never 0000, which is what is guessed: a guess that is right would end the play.
            secrets=SystemSecrets(randbelow=lambda below: 1 + randbelow(below - 1)),
        )
        self._once = count()

    def journeys(self, who: Who, timed: Timed) -> None:
        """From the first page to a wrong code, the sign-in form, and a knowledge question that is answered wrong."""
        reply = self._send("identify", self.recovery.begin(CALLER), Identify(who.usual), timed)
        reply = self._send("choose_channel", reply, ChooseChannel("sms"), timed)
        reply = self._send("submit_code, wrong", reply, SubmitCode("0000"), timed)
        reply = self._send("resend_code, too soon", reply, ResendCode(), timed)
        _took("resume", timed, lambda: self.recovery.resume(reply.handle, CALLER))
        _took("sign_in at the door", timed, lambda: self.recovery.sign_in(who.usual, _WRONG, CALLER))
        reply = self._send("identify, first sign-in", self.recovery.begin(CALLER), Identify(who.first), timed)
        self._send("answer_challenge, wrong", reply, AnswerChallenge("vitale_serial", "0123456789"), timed)

    def passwords(self, who: Who, timed: Timed) -> None:
        """The host's own sign-in form, with its check of the usual password; and what a new password asks for."""
        typed, once = Secret(_WRONG), f"bench:{next(self._once)}"

        def form() -> None:
            if self.directory.sign_in(who.usual, typed) is None:
                self.recovery.sign_in(who.usual, _WRONG, CALLER)

        _took("sign-in form: usual check, then the door", timed, form)
        _took("directory: password_matches", timed, lambda: self.directory.password_matches(who.key, typed))
        change = ReplacePassword(Secret("Brouette-7-bleue"))
        _took("directory: apply, a new password", timed, lambda: self.directory.apply(who.key, change, once))

    def _send(self, name: str, reply: Reply, event: Input, timed: Timed) -> Reply:
        return _took(name, timed, lambda: self.recovery.send(reply.handle, event, CALLER))

    def month_later(self) -> None:
        """Every cap is free again; nothing waits in the outbox."""
        while self.recovery.relay().total:
            pass
        self.clock.advance(timedelta(days=32))
        self.recovery.lapse_due(1_000)
        self.recovery.purge(1_000)

    def close(self) -> None:
        """Close the files."""
        self.recovery.close()
        self.directory.close()


def _took(name: str, timed: Timed, call: Callable[[], _T]) -> _T:
    start = perf_counter_ns()
    done = call()
    timed[name].append(perf_counter_ns() - start)
    return done


def _nobodies() -> tuple[Who, Who]:
    """Two identifiers that nobody has, of the profiles of the known one."""
    vault, policy = Vault(_KEYS), Policy.msa()
    found: dict[bool, list[str]] = {False: [], True: []}
    for number in range(1, 1_000):
        nir = Nir(f"1990133990{number:03}")
        shown = decoy(vault.decoy_seed(nir.canonical), IdentifierKind.NIR, Pseudonym(""), policy)
        if shown.type is AccountType.INDIVIDUAL and {way.channel for way in shown.ways} == _CHANNELS:
            found[shown.first_sign_in].append(nir.digits)
    one, other = (Who(found[False][n], found[True][n], AccountKey(f"decoy:{n:032}")) for n in range(2))
    return one, other


def _compared(
    of: Callable[[_Host], Callable[[Who, Timed], None]], cost: Argon2Cost, rounds: int, warm: int
) -> Iterator[str]:
    one, other = _nobodies()
    sides, chance = {"known": _KNOWN, "one": one, "other": other}, Random(1)
    timed = {name: Timed(list) for name in sides}
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        host = _Host(Path(folder), cost)
        try:
            gc.collect()
            gc.disable()
            for number in range(warm + rounds):
                for name in chance.sample(list(sides), len(sides)):
                    of(host)(sides[name], timed[name] if number >= warm else Timed(list))
                host.month_later()
        finally:
            gc.enable()
            host.close()
    for what, times in timed["known"].items():
        yield str(Difference.between(what, times, timed["one"][what]))
        yield str(Difference.between("    two that nobody has", timed["other"][what], timed["one"][what]))


def lines() -> Iterator[str]:
    """Measure everything."""
    yield f"{'call, of an account':<50} {'median':>13} {'account less nobody, 99 % interval':>35} {'guessed':>8}"
    yield f"argon2 at the cost of tests, {_ROUNDS} rounds"
    yield from _compared(lambda host: host.journeys, TESTS_ONLY, _ROUNDS, _WARM)
    yield from _compared(lambda host: host.passwords, TESTS_ONLY, _ROUNDS, _WARM)
    yield f"argon2 at the usual cost, {_ROUNDS_AT_FULL_COST} rounds"
    yield from _compared(lambda host: host.passwords, RECOMMENDED, _ROUNDS_AT_FULL_COST, _WARM_AT_FULL_COST)


def main() -> None:
    """Print every line."""
    print(header(), flush=True)
    for line in lines():
        print(line, flush=True)


if __name__ == "__main__":
    main()
