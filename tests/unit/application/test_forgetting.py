"""What is left when an account was forgotten (RGPD 17): nothing that is its own, and an audit that is whole."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application import forgetting
from msa_recovery.application.errors import Contended, InfrastructureError, NotAnAgent, UnknownHandle
from msa_recovery.application.facts import KeptFact
from msa_recovery.application.records import StoredLedger, Traces
from msa_recovery.application.verifying import Finding, verified
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon, GoBack
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE, NIR_OF_PAUL, PAUL
from msa_recovery.testing.tapped import Call, failing, through
from tests.support.house import AGENT, HERE, House

ALL = 1_000


@pytest.fixture(params=["sync", "async"])
def kept(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A host whose audit can be verified, since it is in a file."""
    house = House(request.param, store=SqliteStore(tmp_path / "recovery.sqlite"))
    yield house
    house.host.close()


def marie(house: House) -> Pseudonym:
    return house.pseudonym(f"account:{MARIE}")


def busy(house: House) -> None:
    """Marie has a journey that is over, one under way, messages that were sent and that wait, and tries at the door."""
    house.send(house.at_code(), Abandon())
    house.host.relay()
    house.later(minutes=2)
    house.at_sign_in()
    house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)


def found(house: House) -> list[Finding]:
    """What an auditor finds wrong."""
    with house.store.trail() as trail:  # type: ignore[attr-defined] # of the SQLite store
        return list(verified(trail, house.vault))


def facts(house: House) -> tuple[KeptFact, ...]:
    return house.store.facts_after(0, ALL)


def everything_of(house: House, account: Pseudonym) -> tuple[StoredLedger, Traces]:
    stored = house.store.ledger(account)
    return StoredLedger(account, stored.ledger, stored.open_intents, head=stored.head), house.store.traces(account, ALL)


def nothing(account: Pseudonym) -> tuple[StoredLedger, Traces]:
    return StoredLedger(account, Ledger()), Traces()


# -- what goes ---------------------------------------------------------------------------------------------------------


def test_nothing_is_left_of_an_account(kept: House) -> None:
    busy(kept)
    assert nothing(marie(kept)) != everything_of(kept, marie(kept))
    assert kept.host.forget(NIR_OF_MARIE, AGENT) is None
    assert nothing(marie(kept)) == everything_of(kept, marie(kept))


def test_no_byte_of_its_pseudonym_is_left_in_the_file(kept: House, tmp_path: Path) -> None:
    """R49: with the journal merged into the file, and pages that were freed overwritten."""
    busy(kept)
    kept.host.forget(NIR_OF_MARIE, AGENT)
    kept.store.close()  # type: ignore[attr-defined] # of the SQLite store
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert marie(kept).encode() not in written


def test_the_audit_is_whole_afterwards(kept: House) -> None:
    """Before and after a checkpoint that stands over what was erased, and with one signed later."""
    busy(kept)
    kept.neighbour.checkpoint()
    busy(kept)
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert [] == found(kept)
    kept.neighbour.checkpoint()
    assert [] == found(kept)


def test_it_leaves_facts_that_name_nobody(kept: House) -> None:
    busy(kept)
    before = len(facts(kept))
    kept.host.forget(NIR_OF_MARIE, AGENT)
    new = [(fact.name, fact.account) for fact in facts(kept)[before:]]
    assert [
        *((FactName.JOURNEY_PURGED.value, ""),) * 2,
        *((FactName.MESSAGE_DROPPED.value, ""),) * 2,
        *((FactName.FACTS_ERASED.value, ""), (FactName.FORGOTTEN.value, "")),
    ] == new


def test_facts_keep_their_place_and_their_name_only(kept: House) -> None:
    busy(kept)
    before = [(fact.sequence, fact.name) for fact in facts(kept)]
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert before == [(fact.sequence, fact.name) for fact in facts(kept)[: len(before)]]
    assert {(0, "", "", None)} == {
        (fact.at, fact.account, fact.journey, fact.reason) for fact in facts(kept) if fact.row.startswith("erased:")
    }


def test_somebody_else_loses_nothing(kept: House) -> None:
    paul = kept.pseudonym(f"account:{PAUL}")
    busy(kept)
    kept.at_sign_in(NIR_OF_PAUL)
    before = everything_of(kept, paul)
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert before == everything_of(kept, paul)


