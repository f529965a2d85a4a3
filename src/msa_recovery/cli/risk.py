"""``msa-recovery risk``: what a policy risks, for a reviewer who reads it in a terminal, and for a program."""

import json
import shutil
import textwrap
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, final

import typer

from msa_recovery.domain.policy import Policy

if TYPE_CHECKING:
    from msa_recovery.domain.deviation import Deviation
    from msa_recovery.domain.risk import Assessment, Odds

__all__ = ["as_json", "as_text", "percent", "risk", "span_of"]

_NARROWEST: Final = 40
_WIDEST: Final = 100
_ORDINARY: Final = 80
_LABEL: Final = 7
_SMALL: Final = 1e-6
_LARGE: Final = 0.9995


@final
class _Profile(StrEnum):
    """A named policy."""

    MSA = "msa"
    STRICT = "strict"
    TESTING = "testing"


_POLICIES: Final[Mapping[_Profile, Callable[[], Policy]]] = MappingProxyType(
    {_Profile.MSA: Policy.msa, _Profile.STRICT: Policy.strict, _Profile.TESTING: Policy.testing}
)


def risk(
    policy: Annotated[_Profile, typer.Option(help="Which limits.")] = _Profile.MSA,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object, nothing rounded.")] = False,
) -> None:
    """Say how likely a takeover by guessing is, and where a policy is not what NIST, ASVS, CNIL and ANSSI ask for.

    A host judges limits of its own with Policy.assess().
    """
    assessment = _POLICIES[policy]().assess()
    if as_json_:
        typer.echo(json.dumps(as_json(assessment), indent=2, ensure_ascii=False))
        return
    width = shutil.get_terminal_size((_ORDINARY, 0)).columns
    for line in as_text(assessment, max(_NARROWEST, min(width, _WIDEST))):
        typer.echo(line)


# -- for a program -----------------------------------------------------------------------------------------------------


def as_json(assessment: "Assessment") -> dict[str, Any]:
    """An assessment as JSON has it. The keys are part of the public interface; lengths of time are seconds."""
    return {
        "policy": assessment.policy,
        "codes": assessment.codes,
        "password_bits": assessment.password_bits,
        "tries_per_second": assessment.tries_per_second,
        "tries_from_one_origin": assessment.tries_from_one_origin,
        "account": [_odds(odds) for odds in assessment.account],
        "campaigns": [_odds(odds) for odds in assessment.campaigns],
        "deviations": [_deviation(each) for each in assessment.deviations],
    }


def _odds(odds: "Odds") -> dict[str, float]:
    return {
        "accounts": odds.accounts,
        "days": odds.days,
        "guesses": odds.guesses,
        "expected": odds.expected,
        "right_code": odds.right_code,
        "after_code": odds.after_code,
        "by_letter": odds.by_letter,
        "takeover": odds.takeover,
    }


def _deviation(deviation: "Deviation") -> dict[str, Any]:
    return {
        "code": deviation.code,
        "standard": deviation.standard,
        "clause": deviation.clause,
        "demand": deviation.demand,
        "has": deviation.has,
        "wants": deviation.wants,
        "why": deviation.why,
        "settings": {
            setting.name: setting.value.total_seconds() if isinstance(setting.value, timedelta) else setting.value
            for setting in deviation.settings
        },
        "remedy": deviation.remedy,
    }


# -- for a reader ------------------------------------------------------------------------------------------------------


def as_text(assessment: "Assessment", width: int) -> Iterator[str]:
    """An assessment in lines of so many characters."""
    from msa_recovery.domain.deviation import TITLES

    yield from _wrapped(
        f"Policy {assessment.policy}: one code in {_spaced(assessment.codes)}; temporary passwords of"
        f" {assessment.password_bits:.1f} bits",
        width,
    )
    yield ""
    yield from _table(assessment.account, width)
    yield ""
    yield from _table(assessment.campaigns, width)
    yield ""
    for note in _notes(assessment):
        yield from _wrapped(note, width)
    for standard, title in TITLES.items():
        yield from ("", title, "-" * len(title))
        for deviation in assessment.deviations:
            if deviation.standard is standard:
                yield from _paragraph(deviation, width)


def percent(chance: float) -> str:
    """A probability in per cent, with two digits that matter; a very small one as a power of ten."""
    if chance == 0:
        return "0"
    if chance > _LARGE:
        return ">99.9 %"
    return f"{chance:.0e}".replace("e-0", "e-") if chance < _SMALL else f"{float(f'{chance * 100:.2g}'):.6g} %"


def span_of(odds: "Odds") -> str:
    """For how long somebody guesses."""
    return f"{odds.days} day{'s' * (odds.days > 1)}" if odds.days else "one code"


def _spaced(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", " ")


def _table(rows: "tuple[Odds, ...]", width: int) -> Iterator[str]:
    """A line for each: on a narrow terminal without how many guesses and right codes there are."""
    cells: list[tuple[str, ...]] = [("accounts", "for", "guesses", "expected", "right code", "takeover")]
    for odds in rows:
        expected = f"{odds.expected:.2g}" if odds.expected < 1 else _spaced(round(odds.expected))
        chances = (percent(odds.right_code), percent(odds.takeover))
        cells.append((_spaced(odds.accounts), span_of(odds), str(odds.guesses), expected, *chances))
    if width < _ORDINARY:
        cells = [(*line[:2], *line[4:]) for line in cells]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(cell.rjust(size) for cell, size in zip(line, widths, strict=True))


def _notes(assessment: "Assessment") -> Iterator[str]:
    yield "Guessed at as often as the caps allow, from any number of origins; accounts that ask no question first."
    yield "A right code sends a temporary password to a contact on file, and opens nothing."
    yield (
        "A takeover is a guessed temporary password, after a code or by a letter that anybody can cause, at"
        f" {_spaced(assessment.tries_per_second)} tries a second of the whole host."
    )
    yield "Whoever holds the telephone or the mailbox gets in."


def _paragraph(deviation: "Deviation", width: int) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{deviation.code} ({deviation.clause}; {deviation.demand})", width)
    closing = "; ".join((*map(str, deviation.settings), *([deviation.remedy] if deviation.remedy else [])))
    told = {"has": deviation.has, "wants": deviation.wants, "why": deviation.why, "close": closing}
    for label, text in told.items():
        yield from _wrapped(text, width, label)


def _wrapped(text: str, width: int, label: str = "") -> list[str]:
    first = f"  {label:<{_LABEL}}" if label else ""
    later = " " * len(first) if label else "  "
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=later)
