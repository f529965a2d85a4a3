"""A stage whose every port has somebody in the line, and whose library may be reached through somebody: for tests that
play the stories."""

from collections.abc import Callable
from typing import Any, cast

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher, Hasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.ports import Secrets, Store
from msa_recovery.application.questions import Ports
from msa_recovery.application.recovery import Recovery
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import NoCodeTwice, Stage
from msa_recovery.cli.story import Story
from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.policy import Policy
from msa_recovery.sample import sample_directory
from msa_recovery.testing.tapped import Tap, Tapped, through

from .house import KEYS, MSA

__all__ = ["Through", "stage_of"]

Through = Callable[[Recovery, Stage], Any]
"""Puts somebody between the person and the library."""


def _directly(recovery: Recovery, _: Stage) -> Recovery:
    return recovery


def stage_of(
    story: Story,
    tap: Tap = through,
    *,
    store: Store | None = None,
    policy: Policy = MSA,
    secrets: Secrets | None = None,
    reached: Through = _directly,
) -> Stage:
    """A new stage for this story, with the keys of every test.

    Args:
        story: which disguises the directory.
        tap: in the line of every port, and of the directory's hasher, but of nothing else that the stage itself holds.
        store: an empty one; in memory when nothing is said.
        policy: the limits.
        secrets: where codes come from; no code comes twice when nothing is said.
        reached: who makes the calls of the story.
    """
    clock = ManualClock(MONDAY_MORNING)
    directory = sample_directory(clock, cast(Hasher, Tapped("hasher", Argon2idHasher(TESTS_ONLY), tap)))
    kept = MemoryStore() if store is None else store
    inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
    meter = ZxcvbnMeter()

    def tapped(port: str, of: object) -> Any:
        return Tapped(port, of, tap)

    ports = Ports(
        accounts=tapped("accounts", story.disguise(directory)),
        store=tapped("store", kept),
        clock=tapped("clock", clock),
        messengers={channel: tapped("messengers", inbox) for channel, inbox in inboxes.items()},
        meter=tapped("meter", meter),
        secrets=tapped("secrets", secrets or NoCodeTwice()),
        vault=tapped("vault", Vault(KEYS)),
        policy=policy,
        helpdesk=ASSISTANCE_INTERNET,
    )
    recovery = Recovery(ports)
    bare = Stage(clock, directory, kept, inboxes, meter, recovery)
    return Stage(clock, directory, kept, inboxes, meter, cast(Recovery, reached(recovery, bare)))