def test_counts_begin_anew(house: House) -> None:
    """Invariant 4 excepts it."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code))
    house.host.forget(NIR_OF_MARIE, AGENT)
    assert Ledger() == house.ledger(MARIE).ledger


def test_a_message_that_waits_is_not_sent(house: House) -> None:
    house.at_code()
    house.host.forget(NIR_OF_MARIE, AGENT)
    assert () == house.delivered(Channel.SMS)


def test_a_temporary_password_opens_nothing_any_more(house: House) -> None:
    house.at_sign_in()
    house.host.forget(NIR_OF_MARIE, AGENT)
    assert house.host.sign_in(NIR_OF_MARIE, house.password, HERE) is None


def test_what_was_kept_before_the_directory_knew_the_account_goes_too(kept: House) -> None:
    kept.closed.add(MARIE)
    busy(kept)
    kept.closed.clear()
    earlier = kept.pseudonym(Nir(NIR_OF_MARIE[:13]).canonical)
    assert nothing(earlier) != everything_of(kept, earlier)
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert nothing(earlier) == everything_of(kept, earlier)
    assert [] == found(kept)


def test_facts_of_journeys_that_were_purged_go_too(kept: House) -> None:
    """R59: the account is in the facts for longer than in any row."""
    kept.send(kept.at_code(), Abandon())
    kept.host.relay()
    kept.later(days=31)
    kept.host.purge()
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert (nothing(marie(kept)), []) == (everything_of(kept, marie(kept)), found(kept))


def test_of_a_journey_that_went_on_with_somebody_else_only_the_facts_of_the_account_go(kept: House) -> None:
    """Or whoever has an account could have the traces of guesses at another one erased."""
    reply = kept.play(Identify(NIR_OF_MARIE), GoBack(), Identify(NIR_OF_PAUL), ChooseChannel("sms"))
    kept.send(reply, SubmitCode(kept.wrong_code))
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert [4, 5, 6] == [fact.number for fact in facts(kept) if fact.account == kept.pseudonym(f"account:{PAUL}")][-3:]
    assert [] == found(kept)
    assert State.AWAITING_SIGN_IN is kept.send(reply, SubmitCode(kept.code)).view.state


# -- who asks, and for whom --------------------------------------------------------------------------------------------


def test_an_identifier_of_nobody_is_answered_alike(kept: House) -> None:
    """R13: a decoy's traces go, and what is left says as much."""
    nobody = kept.unknown()
    kept.send(kept.at_code(nobody), Abandon())
    kept.at_code(NIR_OF_PAUL)
    left = []
    for identifier in (nobody, NIR_OF_MARIE):
        before = len(facts(kept))
        if identifier == NIR_OF_MARIE:
            kept.send(kept.at_code(identifier), Abandon())
            before = len(facts(kept))
        assert kept.host.forget(identifier, AGENT) is None
        left.append([fact.name for fact in facts(kept)[before:]])
    assert left[0] == left[1]


def test_an_identifier_that_never_came_is_answered_alike(house: House) -> None:
    """R13."""
    left = []
    for identifier in (house.unknown(), NIR_OF_MARIE):
        before = len(house.facts())
        assert house.host.forget(identifier, AGENT) is None
        left.append(house.facts()[before:])
    assert [[FactName.FORGOTTEN]] * 2 == left


def test_whoever_is_no_agent_forgets_nobody(house: House) -> None:
    house.at_code()
    before = house.store.audit()
    with pytest.raises(NotAnAgent):
        house.host.forget(NIR_OF_MARIE, HERE)
    assert before == house.store.audit()


def test_what_is_no_identifier_is_told(house: House) -> None:
    problem = house.host.forget("Marie", AGENT)
    assert problem is not None
    assert ProblemCode.IDENTIFIER_CHARACTERS is problem.code


# -- effects that are still open ---------------------------------------------------------------------------------------


def with_an_open_effect(house: House) -> None:
    """The directory failed when the new password was to be put into it."""
    reply = house.at_new_password()
    house.tap = failing(0, port="accounts.apply")

    def fails(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "accounts.apply":
            raise OSError
        return go()

    house.tap = fails
    with pytest.raises(InfrastructureError):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))


def test_what_the_directory_was_promised_is_applied_first(house: House) -> None:
    """Invariant 11: effects follow a committed intent."""
    with_an_open_effect(house)
    house.tap = through
    house.host.forget(NIR_OF_MARIE, AGENT)
    assert NEW_PASSWORD == house.held(MARIE).password_hash


