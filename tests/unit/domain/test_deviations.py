"""Each demand of a standard that a policy does not meet: found in its fields, explained, and closed by what is said."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain.deviation import TITLES, Demand, Deviation, Standard, in_words
from msa_recovery.domain.deviations_of_journey import OF_JOURNEY
from msa_recovery.domain.deviations_of_limits import OF_LIMITS
from msa_recovery.domain.policy import DAY, MONTH, Policy
from tests.support.cases import MINUTE, MSA

STRICT = Policy.strict()
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

STAYING = {
    "nist_single_code",
    "nist_sms",
    "nist_unconfirmed_contact",
    "nist_knowledge_question",
    "nist_composition",
    "nist_throttling",
    "nist_tries_by_origin",
    "asvs_sms",
    "asvs_email",
    "asvs_knowledge_question",
    "asvs_composition",
    "asvs_breached_passwords",
    "asvs_forced_letter",
    "asvs_shared_cool_down",
    "asvs_campaigns",
    "asvs_second_factor",
    "cnil_tries_by_origin",
    "anssi_sms",
    "anssi_tries_by_origin",
    "anssi_hashing",
}
"""What the journey itself is: under every policy."""

OF_STRICT = {
    "nist_temporary_password_lifetime",
    "nist_temporary_password_digest",
    "asvs_code_lifetime_email",
    "asvs_temporary_password_digest",
}

OF_MSA = OF_STRICT | {
    "nist_code_digits",
    "nist_code_lifetime_sms",
    "nist_password_length",
    "asvs_code_digits",
    "asvs_code_lifetime_sms",
    "asvs_password_length",
    "asvs_masks",
    "cnil_password_length",
    "anssi_password_length",
}

LAX: dict[str, Any] = {
    "letter_lifetime": MONTH,
    "sign_in_wait_from": 6,
    "sign_in_longest_wait": 2 * MINUTE,
    "sign_ins_per_day": 26,
}
OF_LAX = OF_MSA | {"nist_letter_lifetime", "cnil_first_wait", "cnil_growing_waits", "cnil_tries_a_day"}


def codes(policy: Policy) -> set[str]:
    return {deviation.code for deviation in policy.assess().deviations}


def found(policy: Policy, code: str) -> Deviation:
    deviation = policy.assess().deviation(code)
    assert deviation is not None
    return deviation


def changes(deviation: Deviation) -> Mapping[str, Any]:
    return {setting.name: setting.value for setting in deviation.settings}


# -- which there are ---------------------------------------------------------------------------------------------------


def test_msa_deviates_where_the_source_text_does() -> None:
    """R7, R8, R60"""
    assert STAYING | OF_MSA == codes(MSA)


def test_strict_deviates_only_where_one_standard_asks_for_more_than_another_or_the_journey_does() -> None:
    """R60: 24 h by e-mail are allowed by NIST and not by ASVS."""
    assert STAYING | OF_STRICT == codes(STRICT)


def test_a_lax_policy_of_a_host_s_own_deviates_wherever_it_is_lax() -> None:
    assert STAYING | OF_LAX == codes(evolve(MSA, **LAX))


def test_every_rule_can_be_met_or_broken_and_has_a_code_of_its_own() -> None:
    assert sorted(STAYING | OF_LAX) == sorted(rule.code for rule in (*OF_LIMITS, *OF_JOURNEY))


def test_a_code_begins_with_its_standard() -> None:
    assert [] == [each.code for each in MSA.assess().deviations if not each.code.startswith(f"{each.standard}_")]


def test_all_four_standards_are_held_against_it_in_their_order() -> None:
    standards = [each.standard for each in MSA.assess().deviations]
    assert list(TITLES) == list(Standard) == sorted(set(standards), key=standards.index)


def test_a_deviation_that_there_is_not_is_none() -> None:
    assert None is STRICT.assess().deviation("nist_code_digits")


# -- what each of them says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [*OF_LIMITS, *OF_JOURNEY], ids=lambda rule: rule.code)
def test_every_deviation_says_what_there_is_what_is_wanted_and_why(rule: Any) -> None:
    deviation = found(evolve(MSA, **LAX), rule.code)
    assert all((deviation.clause, deviation.has, deviation.wants, deviation.why))


@pytest.mark.parametrize("rule", [*OF_LIMITS, *OF_JOURNEY], ids=lambda rule: rule.code)
def test_every_deviation_says_what_would_close_it(rule: Any) -> None:
    deviation = found(evolve(MSA, **LAX), rule.code)
    assert deviation.settings or deviation.remedy


@pytest.mark.parametrize("code", sorted(STAYING))
def test_what_no_field_closes_names_no_field(code: str) -> None:
    assert () == found(MSA, code).settings


@pytest.mark.parametrize(
    ("code", "clause"),
    [
        ("nist_code_digits", "SP 800-63B-4, 4.2.1.2"),
        ("asvs_code_digits", "6.5.4"),
        ("nist_code_lifetime_sms", "SP 800-63B-4, 4.2.1.2"),
        ("asvs_code_lifetime_sms", "6.5.5"),
        ("asvs_code_lifetime_email", "6.5.5"),
        ("nist_password_length", "SP 800-63B-4, 3.1.1.2"),
        ("nist_composition", "SP 800-63B-4, 3.1.1.2"),
        ("asvs_temporary_password_digest", "6.5.2"),
        ("nist_knowledge_question", "SP 800-63A-4, 2.5.1"),
        ("nist_sms", "SP 800-63B-4, 3.2.9"),
        ("anssi_hashing", "R28, R29"),
    ],
)
def test_the_clauses_are_those_of_the_requirements(code: str, clause: str) -> None:
    assert clause == found(MSA, code).clause


@pytest.mark.parametrize(
    ("code", "demand"),
    [
        ("nist_code_digits", Demand.MUST),
        ("asvs_password_length", Demand.SHOULD),
        ("anssi_hashing", Demand.HOST),
    ],
)
def test_what_is_required_recommended_or_the_host_s_is_told_apart(code: str, demand: Demand) -> None:
    assert demand is found(MSA, code).demand


def test_whoever_holds_the_telephone_or_the_mailbox_gets_in() -> None:
    """R60, section 2: say so."""
    assert "whoever holds the telephone or the mailbox gets in" == found(STRICT, "nist_single_code").has


SAID: list[tuple[dict[str, Any], str, str]] = [
    ({"code_digits": 5}, "nist_code_digits", "5 digits: one code in 100 000"),
    ({"code_lifetime_sms": 11 * MINUTE}, "nist_code_lifetime_sms", "11 min"),
    ({"code_lifetime_sms": 12 * MINUTE}, "asvs_code_lifetime_sms", "12 min by SMS"),
    ({"code_lifetime_email": 2 * HOUR}, "asvs_code_lifetime_email", "2 h by e-mail"),
    (
        {"temporary_password_lifetime": 3 * HOUR},
        "nist_temporary_password_lifetime",
        "3 h for a temporary password sent after a code",
    ),
    ({"letter_lifetime": 22 * DAY}, "nist_letter_lifetime", "22 days for a temporary password by letter"),
    ({"password_min": 11}, "cnil_password_length", "11 characters"),
    ({"sign_in_wait_from": 9}, "cnil_first_wait", "after 5 wrong temporary passwords, a wait of 0 s"),
    ({"sign_in_longest_wait": 3 * MINUTE}, "cnil_growing_waits", "from 2 min on, no more than 3 min"),
    ({"sign_ins_per_day": 30}, "cnil_tries_a_day", "30 wrong temporary passwords in 24 h from one origin"),
    (
        {"temporary_password_length": 14},
        "asvs_temporary_password_digest",
        "a keyed digest, not a slow one, of 82.9 bits (14 characters)",
    ),
    (
        {"code_guesses_per_month": 20},
        "nist_throttling",
        "up to 260 wrong codes of one account in 365 days; each is forgotten after 30 days",
    ),
    (
        {"sign_in_origins": 7, "sign_ins_per_day": 9},
        "cnil_tries_by_origin",
        "9 wrong temporary passwords in 24 h from each of 7 origins, and no limit for further ones, only an alarm",
    ),
    (
        {"code_guesses_per_month": 12, "sends_per_month": 20},
        "asvs_forced_letter",
        "10 wrong codes, or 20 codes asked for, and an account gets nothing but a letter for up to 30 days",
    ),
    (
        {"contact_quarantine": 3 * DAY},
        "nist_unconfirmed_contact",
        "a changed contact serves after 3 days, confirmed by a code or not",
    ),
    (
        {"contact_quarantine": timedelta()},
        "nist_unconfirmed_contact",
        "a changed contact serves at once, confirmed by a code or not",
    ),
    (
        {"answers_per_month": 2},
        "asvs_knowledge_question",
        "a question to whoever never signed in; 2 answers of an account in 30 days",
    ),
]


@pytest.mark.parametrize(("fields", "code", "said"), SAID, ids=[f"{code} {fields}" for fields, code, _ in SAID])
def test_what_there_is_is_read_from_the_fields(fields: dict[str, Any], code: str, said: str) -> None:
    assert said == found(evolve(MSA, **fields), code).has


# -- where they begin, and what closes them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "meets", "breaks"),
    [
        ("nist_code_digits", {"code_digits": 6}, {"code_digits": 5}),
        ("asvs_code_digits", {"code_digits": 6}, {"code_digits": 5}),
        ("nist_code_lifetime_sms", {"code_lifetime_sms": 10 * MINUTE}, {"code_lifetime_sms": 10 * MINUTE + SECOND}),
        ("asvs_code_lifetime_sms", {"code_lifetime_sms": 10 * MINUTE}, {"code_lifetime_sms": 10 * MINUTE + SECOND}),
        (
            "asvs_code_lifetime_email",
            {"code_lifetime_email": 10 * MINUTE},
            {"code_lifetime_email": 10 * MINUTE + SECOND},
        ),
        (
            "nist_temporary_password_lifetime",
            {"temporary_password_lifetime": 10 * MINUTE},
            {"temporary_password_lifetime": 10 * MINUTE + SECOND},
        ),
        ("nist_letter_lifetime", {"letter_lifetime": 21 * DAY}, {"letter_lifetime": 21 * DAY + SECOND}),
        ("nist_password_length", {"password_min": 15}, {"password_min": 14}),
        ("asvs_password_length", {"password_min": 15}, {"password_min": 14}),
        ("cnil_password_length", {"password_min": 12}, {"password_min": 11}),
        ("anssi_password_length", {"password_min": 12}, {"password_min": 11}),
        ("cnil_first_wait", {"sign_in_first_wait": MINUTE + SECOND}, {"sign_in_first_wait": MINUTE}),
        ("cnil_first_wait", {"sign_in_wait_from": 5}, {"sign_in_wait_from": 6}),
        ("cnil_growing_waits", {"sign_in_longest_wait": 4 * MINUTE}, {"sign_in_longest_wait": 4 * MINUTE - SECOND}),
        ("cnil_tries_a_day", {"sign_ins_per_day": 25}, {"sign_ins_per_day": 26}),
        ("asvs_masks", {"show_masks": False}, {"show_masks": True}),
        (
            "asvs_temporary_password_digest",
            {"temporary_password_length": 19},
            {"temporary_password_length": 18},
        ),
        (
            "nist_temporary_password_digest",
            {"temporary_password_length": 19},
            {"temporary_password_length": 18},
        ),
    ],
)
def test_a_demand_is_met_exactly_at_its_edge(code: str, meets: dict[str, Any], breaks: dict[str, Any]) -> None:
    assert [False, True] == [code in codes(evolve(MSA, **fields)) for fields in (meets, breaks)]


@pytest.mark.parametrize(
    ("code", "settings"),
    [
        ("nist_code_digits", ["code_digits = 6"]),
        ("asvs_code_lifetime_email", ["code_lifetime_email = 10 min"]),
        ("nist_temporary_password_lifetime", ["temporary_password_lifetime = 10 min"]),
        ("asvs_masks", ["show_masks = False"]),
        ("nist_temporary_password_digest", ["temporary_password_length = 19"]),
        ("nist_password_length", ["password_min = 15"]),
        ("cnil_first_wait", ["sign_in_wait_from = 5"]),
        ("cnil_growing_waits", ["sign_in_longest_wait = 4 min"]),
    ],
)
def test_only_fields_that_must_change_are_named_with_the_nearest_value(code: str, settings: list[str]) -> None:
    assert settings == [str(setting) for setting in found(evolve(MSA, **LAX), code).settings]


@pytest.mark.parametrize(
    ("fields", "code", "settings"),
    [
        (
            {"sign_in_first_wait": 30 * SECOND, "sign_in_longest_wait": MINUTE},
            "cnil_first_wait",
            ["sign_in_first_wait = 2 min", "sign_in_longest_wait = 2 min"],
        ),
        (
            {"sign_in_first_wait": 18 * HOUR, "sign_in_longest_wait": 20 * HOUR},
            "cnil_growing_waits",
            ["sign_in_first_wait = 12 h", "sign_in_longest_wait = 24 h"],
        ),
    ],
)
def test_what_hangs_on_what_must_change_changes_with_it(fields: dict[str, Any], code: str, settings: list[str]) -> None:
    assert settings == [str(setting) for setting in found(evolve(MSA, **fields), code).settings]


@pytest.mark.parametrize("code", sorted(OF_LAX))
def test_the_settings_that_are_named_close_it(code: str) -> None:
    lax = evolve(MSA, **LAX)
    assert code not in codes(evolve(lax, **changes(found(lax, code))))


def test_a_policy_with_all_settings_deviates_only_where_the_journey_does() -> None:
    policy = evolve(MSA, **LAX)
    for deviation in policy.assess().deviations:
        policy = evolve(policy, **changes(deviation) if deviation.code in codes(policy) else {})
    assert STAYING == codes(policy)


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(), "0 s"),
        (SECOND, "1 s"),
        (MINUTE, "60 s"),
        (90 * SECOND, "90 s"),
        (30 * MINUTE, "30 min"),
        (90 * MINUTE, "90 min"),
        (DAY, "24 h"),
        (36 * HOUR, "36 h"),
        (21 * DAY, "21 days"),
        (timedelta(milliseconds=500), "0.5 s"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_whole_unit(span: timedelta, said: str) -> None:
    assert said == in_words(span)
