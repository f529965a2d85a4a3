"""What lies in the store tells nothing to whoever reads it: no secret, no identifier, no address (R49, R54)."""

from collections.abc import Callable

import pytest

from msa_recovery.application import questions
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChoosePassword,
    EditContact,
    Identify,
    ProvePassword,
    SignIn,
)
from msa_recovery.domain.policy import Policy
from msa_recovery.testing.leaves import kept, leaves
from msa_recovery.testing.people import (
    ADDRESS,
    EMAIL,
    MARIE,
    MOBILE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_ROGER,
    SERIAL,
    USUAL_PASSWORD,
)
from tests.support.house import HERE, House, asked

CODES_THAT_NO_DIGEST_HOLDS_BY_CHANCE = Policy(name="test", code_digits=12)


@pytest.fixture
def lived_in(open_house: Callable[..., House]) -> tuple[House, list[str]]:
    """A house in which everything happened, and everything that was secret there."""
    house = open_house(policy=CODES_THAT_NO_DIGEST_HOLDS_BY_CHANCE)
    handles = [house.host.begin(HERE)]
    handles.append(house.at_sign_in())
    house.host.sign_in(NIR_OF_MARIE, house.wrong_password, asked("a request at the door"))
    handles.append(house.send(handles[-1], SignIn(house.password), asked("a request")))
    house.send(handles[-1], ChoosePassword(USUAL_PASSWORD, USUAL_PASSWORD))
    house.send(handles[-1], ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    house.send(handles[-1], EditContact("email", "nouvelle.adresse@example.org"))
    handles.append(house.send(handles[-1], ConfirmContacts()))
    handles.append(house.play(Identify(NIR_OF_LEA), AnswerChallenge("vitale_serial", SERIAL)))
    handles.append(house.play(Identify(NIR_OF_ROGER)))
    handles.append(house.at_code(house.unknown()))
    handles.append(house.host.begin_change(MARIE, HERE))
    house.send(handles[-1], ProvePassword("un faux mot de passe"), asked("a request of a change"))
    secrets = [
        *(reply.handle.reveal() for reply in handles),
        *(secret.reveal() for secret in (*house.codes, *house.passwords)),
        *(USUAL_PASSWORD, NEW_PASSWORD, "un faux mot de passe", house.wrong_password, SERIAL),
        *(NIR_OF_MARIE, NIR_OF_LEA, NIR_OF_ROGER, house.unknown()),
        *(MARIE, "Laborde", MOBILE, MOBILE.removeprefix("+33"), EMAIL, "nouvelle.adresse", *ADDRESS),
        *("203.0.113.7", "a request"),
    ]
    return house, secrets


def test_no_secret_and_no_identifier_lies_in_the_store(lived_in: tuple[House, list[str]]) -> None:
    """Invariant 10."""
    house, secrets = lived_in
    everything = list(leaves(kept(house.store)))
    assert [] == [secret for secret in secrets for leaf in everything if secret.encode() in leaf]


def test_the_scan_of_the_store_sees_what_is_there(lived_in: tuple[House, list[str]]) -> None:
    """It finds what may lie there: a pseudonym, a mask, and what is sealed."""
    house, _ = lived_in
    everything = list(leaves(kept(house.store)))
    there = (house.pseudonym("account:marie").encode(), "06 •• •• •• 11".encode(), house.store.outbox()[-1].sealed)
    assert set(there) <= set(everything)


def test_no_repr_of_what_is_kept_shows_a_secret(lived_in: tuple[House, list[str]]) -> None:
    """R54: in a log, a traceback, a debugger."""
    house, secrets = lived_in
    shown = repr(kept(house.store))
    assert [] == [secret for secret in secrets if secret in shown]


def test_no_repr_of_what_is_kept_shows_what_is_sealed(lived_in: tuple[House, list[str]]) -> None:
    house, _ = lived_in
    shown = repr(kept(house.store))
    assert [] == [row.id for row in house.store.outbox() if repr(row.sealed)[2:-1] in shown and row.sealed]


def test_no_repr_of_a_message_shows_its_secret_or_address(house: House) -> None:
    """R54: what a messenger may log."""
    house.at_sign_in()
    house.host.relay()
    shown = repr([inbox.messages() for inbox in house.inboxes.values()])
    assert [] == [text for text in (house.code, house.password, MOBILE, EMAIL, *ADDRESS) if text in shown]


def test_no_repr_of_a_reply_shows_its_handle_or_the_contacts(house: House) -> None:
    """R54."""
    reply = house.at_contacts()
    shown = repr(reply)
    assert [] == [text for text in (reply.handle.reveal(), EMAIL, "06 00 00 00 11") if text in shown]


def test_no_repr_of_what_was_asked_of_the_ports_shows_a_secret(lived_in: tuple[House, list[str]]) -> None:
    """R54: whoever logs the calls of the store, the directory or the messengers. An identifier hides itself."""
    house, secrets = lived_in
    shown = repr([call.arguments for call in house.calls if call.port in ("store", "accounts", "messengers")])
    # The directory's own key of an account is its own affair.
    assert [] == [secret for secret in secrets if secret != MARIE and secret in shown]


def test_a_question_to_a_port_shows_no_argument() -> None:
    """R54: in the traceback of a port that fails."""
    assert MARIE not in repr(questions.get(MARIE))
