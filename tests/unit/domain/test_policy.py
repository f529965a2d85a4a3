"""A policy says of a bad value which field it is, and its three profiles are what they promise."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve, fields

from msa_recovery.domain.account import AccountType, Channel, IdentifierKind
from msa_recovery.domain.errors import PolicyError
from msa_recovery.domain.policy import DAY, MONTH, DecoyWeights, Policy
from tests.support.cases import MINUTE, MSA

SECOND = timedelta(seconds=1)

BOUNDS: dict[str, tuple[Any, Any]] = {
    "code_digits": (4, 12),
    "code_lifetime_sms": (SECOND, DAY),
    "code_lifetime_email": (SECOND, DAY),
    "guesses_per_code": (1, 10),
    "codes_per_journey": (1, 100),
    "send_cooldown": (SECOND, DAY),
    "sends_per_origin_and_day": (1, 100),
    "sends_per_day": (1, 100),
    "sends_per_month": (1, 1_000),
    "code_guesses_per_month": (1, 100),
    "answers_per_journey": (1, 10),
    "answers_per_month": (1, 10),
    "letters_per_month": (1, 10),
    "temporary_password_length": (12, 24),
    "temporary_password_lifetime": (SECOND, MONTH),
    "letter_lifetime": (SECOND, MONTH),
    "sign_in_wait_from": (1, 25),
    "sign_in_first_wait": (SECOND, DAY),
    "sign_in_longest_wait": (SECOND, DAY),
    "sign_ins_per_day": (1, 100),
    "sign_in_alarm": (1, 10_000),
    "sign_in_origins": (1, 1_000),
    "current_password_tries": (1, 25),
    "current_passwords_per_day": (1, 100),
    "comparisons_after_sign_in": (1, 100),
    "password_min": (8, 64),
    "password_max": (64, 1_024),
    "contact_quarantine": (timedelta(), 4 * MONTH),
    "journey_lifetime": (SECOND, DAY),
    "signed_in_lifetime": (SECOND, DAY),
    "retention": (SECOND, 12 * MONTH),
    "delivery_tries": (1, 1_000),
    "audit_retention": (SECOND, timedelta(days=1_095)),
}
"""The least and the most that may be meant, both included."""

NUMBERS = [name for name, (least, _) in BOUNDS.items() if isinstance(least, int)]
SPANS = [name for name in BOUNDS if name not in NUMBERS]

ORDERED = [
    ("guesses_per_code", 6, "code_guesses_per_month", 5),
    ("sends_per_origin_and_day", 6, "sends_per_day", 5),
    ("sends_per_day", 16, "sends_per_month", 15),
    ("answers_per_journey", 3, "answers_per_month", 2),
    ("temporary_password_lifetime", 2 * DAY, "letter_lifetime", DAY),
    ("sign_in_first_wait", 2 * MINUTE, "sign_in_longest_wait", MINUTE),
    ("current_password_tries", 6, "current_passwords_per_day", 5),
    ("retention", 2 * DAY, "audit_retention", DAY),
]


def refused_field(**bad: Any) -> str:
    """The field that the refusal of these values names."""
    with pytest.raises(PolicyError) as refused:
        evolve(MSA, **bad)
    assert repr(refused.value.field) in str(refused.value)
    return refused.value.field


# -- one field at a time -----------------------------------------------------------------------------------------------


def test_every_field_has_its_bounds() -> None:
    """A new field joins the table above, or is one of those that are no amount."""
    others = {"name", "show_masks", "decoys"}
    assert set(BOUNDS) | others == {attribute.name for attribute in fields(Policy)}


@pytest.mark.parametrize(("place", "sign"), [(0, -1), (1, 1)], ids=["less than the least", "more than the most"])
@pytest.mark.parametrize("name", BOUNDS)
def test_what_is_out_of_bounds_is_refused_by_name(name: str, place: int, sign: int) -> None:
    """By its bounds, that is, not by the order of two fields: all others are as far as they go."""
    bounds = {each: bound[place] for each, bound in BOUNDS.items()}
    beyond = bounds[name] + sign * (1 if name in NUMBERS else timedelta(microseconds=1))
    with pytest.raises(PolicyError, match=f"^policy field '{name}': .* from .* to "):
        evolve(MSA, **{**bounds, name: beyond})


@pytest.mark.parametrize("place", [0, 1], ids=["least", "most"])
def test_the_least_and_the_most_are_accepted(place: int) -> None:
    bounds = {name: bound[place] for name, bound in BOUNDS.items()}
    policy = evolve(MSA, **bounds)
    assert bounds == {name: getattr(policy, name) for name in BOUNDS}


@pytest.mark.parametrize("bad", [4.0, "4", True, None], ids=repr)
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_a_whole_number(name: str, bad: object) -> None:
    assert name == refused_field(**{name: bad})


@pytest.mark.parametrize("bad", [1800, "30 min", None], ids=repr)
@pytest.mark.parametrize("name", SPANS)
def test_a_length_of_time_is_a_timedelta(name: str, bad: object) -> None:
    assert name == refused_field(**{name: bad})


@pytest.mark.parametrize(
    ("name", "bad"), [("name", ""), ("name", 42), ("show_masks", "no"), ("show_masks", 0), ("decoys", None)]
)
def test_what_is_neither_is_judged_as_well(name: str, bad: object) -> None:
    assert name == refused_field(**{name: bad})


@pytest.mark.parametrize(("smaller", "low", "larger", "high"), ORDERED)
def test_a_smaller_cap_is_no_more_than_the_larger_one(smaller: str, low: object, larger: str, high: object) -> None:
    assert smaller == refused_field(**{smaller: low, larger: high})


@pytest.mark.parametrize(("smaller", "low", "larger", "high"), ORDERED)
def test_the_two_may_be_equal(smaller: str, low: object, larger: str, high: Any) -> None:
    assert high == getattr(evolve(MSA, **{smaller: high, larger: high}), smaller)


def test_the_windows_of_the_caps_are_24_hours_and_thirty_days() -> None:
    """R5"""
    assert (timedelta(hours=24), timedelta(days=30)) == (DAY, MONTH)


# -- decoys ------------------------------------------------------------------------------------------------------------

WEIGHTS = MSA.decoys[IdentifierKind.NIR]
TYPES = WEIGHTS.types
SOME = next(iter(WEIGHTS.channels))


def changed(**weights: Any) -> DecoyWeights:
    """The usual weights for a NIR, but these."""
    return evolve(WEIGHTS, **weights)


def for_nir(weights: object) -> dict[Any, Any]:
    """The usual weights, but these for a NIR."""
    usual: dict[Any, Any] = {**MSA.decoys}
    return usual | {IdentifierKind.NIR: weights}


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param({}, id="no kind"),
        pytest.param({IdentifierKind.NIR: WEIGHTS}, id="one kind"),
        pytest.param(for_nir(WEIGHTS) | {"other": WEIGHTS}, id="a third kind"),
        pytest.param(for_nir(MSA.decoys[IdentifierKind.SIRET]), id="companies by NIR, which the matrix refuses"),
        pytest.param(for_nir({}), id="no weights"),
        pytest.param(for_nir(changed(types={AccountType.INDIVIDUAL: 1})), id="a type missing"),
        pytest.param(for_nir(changed(types={**TYPES, AccountType.FARMER: 0})), id="no weight for a type"),
        pytest.param(for_nir(changed(types={**TYPES, AccountType.FARMER: 1.5})), id="half a weight"),
        pytest.param(for_nir(changed(first_sign_in=0)), id="nobody who never signed in"),
        pytest.param(for_nir(changed(first_sign_in=100)), id="nobody who ever signed in"),
        pytest.param(for_nir(changed(first_sign_in="30")), id="a share in words"),
        pytest.param(for_nir(changed(channels={SOME: 1})), id="channels missing"),
        pytest.param(for_nir(changed(channels={**WEIGHTS.channels, SOME: 0})), id="channels without weight"),
    ],
)
def test_weights_that_would_tell_decoys_from_accounts_are_refused(weights: dict[IdentifierKind, DecoyWeights]) -> None:
    """R13: every profile of the matrix also occurs among unknown identifiers, and no other does."""
    assert "decoys" == refused_field(decoys=weights)


@pytest.mark.parametrize("share", [1, 99])
def test_any_share_that_leaves_both_is_accepted(share: int) -> None:
    policy = evolve(MSA, decoys={**MSA.decoys, IdentifierKind.NIR: evolve(WEIGHTS, first_sign_in=share)})
    assert share == policy.decoys[IdentifierKind.NIR].first_sign_in


# -- waits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "minutes"),
    [(0, 0), (1, 0), (4, 0), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32), (10, 60), (11, 60), (25, 60)],
)
def test_waits_grow_from_the_fifth_wrong_password(wrong: int, minutes: int) -> None:
    """R29"""
    assert minutes * MINUTE == MSA.sign_in_wait(wrong)


def test_the_wait_after_five_failures_is_more_than_a_minute() -> None:
    """R29, CNIL 2022-100"""
    assert MSA.sign_in_wait(5) > MINUTE


@pytest.mark.parametrize("wrong", [100, 10_000])
@pytest.mark.parametrize("first", [SECOND, DAY])
def test_any_count_of_any_policy_has_a_wait(first: timedelta, wrong: int) -> None:
    policy = evolve(MSA, sign_in_wait_from=1, sign_in_first_wait=first, sign_in_longest_wait=DAY)
    assert policy.sign_in_wait(wrong) == DAY


# -- the three profiles ------------------------------------------------------------------------------------------------


def test_msa_has_four_digits_for_thirty_minutes() -> None:
    """R7, R8: as the source text says."""
    expected = (4, 30 * MINUTE, 30 * MINUTE)
    assert expected == (MSA.code_digits, MSA.code_lifetime(Channel.SMS), MSA.code_lifetime(Channel.EMAIL))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("guesses_per_code", 3),
        ("codes_per_journey", 3),
        ("send_cooldown", MINUTE),
        ("sends_per_origin_and_day", 3),
        ("sends_per_day", 5),
        ("sends_per_month", 15),
        ("code_guesses_per_month", 10),
        ("answers_per_journey", 1),
        ("answers_per_month", 3),
        ("letters_per_month", 2),
        ("temporary_password_length", 12),
        ("temporary_password_lifetime", timedelta(hours=24)),
        ("letter_lifetime", timedelta(days=21)),
        ("sign_in_wait_from", 5),
        ("sign_ins_per_day", 25),
        ("sign_in_alarm", 100),
        ("current_password_tries", 5),
        ("current_passwords_per_day", 25),
        ("comparisons_after_sign_in", 10),
        ("password_min", 8),
        ("password_max", 128),
        ("contact_quarantine", timedelta(days=7)),
        ("journey_lifetime", 60 * MINUTE),
        ("signed_in_lifetime", 30 * MINUTE),
        ("show_masks", True),
    ],
)
def test_msa_s_limits_are_those_of_the_design(name: str, value: object) -> None:
    """R5, R27, R29, R30"""
    assert value == getattr(MSA, name)


def test_strict_has_six_digits_for_ten_minutes_by_sms_and_a_day_by_email() -> None:
    """R7, R8, NIST SP 800-63B-4 4.2.1.2"""
    strict = Policy.strict()
    expected = (6, 10 * MINUTE, DAY)
    assert expected == (strict.code_digits, strict.code_lifetime(Channel.SMS), strict.code_lifetime(Channel.EMAIL))


def test_strict_wants_fifteen_code_points() -> None:
    """NIST SP 800-63B-4 3.1.1.2: of a password that is the only factor."""
    assert 15 == Policy.strict().password_min


def test_strict_shows_nothing_of_a_contact() -> None:
    assert Policy.strict().show_masks is False


@pytest.mark.parametrize("policy", [Policy.msa(), Policy.strict(), Policy.testing()], ids=lambda policy: policy.name)
def test_no_letter_opens_anything_for_longer_than_thirty_days(policy: Policy) -> None:
    """R27"""
    assert policy.letter_lifetime <= MONTH


CAPS = [name for name in NUMBERS if name.endswith(("_month", "_day", "_journey", "_code", "_tries", "_in", "_alarm"))]


@pytest.mark.parametrize("name", [name for name in CAPS if getattr(MSA, name) > 1])
def test_testing_reaches_its_limits_in_a_few_events(name: str) -> None:
    assert getattr(Policy.testing(), name) < getattr(MSA, name)


def test_each_profile_says_what_it_is() -> None:
    assert ["msa", "strict", "testing"] == [p.name for p in (Policy.msa(), Policy.strict(), Policy.testing())]


def test_equal_limits_are_equal_policies() -> None:
    same = evolve(Policy.strict(), **{each.name: getattr(MSA, each.name) for each in fields(Policy)})
    assert {MSA} == {MSA, same}
