"""When something will be allowed is said exactly: at that moment it is, and not an instant before (R29, R30, R56)."""

from collections.abc import Callable
from datetime import datetime

from hypothesis import event, given
from hypothesis import strategies as st

from msa_recovery.domain.journey import Journey, State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.policy import MONTH, Policy
from tests.support.cases import HERE, INSTANT, MSA, NOW, journey
from tests.support.strategies import ledgers

JOURNEYS = st.builds(lambda sent: journey(State.CONFIRMING_CODE, codes_sent=sent), st.integers(1, 3))
POLICIES = st.sampled_from((MSA, Policy.testing()))
FAR = NOW + 3 * MONTH
"""By then everything has aged out."""


def is_the_first(said: datetime | None, allowed: Callable[[datetime], bool], *, now: datetime = NOW) -> bool:
    """Whether what is said agrees with what is allowed: from then on, not before, and never if never."""
    if said is None:
        event("never")
        return not allowed(FAR)
    event("now" if said == now else "later")
    return allowed(said) and (said == now or not (allowed(said - INSTANT) or allowed(now)))


@given(ledgers, JOURNEYS, POLICIES)
def test_the_next_code_may_be_sent_at_that_moment_and_not_before(ledger: Ledger, here: Journey, policy: Policy) -> None:
    """R30"""
    assert is_the_first(
        ledger.next_send_at(here, HERE, NOW, policy),
        lambda at: ledger.may_ever_send(here, at, policy) and ledger.may_send_now(here, HERE, at, policy),
    )


@given(ledgers, POLICIES)
def test_the_next_letter_may_be_posted_at_that_moment_and_not_before(ledger: Ledger, policy: Policy) -> None:
    """R27"""
    assert is_the_first(ledger.next_letter_at(NOW, policy), lambda at: ledger.may_post_letter(at, policy))


@given(ledgers, POLICIES)
def test_one_may_sign_in_at_that_moment_and_not_before(ledger: Ledger, policy: Policy) -> None:
    """R29"""
    assert is_the_first(
        ledger.sign_in_at(HERE, NOW, policy) or NOW, lambda at: ledger.sign_in_at(HERE, at, policy) is None
    )


@given(ledgers, POLICIES)
def test_one_may_prove_the_current_password_at_that_moment_and_not_before(ledger: Ledger, policy: Policy) -> None:
    """R29"""
    said = ledger.current_password_at(NOW, policy) or NOW
    assert is_the_first(said, lambda at: ledger.current_password_at(at, policy) is None)
