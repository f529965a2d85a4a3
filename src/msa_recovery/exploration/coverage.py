"""Which rows of the charts a set of journeys took: each fired row left a fact that carries its label."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msa_recovery.domain.machine import CHARTS

__all__ = ["LABELS", "taken"]

LABELS: Final = tuple(dict.fromkeys(row.label for chart in CHARTS.values() for row in chart.rows))
"""Of every row, in the order of the charts. The steps that both charts have share their labels."""


def taken(rows: Iterable[str]) -> Counter[str]:
    """How often each row fired, 0 included; labels that no chart has any more stand behind those that one has.

    Args:
        rows: what facts say under ``row``; empty where nothing fired.
    """
    counted = Counter(dict.fromkeys(LABELS, 0))
    counted.update(row for row in rows if row)
    return counted
