"""What the kit draws is what it says: read by the library as it was meant."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import CallerError
from msa_recovery.domain.account import ELECTRONIC, MATRIX, Account, IdentifierKind
from msa_recovery.domain.challenge import Amount, parse_amount
from msa_recovery.domain.contacts import ContactKind, parse_contact
from msa_recovery.domain.events import EventName
from msa_recovery.domain.identifiers import Nir, Siret, parse_identifier
from msa_recovery.domain.inputs import Input, read
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.testing import strategies as ours
from msa_recovery.testing.bench import Bench
from msa_recovery.testing.fakes import PlainHasher
from msa_recovery.testing.people import EVERYBODY, NIR_OF_LEA, NIR_OF_MARIE, START


@given(ours.identifiers)
def test_an_identifier_is_read_as_itself(identifier: Nir | Siret) -> None:
    assert identifier == parse_identifier(identifier.digits)


@given(ours.typed_identifiers)
def test_an_identifier_is_read_however_it_is_typed(text: str) -> None:
    assert not isinstance(parse_identifier(text), Problem)


@given(ours.mistyped)
def test_what_is_mistyped_is_a_problem(text: str) -> None:
    assert isinstance(parse_identifier(text), Problem)


@given(ours.typed_amounts)
def test_a_sum_is_read_as_it_was_meant(typed: tuple[str, Amount]) -> None:
    assert typed[1] == parse_amount(typed[0])


@given(ours.mobiles, ours.emails)
def test_contacts_are_read_as_themselves(mobile: object, email: object) -> None:
    assert mobile == parse_contact(ContactKind.MOBILE, str(getattr(mobile, "text", "")))
    assert email == parse_contact(ContactKind.EMAIL, str(getattr(email, "text", "")))


@given(ours.new_passwords)
def test_a_new_password_has_all_that_the_strictest_policy_asks_for(text: str) -> None:
    assert len(text) >= Policy.strict().password_min
    assert all(any(kind(sign) for sign in text) for kind in (str.isdigit, str.isupper, str.islower))
    assert "-" in text


@given(ours.accounts())
def test_an_account_obeys_the_matrix(account: Account) -> None:
    kinds = {IdentifierKind.NIR if isinstance(each, Nir) else IdentifierKind.SIRET for each in account.identifiers}
    assert kinds <= MATRIX[account.type].identifiers


@given(ours.policies)
def test_a_policy_can_be_run(policy: Policy) -> None:
    assert all(policy.code_lifetime(channel) > timedelta() for channel in ELECTRONIC)


@given(st.sampled_from(EventName).flatmap(ours.inputs_for))
def test_an_input_is_read_as_an_event(typed: Input) -> None:
    assert typed.name is getattr(read(typed, Policy.msa()), "name", None)


@given(ours.journeys(st.sampled_from((NIR_OF_MARIE, NIR_OF_LEA))))
def test_a_journey_meets_no_error_but_the_callers(journey: tuple[Input, ...]) -> None:
    clock = ManualClock(START)
    directory = MemoryDirectory((each.held(each.password) for each in EVERYBODY), PlainHasher(), clock)
    bench = Bench(Policy.msa(), MemoryStore(), directory, {}, clock)
    reply = bench.host.begin(Caller())
    for event in journey:
        try:
            reply = bench.send(reply, event, Caller(agent=True))
        except CallerError:
            continue
    assert reply.view.state
