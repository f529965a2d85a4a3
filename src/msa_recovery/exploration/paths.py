"""The shortest path to each row and to each state of the charts, as the exhaustive search finds it."""

from typing import Final, TypeVar, final

from attrs import evolve, frozen

from msa_recovery.domain.account import Channel
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.policy import Policy

from .search import explore
from .setting import VARIANTS, Setting, Variant, capped

__all__ = ["SETTINGS", "SMALLEST", "Path", "paths"]

SMALLEST: Final = evolve(
    capped(Policy.msa(), 1),
    name="smallest",
    guesses_per_code=2,
    codes_per_journey=2,
    sends_per_origin_and_day=2,
    sends_per_day=2,
    sends_per_month=2,
    code_guesses_per_month=4,
    current_password_tries=2,
    current_passwords_per_day=2,
)
"""The smallest caps under which every row can fire."""


@final
@frozen
class Path:
    """How to get somewhere.

    Attributes:
        setting: with which account, under which caps.
        story: what has to happen, in order; ``stories.replay`` lets it happen.
    """

    setting: Setting
    story: tuple[str, ...]


def _variant(*usable: Channel, first_sign_in: bool) -> Variant:
    return next(
        each for each in VARIANTS if (each.usable, each.quarantined, each.first_sign_in) == (usable, (), first_sign_in)
    )


SETTINGS: Final = (
    Setting(SMALLEST, _variant(Channel.SMS, Channel.EMAIL, first_sign_in=False)),
    Setting(SMALLEST, _variant(Channel.EMAIL, first_sign_in=True), past=True),
    Setting(capped(SMALLEST, 1), _variant(first_sign_in=False), journeys=2, ages=False),
)
"""Few that together reach everything: somebody who is known; a newcomer, after earlier journeys; two at once."""


def paths() -> tuple[dict[tuple[ChartName, str], Path], dict[State, Path]]:
    """The shortest path that was found to each row, by chart and label, and to each state. It takes some seconds."""
    to_rows, to_states = dict[tuple[ChartName, str], Path](), dict[State, Path]()
    for setting in SETTINGS:
        found = explore(setting)
        for row in found.rows:
            _keep(to_rows, row, Path(setting, found.way_to_row(row)))
        for state in dict.fromkeys(state for chart in CHARTS.values() for state in chart.titles):
            if (story := found.way_to_state(state)) is not None:
                _keep(to_states, state, Path(setting, story))
    return to_rows, to_states


_T = TypeVar("_T")


def _keep(kept: dict[_T, Path], name: _T, path: Path) -> None:
    if name not in kept or len(path.story) < len(kept[name].story):
        kept[name] = path
