"""An effect on the directory follows a committed intent and happens once in effect (invariant 11)."""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.contacts import ContactKind, EmailAddress
from msa_recovery.domain.events import Abandon, ConfirmContacts
from msa_recovery.domain.inputs import ChoosePassword, EditContact, Identify, ProvePassword, SignIn
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import (
    MARIE,
    NEW_PASSWORD,
    NIR_OF_MARIE,
    ROGER,
    USUAL_PASSWORD,
)
from msa_recovery.testing.tapped import Call, through
from tests.support.house import ELSEWHERE, HERE, House, asked


def out_of_order(call: Call, go: Callable[[], Any]) -> Any:
    """A directory that applies nothing."""
    if str(call) == "accounts.apply":
        raise TimeoutError
    return go()


def applied(house: House) -> list[tuple[DirectoryIntent, str]]:
    """What the directory was asked to do, and under which names."""
    return [call.arguments[1:] for call in house.calls if str(call) == "accounts.apply"]


def left_open(house: House) -> Reply:
    """A journey whose new password was accepted while the directory was out of order."""
    reply = house.at_new_password()
    house.tap = out_of_order
    with pytest.raises(InfrastructureError):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    house.tap = through
    return reply


def test_the_effects_of_a_new_password_are_applied_in_order(house: House) -> None:
    """R22: the account is marked before the password is replaced, the sessions end after it."""
    house.at_contacts()
    assert [SetContactsMark, ReplacePassword, RevokeSessions] == [type(intent) for intent, _ in applied(house)]


def test_the_effects_of_confirmed_contacts_are_applied_in_order(house: House) -> None:
    reply = house.send(house.at_contacts(), EditContact("email", "marie2@example.org"))
    before = len(applied(house))
    house.send(reply, ConfirmContacts())
    email = UpdateContacts(((ContactKind.EMAIL, EmailAddress("marie2@example.org")),))
    assert [email, SetContactsMark(False)] == [intent for intent, _ in applied(house)[before:]]


def test_a_line_that_is_taken_off_file_is_an_effect_without_a_value(house: House) -> None:
    reply = house.send(house.at_contacts(), EditContact("email", ""))
    house.send(reply, ConfirmContacts())
    assert UpdateContacts(((ContactKind.EMAIL, None),)) in [intent for intent, _ in applied(house)]
    assert house.held(MARIE).account.contact(ContactKind.EMAIL) is None


def test_a_corrected_number_is_an_effect_with_a_number(house: House) -> None:
    house.send(house.send(house.at_contacts(), EditContact("fax", "05 36 49 01 11")), ConfirmContacts())
    fax = house.held(MARIE).account.contact(ContactKind.FAX)
    assert "+33536490111" == (fax and fax.value.text)


def test_the_effects_of_an_account_are_numbered_on(house: House) -> None:
    """Each number once: the directory tells a repetition by it."""
    house.send(house.at_contacts(), ConfirmContacts())
    asked = [once.split(":") for _, once in applied(house)]
    assert {house.pseudonym("account:marie")} == {account for account, *_ in asked}
    first = int(asked[0][1])
    assert [first, first + 1, first + 2, first + 3] == [int(number) for _, number, _ in asked]


def test_an_effect_of_a_new_store_is_never_taken_for_one_of_an_earlier_store(open_house: Callable[..., House]) -> None:
    """The numbers begin again with the store; the directory must not think that it did the effect already."""
    names = list[set[str]]()
    for seed in (1, 2):
        house = open_house(seed=seed)
        house.at_contacts()
        names.append({once for _, once in applied(house)})
    assert set() == names[0] & names[1]


def test_nothing_is_asked_of_the_directory_before_it_is_committed(house: House) -> None:
    """Invariant 8, 11."""
    house.at_contacts()
    order = [str(call) for call in house.calls if str(call) in ("store.commit", "accounts.apply")]
    assert order.index("accounts.apply") > 0
    commits = [call.arguments[0] for call in house.calls if str(call) == "store.commit"]
    before = order[: order.index("accounts.apply")].count("store.commit")
    assert 3 == len(commits[before - 1].intents)


def test_an_applied_effect_is_no_longer_open(house: House) -> None:
    house.at_contacts()
    assert () == house.ledger(MARIE).open_intents


def test_a_directory_that_fails_leaves_the_effects_open(house: House) -> None:
    left_open(house)
    last = house.ledger(MARIE).ledger.intents
    assert [last - 2, last - 1, last] == [row.number for row in house.ledger(MARIE).open_intents]
    assert USUAL_PASSWORD == house.held(MARIE).password_hash


