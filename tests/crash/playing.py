"""Plays one story while its host dies, and says what came of it."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Final, cast, final

from attrs import frozen

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.application.recovery import Recovery
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.story import Story
from msa_recovery.domain.account import Channel
from msa_recovery.domain.policy import Policy
from tests.support import postgres

from .browser import Browser
from .files import Files
from .hosts import Zygote
from .inquest import Inquest, Violation
from .plans import Plan
from .record import Seen, seen, shown
from .wire import Setting

__all__ = ["Outcome", "play"]

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder, in which a new one is made
_LONG_AFTER: Final = timedelta(days=40)


@final
@frozen
class Outcome:
    """What came of one story.

    Attributes:
        kills: how often the host was killed.
        restarts: how often it was started again.
        violations: what must never be, and was.
        end: how everything stood at the end.
    """

    kills: int
    restarts: int
    violations: tuple[Violation, ...]
    end: Seen | None


def play(
    zygote: Zygote,
    story: Story,
    plan: Plan,
    bug: str = "",
    undisturbed: Seen | None = None,
    *,
    on_server: bool = False,
) -> Outcome:
    """Play a story whose host dies as the plan says.

    Args:
        zygote: what hosts are forked from.
        story: what the person does.
        plan: when the host dies.
        bug: the name of a bug that is planted into the host.
        undisturbed: how everything stands at the end when nobody dies; nothing is compared when nothing is said.
        on_server: whether its store is on a PostgreSQL server.
    """
    with _files(on_server=on_server) as files:
        clock = ManualClock(MONDAY_MORNING)
        inquest = Inquest(files, clock)
        browser = Browser(zygote, Setting(files, story.disguise, bug), clock, plan, inquest)
        end = None
        try:
            with _stage(files, clock, browser) as stage:
                browser.opens()
                inquest.watches_the_directory()
                try:
                    story.play(stage)
                finally:
                    # Also when it went wrong: what became of its messages and effects says why.
                    try:
                        _drain(browser)
                    finally:
                        inquest.closes()
                end = seen(files, browser.handles)
                for difference in () if undisturbed is None else shown(end, undisturbed):
                    inquest.finds("same", difference)
                _long_after(browser, stage, inquest)
        except Exception as error:  # noqa: BLE001 - whatever it is, the journey did not go on
            inquest.finds("story", f"{type(error).__name__}: {error}")
        finally:
            browser.close()
        inquest.integrity()
        return Outcome(browser.kills, browser.restarts, tuple(inquest.violations), end)


def _drain(browser: Browser) -> None:
    for _ in range(100):
        if not browser.relay().total:
            return
    raise RuntimeError("the outbox does not run dry")


def _long_after(browser: Browser, stage: Stage, inquest: Inquest) -> None:
    """Whatever was left lies where it may lie; in the end nothing of it is kept."""
    stage.wait(_LONG_AFTER)
    while browser.lapse_due():
        pass
    stage.wait(Policy.msa().retention + timedelta(days=1))
    while browser.purge():
        pass
    inquest.after_purge()


@contextmanager
def _stage(files: Files, clock: ManualClock, browser: Browser) -> Generator[Stage]:
    """A stage on the files of the host that dies, for a person who does not."""
    directory, store = SqliteDirectory(files.accounts, Argon2idHasher(TESTS_ONLY), clock), files.open_store()
    inboxes = {channel: SqliteInbox(files.inbox, channel) for channel in Channel}
    try:
        yield Stage(clock, directory, store, inboxes, ZxcvbnMeter(), cast(Recovery, browser))
    finally:
        directory.close()
        store.close()
        for inbox in inboxes.values():
            inbox.close()


@contextmanager
def _files(*, on_server: bool) -> Generator[Files]:
    """A new folder; in memory where there is such a place: what a disk does when the power fails is not tested here.
    And a schema of its own on a server, if there is to be one."""
    folder = Path(tempfile.mkdtemp(prefix="crash-", dir=_SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None))
    try:
        with postgres.fresh() if on_server else nullcontext("") as server:
            yield Files(folder, server)
    finally:
        shutil.rmtree(folder)
