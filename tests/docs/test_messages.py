"""The code of docs/messages.md runs, in its order, and the page knows every place where something can be put."""

import re
from pathlib import Path

import pytest
from attrs import fields

from msa_recovery import Recovery
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sms_shape import SmsGateway
from msa_recovery.sample import sample_directory

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_every_block_of_code_runs_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "of the host")
    monkeypatch.setenv("SMS_KEY", "of the host")
    names: dict[str, object] = {"directory": sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY))}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"messages.md, block {number}", "exec"), names)  # noqa: S102 - our own page
    assert 5 == len(BLOCKS)
    recovery = names["recovery"]
    assert isinstance(recovery, Recovery)
    with recovery:
        assert 0 == recovery.relay().total


def test_every_setting_that_judges_an_answer_is_explained() -> None:
    judging = {each.name for each in fields(SmsGateway)} & {
        *("reference_at", "status_at", "status_taken", "status_later", "refusals", "timeout", "patience")
    }
    assert 7 == len(judging)
    assert set() == {name for name in judging if f"`{name}" not in PAGE}