def test_while_the_directory_fails_nothing_is_forgotten(house: House) -> None:
    with_an_open_effect(house)
    before = everything_of(house, marie(house))
    with pytest.raises(InfrastructureError):
        house.host.forget(NIR_OF_MARIE, AGENT)
    assert before == everything_of(house, marie(house))


# -- side by side with others ------------------------------------------------------------------------------------------


def forgotten_before(house: House, call: str, *, nth: int = 0) -> None:
    """The account is forgotten by a neighbour right before the so-manieth such call of the host."""
    seen = 0

    def meanwhile(each: Call, go: Callable[[], Any]) -> Any:
        nonlocal seen
        if str(each) == call:
            seen += 1
            if seen == nth + 1:
                house.tap = through
                house.neighbour.forget(NIR_OF_MARIE, AGENT)
        return go()

    house.tap = meanwhile


@pytest.mark.parametrize("nth", [0, 1], ids=["before it is counted", "before it is told"])
def test_a_journey_that_is_under_way_is_unknown_from_then_on(house: House, nth: int) -> None:
    """Whoever had loaded it writes nothing, and answers as for a purged one."""
    reply = house.at_code()
    forgotten_before(house, "store.commit", nth=nth)
    with pytest.raises(UnknownHandle):
        house.send(reply, SubmitCode(house.code))
    assert nothing(marie(house)) == everything_of(house, marie(house))


def test_a_relay_that_has_a_message_in_hand_writes_nothing_of_it(house: House) -> None:
    house.at_code()
    forgotten_before(house, "store.commit")
    house.host.relay()
    assert nothing(marie(house)) == everything_of(house, marie(house))


def test_a_guess_at_the_door_is_counted_in_the_new_ledger(house: House) -> None:
    """Invariant 14: the ledger that was loaded is gone, and a new one is of no version that it had."""
    house.at_sign_in()
    wrong = house.wrong_password
    house.host.sign_in(NIR_OF_MARIE, wrong, HERE)
    version = house.ledger(MARIE).version
    forgotten_before(house, "store.commit")
    assert house.host.sign_in(NIR_OF_MARIE, wrong, HERE) is None
    assert (Ledger(), True) == (house.ledger(MARIE).ledger, house.ledger(MARIE).version > version)


def test_what_happens_meanwhile_is_forgotten_too(kept: House) -> None:
    kept.at_code()
    busy_once: list[bool] = []

    def meanwhile(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit" and not busy_once:
            busy_once.append(True)
            kept.neighbour.relay()
        return go()

    kept.tap = meanwhile
    kept.host.forget(NIR_OF_MARIE, AGENT)
    kept.tap = through
    assert (nothing(marie(kept)), []) == (everything_of(kept, marie(kept)), found(kept))


def test_an_account_that_moves_all_the_time_is_contended(house: House) -> None:
    house.at_code()
    house.tap = lambda call, go: False if call.method == "commit" else go()
    with pytest.raises(Contended):
        house.host.forget(NIR_OF_MARIE, AGENT)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_cut_short_anywhere_it_is_done_by_the_next_call(
    kept: House, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """Invariant 11: a batch goes whole or stays, and the audit is whole in between."""
    monkeypatch.setattr(forgetting, "_BATCH", 2)
    busy(kept)
    number = 0
    for number in range(ALL):
        kept.tap = failing(number, after=after)
        try:
            kept.host.forget(NIR_OF_MARIE, AGENT)
        except InfrastructureError:
            kept.tap = through
            assert [] == found(kept)
        else:
            break
    assert 3 < number < ALL - 1
    assert nothing(marie(kept)) == everything_of(kept, marie(kept))
    assert [] == found(kept)


def test_the_account_may_come_back_the_next_moment(kept: House) -> None:
    busy(kept)
    kept.host.forget(NIR_OF_MARIE, AGENT)
    reply = kept.send(kept.at_sign_in(), SignIn(kept.password))
    assert State.PERSONALISING_PASSWORD is reply.view.state
    kept.host.sign_in(NIR_OF_MARIE, kept.wrong_password, HERE)
    assert [] == found(kept)
    kept.host.forget(NIR_OF_MARIE, AGENT)
    assert (nothing(marie(kept)), []) == (everything_of(kept, marie(kept)), found(kept))
