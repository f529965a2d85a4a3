"""To whoever holds nothing of an account, it is what an unknown identifier of its profile and ledger is (R13, R14).

Invariant 9. Hypothesis chooses the profile, what lies behind the account, and what is done about it; an account and a
decoy go through it in lockstep. What is not the same, and for whom, is said in ``docs/indistinguishability.md``.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.intents import ReplacePassword, UpdateContacts
from msa_recovery.domain.account import AccountType, Channel, IdentifierKind
from msa_recovery.domain.contacts import ContactKind, PhoneNumber
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.inputs import Identify
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Ledger, SignInTries
from msa_recovery.domain.policy import MONTH, Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import NEW_PASSWORD
from tests.support import cases
from tests.support.house import HERE, House
from tests.support.lockstep import Pair, Side, blank, shape
from tests.support.observer import a_thing
from tests.support.sqlite import columns_of, contents, fresh
from tests.support.strategies import ledgers
from tests.support.twins import HELD, LOOKS, Look, account_of, even, nobody

MSA = even(Policy.msa())
POLICIES = (even(Policy.testing()), MSA, even(Policy.strict()))
THINGS = (5, 12, 25)
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""The message names the first difference and after what; shrinking plays of this length outlasts a test's time."""

driver = pytest.mark.parametrize("driver", ["sync", "async"])
looks = st.sampled_from(LOOKS)
policies = st.sampled_from(POLICIES)
pasts = st.none() | st.none() | ledgers


@contextmanager
def lockstep(
    look: Look, policy: Policy, driver: str = "sync", folder: Path | None = None, *, written: bool = True
) -> Generator[Pair]:
    """An account and a decoy of one look, each in a house of its own: in memory, or on files in a folder."""

    def side(name: str, identifier: Identifier, ledger: str) -> Side:
        store = None if folder is None else SqliteStore(fresh(folder / name))
        house = House(driver, policy, store=store, accounts=[held] if name == "known" else [])
        return Side(house, identifier.digits, house.pseudonym(ledger))

    held = account_of(look)
    (mine,) = held.account.identifiers
    nobodys = nobody(look)
    known, unknown = side("known", mine, f"account:{HELD}"), side("unknown", nobodys, nobodys.canonical)
    pair = Pair(known, unknown, written=written)
    try:
        yield pair
    finally:
        for each in (pair.known, pair.unknown):
            each.house.host.close()


def remember(pair: Pair, past: Ledger | None) -> None:
    """Both have the same behind them."""
    for side in (pair.known, pair.unknown):
        if past is not None:
            side.remember(past)


def play(data: st.DataObject, pair: Pair, *, naming: bool = True) -> None:
    """Whatever somebody may do, for a while."""
    for _ in range(data.draw(st.sampled_from(THINGS), label="things")):
        name, thing = a_thing(data, pair, naming=naming)
        if name == "relay":
            pair.relay()
        else:
            pair.do(name, thing)


@driver
@settings(max_examples=80, phases=WITHOUT_SHRINKING)
@given(data=st.data(), look=looks, policy=policies, past=pasts)
def test_an_account_and_a_decoy_are_the_same_in_everything_but_their_masks(
    driver: str, data: st.DataObject, look: Look, policy: Policy, past: Ledger | None
) -> None:
    """What is seen, what is raised, which ports are called in which order, what is written by kind and size; while
    ports fail, too."""
    with lockstep(look, policy, driver) as pair:
        remember(pair, past)
        play(data, pair)
        known, unknown = (shape(vars(side.house.store)) for side in (pair.known, pair.unknown))
        assert known == unknown


# -- on files ----------------------------------------------------------------------------------------------------------

PLAIN = frozenset({"keys", "state", "channel", "name", "row", "reason"})
"""Columns that say the same of both, to the letter."""


