"""The tables of `docs/risk.md`, made from what the policies really risk.

``python -m tests.support.risk_tables`` writes them anew.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msa_recovery.cli.risk import percent, span_of
from msa_recovery.domain.deviation import TITLES
from msa_recovery.domain.odds import any_of, one_code
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.risk import SPANS, Odds

from .tables import filled, row

__all__ = ["PAGE", "with_tables"]

PAGE: Final = Path(__file__).parents[2] / "docs/risk.md"

_MSA: Final = Policy.msa()
_STRICT: Final = Policy.strict()


def with_tables(page: str) -> str:
    """The page with each of its tables as it has to be now."""
    return filled(page, _tables())


def _tables() -> dict[str, Iterable[str]]:
    return {
        "without a cap": _without_a_cap(),
        "one account": _odds(*(policy.assess().account for policy in (_MSA, _STRICT))),
        "campaigns": _odds(*(policy.assess().campaigns for policy in (_MSA, _STRICT))),
        "deviations": _deviations(),
    }


def _without_a_cap() -> Iterator[str]:
    yield row("of so many", "guesses at each", "codes a day", "in a day", *(f"in {days} days" for days in SPANS[1:]))
    yield row(*["---"] * 6)
    for codes, guesses, sent in ((10**4, 3, 1), (10**4, 3, 3), (10**4, 5, 5), (10**6, 3, 3)):
        chances = (percent(any_of(one_code(guesses, codes), sent * days)) for days in SPANS)
        yield row(codes, guesses, sent, *chances)


def _odds(msa: tuple[Odds, ...], strict: tuple[Odds, ...]) -> Iterator[str]:
    kinds = ("right codes", "a right code", "a takeover")
    yield row("accounts", "for", "guesses", *(f"{policy.name}: {kind}" for policy in (_MSA, _STRICT) for kind in kinds))
    yield row(*["---"] * 9)
    for two in zip(msa, strict, strict=True):
        cells = (
            cell for odds in two for cell in (f"{odds.expected:.4g}", percent(odds.right_code), percent(odds.takeover))
        )
        yield row(two[0].accounts, span_of(two[0]), two[0].guesses, *cells)


def _deviations() -> Iterator[str]:
    strict = _STRICT.assess()
    for standard, title in TITLES.items():
        yield from (f"### {title}", "")
        for each in _MSA.assess().deviations:
            if each.standard is not standard:
                continue
            closing = "; ".join((*(f"`{setting}`" for setting in each.settings), *filter(None, [each.remedy])))
            same = strict.deviation(each.code)
            differs = "" if same == each else " (`strict` meets it)" if same is None else f" (`strict`: {same.has})"
            yield from (f"`{each.code}` ({each.clause}; {each.demand})", "")
            yield f"- wanted: {each.wants}"
            yield f"- there is: {each.has}{differs}"
            yield f"- why: {each.why}"
            yield f"- closed by: {closing}"
            yield ""


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
