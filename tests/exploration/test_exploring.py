"""The exploration: what it visits, what it proves, and that its stories can be run."""

from typing import Any, Final

import pytest
from attrs import evolve

from msa_recovery.domain.account import AccountType, Channel
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.policy import Policy
from msa_recovery.exploration.decisions import undecided
from msa_recovery.exploration.runs import PROFILES, alike, at_full_caps, at_small_caps, setting_named
from msa_recovery.exploration.search import Exploration, Violation, explore
from msa_recovery.exploration.setting import CAPS, VARIANTS, Setting, Variant, capped
from msa_recovery.exploration.stories import replay, runnable

pytestmark = pytest.mark.no_cover

SMALLEST: Final = capped(Policy.msa(), 1)
NEWCOMER: Final = Variant(AccountType.INDIVIDUAL, True, (Channel.SMS, Channel.EMAIL))
BY_POST: Final = Variant(AccountType.COMPANY, False)


@pytest.fixture(scope="module")
def found() -> Exploration:
    """Everything that can happen to an individual's first journey, at caps of 1."""
    return explore(Setting(SMALLEST, NEWCOMER))


def test_every_state_of_the_smallest_setting_is_visited_and_breaks_nothing(found: Exploration) -> None:
    assert found.complete
    assert [] == found.violations
    assert len(found.states) == len(set(found.states))


def test_each_state_of_both_charts_is_reached(found: Exploration) -> None:
    for state in State:
        assert found.way_to_state(state) is not None, state


def test_a_way_to_a_row_ends_with_that_row_when_it_is_run(found: Exploration) -> None:
    for row in found.rows:
        *_, last = replay(found.setting, found.way_to_row(row))
        assert last.edge is not None
        assert row == last.edge.row


def test_a_way_is_the_shortest(found: Exploration) -> None:
    way = found.way_to_state(State.PERSONALISING_PASSWORD)
    assert ("begin to change the password", "prove the password: right") == way
    identified = found.way_to_row((ChartName.RECOVERY, "confirming_code.submit_code.2"))
    assert ("begin", "identify", "answer vitale_serial: right", "choose sms", "submit a code: right") == identified


def test_a_crash_between_counting_and_comparing_spends_the_guess(found: Exploration) -> None:
    """R3, invariant 14"""
    sent = found.way_to_row((ChartName.RECOVERY, "choosing_channel.choose_channel.2"))
    story = (*sent, "submit a code, and the host dies before it is compared", "submit a code: not_live")
    *_, last = replay(found.setting, story)
    assert last.edge is not None
    assert (ChartName.RECOVERY, "confirming_code.submit_code.1") == last.edge.row


def test_the_same_setting_is_explored_alike_twice(found: Exploration) -> None:
    again = explore(found.setting)
    assert found.states == again.states
    assert found.transitions == again.transitions


def test_what_cannot_happen_is_said_with_what_can(found: Exploration) -> None:
    with pytest.raises(LookupError, match=r"'confirm the contact details' cannot happen here, but \['begin'"):
        list(replay(found.setting, ["confirm the contact details"]))


def test_a_violation_is_printed_as_a_program_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    setting = next(iter(at_small_caps(Policy.testing())))
    program = runnable(setting, Violation("invariant 0: none", ("begin", "identify")))
    exec(compile(program, "story", "exec"), {})  # noqa: S102 - what the exploration prints
    assert "identify  recovery  identifying.identify.3" in capsys.readouterr().out


@pytest.mark.parametrize("name", PROFILES)
def test_each_profile_is_explored_with_every_account_variant_and_with_two_journeys(name: str) -> None:
    for planned in (at_small_caps, at_full_caps):
        settings = list(planned(PROFILES[name]))
        assert set(VARIANTS) <= {each.variant for each in settings}
        assert {1, 2} == {each.journeys for each in settings}
        assert settings == [setting_named(each.name) for each in settings]


def test_settings_are_alike_only_if_all_caps_are_equal() -> None:
    one = Setting(SMALLEST, BY_POST)
    assert alike(one) == alike(Setting(capped(Policy.strict(), 1), BY_POST))
    for cap in CAPS:
        changed: dict[str, Any] = {cap: 2}
        try:
            other = evolve(SMALLEST, **changed)
        except ValueError:
            continue  # of two caps that are ordered, the larger one goes first
        assert alike(one) != alike(Setting(other, BY_POST)), cap


def test_a_guard_that_no_profile_needs_is_needed_by_a_policy_of_two_answers() -> None:
    """Of one answer a journey, whoever answered right has none left: then the row of the question is shut anyway."""
    guard = ("identifying.identify.2", "first_sign_in_is_proved")
    for answers, needed in ((1, False), (2, True)):
        guards = undecided()
        policy = evolve(SMALLEST, answers_per_journey=answers, answers_per_month=2)
        explore(Setting(policy, NEWCOMER), guards=guards)
        assert needed is (guard not in guards[ChartName.RECOVERY, State.IDENTIFYING, EventName.IDENTIFY])


def test_an_account_that_changes_on_the_way_goes_on_as_its_decoy_does() -> None:
    changed = explore(Setting(SMALLEST, NEWCOMER, changes=True))
    assert [] == changed.violations
    story = ("begin", "identify", "the directory changes the account")
    assert "answer vitale_serial: right" not in _possible(changed.setting, story)
    assert "answer vitale_serial: wrong" in _possible(changed.setting, story)


def _possible(setting: Setting, story: tuple[str, ...]) -> str:
    with pytest.raises(LookupError) as told:
        list(replay(setting, (*story, "nothing of the kind")))
    return str(told.value)


def test_nobody_waits_longer_for_a_search_that_is_bounded() -> None:
    bounded = explore(Setting(SMALLEST, NEWCOMER), most=10)
    assert not bounded.complete
    assert [] == bounded.violations
