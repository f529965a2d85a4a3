"""``msa-recovery risk``: what an assessment says, readable on any terminal, and whole for a program."""

import json
import re
from typing import Any

import pytest
from attrs import asdict, fields

from msa_recovery.cli.risk import as_text, percent, span_of
from msa_recovery.domain.deviation import TITLES, Deviation
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.risk import Assessment, Odds
from tests.cli.said import said

POLICIES = {"msa": Policy.msa(), "strict": Policy.strict(), "testing": Policy.testing()}


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    code, out, err = said(capsys, "risk", *options)
    assert (0, "") == (code, err)
    return out


def as_object(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(shown(capsys, "--json", *options))
    return answer


# -- for a program -----------------------------------------------------------------------------------------------------


def test_json_has_every_field_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Stable keys: one is added, never renamed."""
    answer = as_object(capsys)
    assert [field.name for field in fields(Assessment)] == list(answer)
    assert [*(field.name for field in fields(Odds)), "takeover"] == list(answer["campaigns"][0])
    assert [field.name for field in fields(Deviation)] == list(answer["deviations"][0])


@pytest.mark.parametrize("name", POLICIES)
def test_json_says_what_the_assessment_says(capsys: pytest.CaptureFixture[str], name: str) -> None:
    answer, assessment = as_object(capsys, "--policy", name), POLICIES[name].assess()
    wanted = [{**asdict(odds), "takeover": odds.takeover} for odds in (*assessment.account, *assessment.campaigns)]
    assert (name, wanted) == (answer["policy"], [*answer["account"], *answer["campaigns"]])
    assert [each.code for each in assessment.deviations] == [each["code"] for each in answer["deviations"]]


def test_json_has_the_settings_that_close_a_deviation_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    """Lengths of time are seconds."""
    settings = {each["code"]: each["settings"] for each in as_object(capsys)["deviations"]}
    assert {"code_digits": 6} == settings["nist_code_digits"]
    assert {"code_lifetime_sms": 600} == settings["nist_code_lifetime_sms"]
    assert {"show_masks": False} == settings["asvs_masks"]
    assert {} == settings["nist_sms"]


# -- for a reader ------------------------------------------------------------------------------------------------------


def test_msa_is_shown_if_nothing_else_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "--policy", "msa") == shown(capsys)


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_shown_by_its_name(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert f"Policy {name}:" in shown(capsys, "--policy", name)


def test_a_month_of_guessing_at_one_account_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search(r"^ +1 +30 days +10 +0\.001 +0\.1 % +1e-12$", shown(capsys), re.MULTILINE)


@pytest.mark.parametrize("name", POLICIES)
def test_every_deviation_is_shown_under_its_standard(capsys: pytest.CaptureFixture[str], name: str) -> None:
    out, place = shown(capsys, "--policy", name), 0
    for standard, title in TITLES.items():
        place = out.index(f"\n{title}\n", place)
        for each in POLICIES[name].assess().deviations:
            if each.standard is standard:
                place = out.index(f"\n{each.code} (", place)


def test_a_deviation_says_what_there_is_what_is_wanted_why_and_what_closes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paragraph = shown(capsys).partition("\nnist_password_length (")[2].partition("\n\n")[0]
    assert ["has", "wants", "why", "close"] == re.findall(r"^  (\w+)", paragraph, re.MULTILINE)
    assert "close  password_min = 15; or the host asks for a second factor" in paragraph


def test_it_says_who_gets_in_without_guessing(capsys: pytest.CaptureFixture[str]) -> None:
    """R60, section 2"""
    assert "Whoever holds the telephone or the mailbox gets in." in shown(capsys)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", POLICIES)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = list(as_text(POLICIES[name].assess(), width))
    assert [] == [line for line in lines if len(line) > width]


@pytest.mark.parametrize(("columns", "widest"), [("20", 40), ("80", 80), ("500", 100)])
def test_the_terminal_decides_within_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert list(as_text(POLICIES["msa"].assess(), widest)) == shown(capsys).splitlines()


@pytest.mark.parametrize(
    ("chance", "said_as"),
    [
        (0.0, "0"),
        (4.2e-14, "4e-14"),
        (9.9e-6, "0.00099 %"),
        (0.0009996, "0.1 %"),
        (0.01292, "1.3 %"),
        (0.1037, "10 %"),
        (0.9502, "95 %"),
        (0.9999, ">99.9 %"),
        (1.0, ">99.9 %"),
    ],
)
def test_a_chance_is_shown_with_two_digits_that_matter(chance: float, said_as: str) -> None:
    assert said_as == percent(chance)


def test_how_long_somebody_guesses_is_said_in_days() -> None:
    assert ["one code", "1 day", "30 days", "365 days"] == [
        span_of(odds) for odds in Policy.msa().assess().campaigns[:4]
    ]
