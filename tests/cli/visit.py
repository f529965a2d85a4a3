"""A person at the demonstration: types prepared lines, reads messages when they arrive, and keeps what was shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from io import StringIO
from typing import final

from rich.console import Console

from msa_recovery.application.caller import Language
from msa_recovery.cli.demo import Demo
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.terminal import Terminal
from msa_recovery.domain.account import Channel

Line = str | Callable[[Stage], str]
"""What is typed, or how it is found out when its turn comes."""

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

_RULE = re.compile(r"^\w+ 2\d \w+ 2026 (?:à|at) [^─]+ ─+$", re.MULTILINE)
"""The line over each page, with what the clock shows."""

_FRAME = re.compile("[│╭╮╰╯─]")

PASSWORD = "Tournesol-bleu-47!"


@final
class Typed:
    """Gives the prepared lines one by one, then nothing more."""

    def __init__(self, stage: Stage, lines: Iterator[Line]) -> None:
        self._stage = stage
        self._lines = lines

    def readline(self) -> str:
        line = next(self._lines, None)
        if line is None:
            return ""
        return f"{line if isinstance(line, str) else line(self._stage)}\n"


def visit(
    *lines: Line,
    language: Language = Language.FR,
    width: int = 80,
    show_passwords: bool = False,
    folder: DemoFolder | None = None,
) -> str:
    """Everything that was shown while these lines were typed; kept in a folder, if there is one."""
    shown = StringIO()
    with nullcontext(Stage.sample(NOW)) if folder is None else folder.opened(NOW) as stage:
        terminal = Terminal(Console(file=shown, width=width), Typed(stage, iter(lines)), show_passwords=show_passwords)
        Demo(stage, terminal, language, folder).run()
    return shown.getvalue()


def pages(shown: str) -> list[str]:
    """What was shown, page by page, each in one line without frames: however it was broken, a sentence is found."""
    return [" ".join(_FRAME.sub(" ", page).split()) for page in _RULE.split(shown)]


def from_message(channel: Channel) -> Line:
    """The code or the password in the message that arrived last."""

    def read(stage: Stage) -> str:
        secret = stage.delivered(channel)[-1].secret
        assert secret is not None, f"the last {channel} carries no secret"
        return secret.reveal()

    return read


def wrong_code(stage: Stage) -> str:
    """A code that differs from the one that came by SMS in its last digit."""
    secret = stage.delivered(Channel.SMS)[-1].secret
    assert secret is not None
    return f"{secret.reveal()[:-1]}{(int(secret.reveal()[-1]) + 1) % 10}"