def on_file(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: numbers as they are, texts by length but for what their masks and ``genuine`` say."""

    def read(column: str, value: object) -> object:
        match value:
            case str() if column not in PLAIN:
                return len(blank(value.replace('"genuine":true', '"genuine":false')))
            case bytes():
                return len(value)
            case _:
                return value

    names = {table: columns_of(path, table) for table in contents(path)}
    return {
        table: sorted((tuple(map(read, names[table], row)) for row in rows), key=repr)
        for table, rows in contents(path).items()
    }


@settings(max_examples=20, phases=WITHOUT_SHRINKING)
@given(data=st.data(), look=looks, policy=policies, past=pasts)
def test_the_files_of_both_hold_as_many_rows_as_long_and_of_the_same_keys(
    data: st.DataObject, look: Look, policy: Policy, past: Ledger | None
) -> None:
    with TemporaryDirectory() as folder:
        with lockstep(look, policy, folder=Path(folder)) as pair:
            remember(pair, past)
            play(data, pair)
        assert on_file(Path(folder) / "known") == on_file(Path(folder) / "unknown")


# -- an account that is throttled, blocked, or cannot be reached -------------------------------------------------------

BOTH = Look(IdentifierKind.NIR, AccountType.INDIVIDUAL, False, frozenset({Channel.SMS, Channel.EMAIL}))
NEW = Look(IdentifierKind.SIRET, AccountType.COMPANY, True, frozenset({Channel.SMS}))
BY_POST = Look(IdentifierKind.NIR, AccountType.FARMER, False, frozenset())
NOW = cases.NOW
LETTERS = (NOW + MONTH, NOW + MONTH)

CONDITIONS: dict[str, tuple[Look, Ledger, State]] = {
    "as usual": (BOTH, Ledger(), State.CHOOSING_CHANNEL),
    "cooling down": (BOTH, Ledger(next_send=NOW + cases.MINUTE), State.CHOOSING_CHANNEL),
    "throttled": (BOTH, Ledger(sends=tuple(cases.sent(cases.MINUTE) for _ in range(5))), State.CHOOSING_CHANNEL),
    "guessed at": (BOTH, Ledger(code_guesses=cases.marks(8)), State.AWAITING_SIGN_IN),
    "waiting at the door": (
        BOTH,
        Ledger(
            letter_password=cases.password_by(Channel.LETTER),
            sign_ins=(SignInTries(cases.HERE, cases.marks(6), NOW + cases.MINUTE),),
        ),
        State.CHOOSING_CHANNEL,
    ),
    "answers spent": (NEW, Ledger(answers=cases.marks(3)), State.AWAITING_SIGN_IN),
    "without contacts": (BY_POST, Ledger(), State.AWAITING_SIGN_IN),
    "blocked": (BY_POST, Ledger(letters=LETTERS), State.BLOCKED),
    "blocked, and told": (BY_POST, Ledger(letters=LETTERS, next_block_notice=NOW + MONTH), State.BLOCKED),
}


@pytest.mark.parametrize(("look", "past", "state"), CONDITIONS.values(), ids=CONDITIONS.keys())
@settings(max_examples=8, phases=WITHOUT_SHRINKING)
@given(data=st.data())
def test_a_blocked_throttled_or_contactless_account_is_like_a_decoy_in_that_condition(
    look: Look, past: Ledger, state: State, data: st.DataObject
) -> None:
    with lockstep(look, MSA) as pair:
        remember(pair, past)
        begin(pair)
        assert state is next(reversed(pair.known.pages.values())).view.state
        play(data, pair)


def begin(pair: Pair) -> None:
    """A journey that names the account."""
    pair.do("begin", lambda side: side.house.host.begin(HERE))
    handle = next(reversed(pair.known.pages.values())).handle
    pair.do("identify", lambda side: side.house.host.send(handle, Identify(side.identifier), HERE))


# -- an account that changes in the middle of a journey ----------------------------------------------------------------


def close(house: House) -> None:
    house.closed.add(HELD)


def change_number(house: House) -> None:
    change = UpdateContacts(((ContactKind.MOBILE, PhoneNumber("+33600000099")),))
    house.directory.apply(HELD, change, "by the host")


def sign_in(house: House) -> None:
    house.directory.apply(HELD, ReplacePassword(Secret(NEW_PASSWORD)), "by the host")


@pytest.mark.parametrize("happen", [close, change_number, sign_in])
@settings(max_examples=30, phases=WITHOUT_SHRINKING)
@given(data=st.data(), look=looks)
def test_a_journey_does_not_show_that_its_account_has_closed_or_changed(
    happen: Callable[[House], None], data: st.DataObject, look: Look
) -> None:
    """The account is not named again: from then on it is another one, to be seen by whoever has looked before."""
    with lockstep(look, MSA, written=False) as pair:
        begin(pair)
        play(data, pair, naming=False)
        happen(pair.known.house)
        play(data, pair, naming=False)


@settings(max_examples=30, phases=WITHOUT_SHRINKING)
@given(data=st.data(), look=looks)
def test_a_journey_does_not_show_that_an_account_was_opened_under_its_identifier(
    data: st.DataObject, look: Look
) -> None:
    """Nobody was known under the identifier when the journey took it up."""
    with lockstep(look, MSA) as both:
        elsewhere = House(policy=MSA, accounts=[])
        pair = Pair(both.known, Side(elsewhere, both.known.identifier, both.known.ledger))
        pair.known.house.closed.add(HELD)
        begin(pair)
        play(data, pair, naming=False)
        pair.known.house.closed.clear()
        play(data, pair, naming=False)