def test_a_directory_that_fails_halfway_is_asked_for_the_rest_again(house: House) -> None:
    """Once in effect: what was applied already is asked for under the same name."""
    reply = house.at_new_password()

    def second_fails(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "accounts.apply" and isinstance(call.arguments[1], RevokeSessions):
            raise TimeoutError
        return go()

    house.tap = second_fails
    with pytest.raises(InfrastructureError):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    house.tap = through
    house.host.relay()
    assert (NEW_PASSWORD, 1) == (house.held(MARIE).password_hash, house.held(MARIE).sessions_revoked)


Toucher = Callable[[House, Reply], object]
TOUCHES: dict[str, Toucher] = {
    "the next event of the journey": lambda house, reply: house.send(reply, ConfirmContacts()),
    "an event that leads out": lambda house, reply: house.send(reply, Abandon()),
    "the page, opened again": lambda house, reply: house.host.resume(reply.handle, HERE),
    "another journey": lambda house, _: house.play(Identify(NIR_OF_MARIE), caller=ELSEWHERE),
    "a sign-in at the door": lambda house, _: house.host.sign_in(NIR_OF_MARIE, "Ab3#efghijkm", HERE),
    "a usual sign-in": lambda house, _: house.host.pending(MARIE, HERE),
    "a voluntary change": lambda house, _: house.host.begin_change(MARIE, HERE),
    "the relay": lambda house, _: house.host.relay(),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES.keys())
def test_whoever_touches_the_account_next_applies_them_first(house: House, touch: Toucher) -> None:
    reply = left_open(house)
    touch(house, reply)
    assert (NEW_PASSWORD, 1) == (house.held(MARIE).password_hash, house.held(MARIE).sessions_revoked)
    assert () == house.ledger(MARIE).open_intents


def test_a_double_submit_applies_them_first(house: House) -> None:
    """What it answers is true by then."""
    reply = house.at_new_password()
    house.tap = out_of_order
    with pytest.raises(InfrastructureError):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), asked("once"))
    house.tap = through
    assert (
        State.CONFIRMING_CONTACTS
        is house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), asked("once")).view.state
    )
    assert NEW_PASSWORD == house.held(MARIE).password_hash


def test_while_the_directory_is_out_of_order_nobody_gets_past(house: House) -> None:
    """But for a usual sign-in, which nothing here may stop (invariant 8)."""
    reply = left_open(house)
    house.tap = out_of_order
    for name, touch in TOUCHES.items():
        if name == "a usual sign-in":
            assert touch(house, reply) is None
            continue
        with pytest.raises(InfrastructureError):
            touch(house, reply)
    assert 3 == len(house.ledger(MARIE).open_intents)


def test_a_usual_sign_in_sees_the_mark_that_was_left_open(house: House) -> None:
    """Whoever leaves in the middle of a failure is asked again all the same."""
    left_open(house)
    reply = house.host.pending(MARIE, HERE)
    assert reply is not None
    assert State.CONFIRMING_CONTACTS is reply.view.state


def test_the_current_password_is_compared_with_the_one_that_was_left_open(house: House) -> None:
    left_open(house)
    reply = house.host.begin_change(MARIE, HERE)
    assert State.PERSONALISING_PASSWORD is house.send(reply, ProvePassword(NEW_PASSWORD)).view.state


def test_the_relay_says_of_how_many_accounts_it_applied_what_was_open(house: House) -> None:
    left_open(house)
    assert [1, 0] == [house.host.relay().applied for _ in range(2)]


def test_one_account_that_fails_keeps_no_other_one_waiting(house: House) -> None:
    """Nor the messages of everybody: the failure is raised when all the rest is done."""
    left_open(house)
    change = house.send(house.host.begin_change(ROGER, HERE), ProvePassword(USUAL_PASSWORD))
    house.tap = out_of_order
    with pytest.raises(InfrastructureError):
        house.send(change, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))

    def only_marie_fails(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "accounts.apply" and call.arguments[0] == MARIE:
            raise TimeoutError
        return go()

    house.tap = only_marie_fails
    with pytest.raises(InfrastructureError, match="accounts: TimeoutError"):
        house.host.relay()
    assert [USUAL_PASSWORD, NEW_PASSWORD] == [house.held(key).password_hash for key in (MARIE, ROGER)]
    assert () == house.store.claim(house.clock.now(), house.clock.now(), 100, frozenset(Channel))


def test_an_account_of_nobody_has_no_effects(house: House) -> None:
    """A decoy never gets past the sign-in, not with the password that was drawn for it."""
    house.send(house.at_sign_in(house.unknown()), SignIn(house.password))
    assert [] == applied(house)


def test_an_open_effect_shows_nothing_of_itself(house: House) -> None:
    """R54: sealed, and padded so that no password shows its length."""
    left_open(house)
    rows = house.ledger(MARIE).open_intents
    assert NEW_PASSWORD.encode() not in b"".join(row.sealed for row in rows)
    assert NEW_PASSWORD not in repr(rows)
    assert 1 == len({len(row.sealed) for row in rows})


# -- effects that can never be done ------------------------------------------------------------------------------------


def refusing(call: Call, go: Callable[[], Any]) -> Any:
    """A directory that does nothing, and says that it never will."""
    return False if str(call) == "accounts.apply" else go()


def test_an_effect_that_can_never_be_done_is_not_asked_for_again(house: House) -> None:
    house.tap = refusing
    house.at_contacts()
    assert () == house.ledger(MARIE).open_intents


def test_an_effect_that_can_never_be_done_leaves_a_fact(house: House) -> None:
    """R53: of the journey that asked for it."""
    house.tap = refusing
    reply = house.at_contacts()
    refused = [row for row in house.store.audit() if row.fact.name is FactName.INTENT_REFUSED]
    assert [(house.journey(reply).journey.id, house.pseudonym("account:marie"))] * 3 == [
        (row.journey, row.account) for row in refused
    ]


def test_an_effect_that_was_done_leaves_no_such_fact(house: House) -> None:
    house.at_contacts()
    assert FactName.INTENT_REFUSED not in house.facts()


def test_an_effect_on_an_account_that_was_closed_keeps_nobody_waiting(house: House) -> None:
    """The relay closes it."""
    left_open(house)
    house.tap = refusing
    assert (1, 0) == (house.host.relay().applied, house.host.relay().applied)
