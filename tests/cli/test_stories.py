"""The stories: they go as they should, and say so when they do not."""

from pathlib import Path

import pytest

from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.cli import main
from msa_recovery.cli.playing import STORIES, play
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.story import Person, Story, expect
from msa_recovery.domain.inputs import Identify
from msa_recovery.domain.journey import State


def test_every_story_goes_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["demo", "--play"])
    *each, last = capsys.readouterr().out.splitlines()
    assert [] == [line for line in each if not line.startswith("ok ")]
    assert (0, f"{len(STORIES)} stories, {len(STORIES)} as expected") == (code, last)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_every_story_goes_as_expected_on_a_file(story: Story, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "recovery.sqlite")
    assert play([story], print, lambda now, disguise: Stage.sample(now, disguise, store))
    store.close()


def test_a_directory_that_denies_every_password_is_noticed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryDirectory, "password_matches", lambda *_: False)
    code = main(["demo", "--play"])
    *each, last = capsys.readouterr().out.splitlines()
    wrong = [line for line in each if line.startswith("WRONG ")]
    assert (1, f"{len(STORIES)} stories, {len(STORIES) - len(wrong)} as expected") == (code, last)
    expected = "a voluntary change of the password: prove_password: expected personalising_password"
    assert any(expected in line for line in wrong)


def test_no_two_stories_have_the_same_title() -> None:
    assert len(STORIES) == len({story.title for story in STORIES})


def _goes_wrong(stage: Stage) -> None:
    person = Person(stage)
    person.begins()
    person.does(Identify("nobody"), State.CHOOSING_CHANNEL)


def _raises(_: Stage) -> None:
    raise ValueError("a bug")


def _goes_well(_: Stage) -> None:
    expect("two and two", 4, 2 + 2)


def test_a_story_that_goes_wrong_says_what_was_expected_and_the_others_are_told_all_the_same() -> None:
    lines: list[str] = []
    stories = (Story("first", _goes_wrong), Story("second", _raises), Story("third", _goes_well))
    assert not play(stories, lines.append)
    assert [
        "WRONG  first: identify: expected choosing_channel, got identifying with identifier_characters",
        "WRONG  second: ValueError: a bug",
        "ok     third",
        "3 stories, 1 as expected",
    ] == lines
