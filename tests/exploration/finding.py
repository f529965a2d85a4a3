"""How the exploration looks for a planted bug: at the smallest caps, up to the first violation."""

from time import process_time

from attrs import evolve, frozen

from msa_recovery.domain.account import AccountType
from msa_recovery.domain.policy import Policy
from msa_recovery.exploration.search import explore
from msa_recovery.exploration.setting import VARIANTS, Setting, capped, staggered

from .planting import Bug, planted

__all__ = ["SETTINGS", "Found", "found"]

_ONES = capped(Policy.msa(), 1)
_TWOS = evolve(capped(Policy.msa(), 2), guesses_per_code=1)
_NEWCOMER = next(variant for variant in VARIANTS if variant.first_sign_in)
_KNOWN = evolve(_NEWCOMER, first_sign_in=False)
_BY_SMS = evolve(_KNOWN, usable=_KNOWN.usable[:1])
_CHANGED_LATELY = next(variant for variant in VARIANTS if variant.quarantined)
_FARMER = evolve(_BY_SMS, type=AccountType.FARMER)

SETTINGS = (
    Setting(_ONES, _NEWCOMER),
    Setting(_ONES, _BY_SMS),
    Setting(_ONES, _FARMER),
    Setting(_ONES, _CHANGED_LATELY),
    Setting(_ONES, _NEWCOMER, changes=True),
    Setting(_ONES, _NEWCOMER, past=True),
    Setting(capped(Policy.msa(), 2), _NEWCOMER),
    Setting(staggered(Policy.msa()), _BY_SMS, past=True),
    Setting(_TWOS, _BY_SMS, another=True),
    Setting(_TWOS, _BY_SMS, past=True),
    Setting(_ONES, evolve(_BY_SMS, first_sign_in=True), journeys=2, ages=False),
)
"""Where a bug is looked for, the smallest first."""


@frozen
class Found:
    """What the exploration found, where, and after how long."""

    setting: Setting
    breach: str
    story: tuple[str, ...]
    states: int
    seconds: float


def found(bug: Bug) -> Found | None:
    """The first violation that a bug leads to."""
    began = process_time()
    with planted(bug):
        for setting in SETTINGS:
            exploration = explore(setting, first_only=True)
            for violation in exploration.violations:
                seconds = process_time() - began
                return Found(setting, violation.breach, violation.story, len(exploration.states), seconds)
    return None
