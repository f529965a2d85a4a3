"""The tables of `docs/strength.md`, made from what the meters really say.

``python -m tests.support.strength_tables`` writes them anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Final

from zxcvbn import zxcvbn

from msa_recovery.adapters.lexicon import zxcvbn_lists
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.rust_meter import RustMeter
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

from .passwords import ENGLISH_PAIRS, FRENCH_PAIRS, STRONG_ONES, WEAK_ONES
from .tables import filled, row

__all__ = ["MADE_UP", "PAGE", "drawn", "with_tables"]

PAGE: Final = Path(__file__).parents[2] / "docs/strength.md"

MADE_UP: Final = 1_000
_EXAMPLES: Final = 12
_SEED: Final = 40
_SCORES: Final = (Strength.WEAK, Strength.WEAK, Strength.WEAK, Strength.FAIR, Strength.STRONG)
_METER: Final = ZxcvbnMeter()
_RUST_METER: Final = RustMeter()


def with_tables(page: str) -> str:
    """The page with each of its tables as it has to be now."""
    return filled(page, _tables())


def _tables() -> dict[str, Iterable[str]]:
    return {
        "weak": _judged(WEAK_ONES),
        "strong": _judged(STRONG_ONES),
        "two words": _pairs(),
        "agreement": _agreement(),
        "differences": _differences(),
    }


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _of_zxcvbn(text: str) -> Strength:
    return _SCORES[zxcvbn(text)["score"]]


@cache
def _verdicts(text: str) -> tuple[Strength, Strength]:
    return _METER.measure(Secret(text), ()), _RUST_METER.measure(Secret(text), ())


def _judged(kinds: Mapping[str, Iterable[str]]) -> Iterator[str]:
    yield row("", "password", "zxcvbn alone", "`ZxcvbnMeter`", "`RustMeter`")
    yield row(*["---"] * 5)
    for kind, texts in kinds.items():
        for place, text in enumerate(texts):
            yield row("" if place else kind, _code(text), _of_zxcvbn(text), *_verdicts(text))
    every = [text for texts in kinds.values() for text in texts]
    columns = zip(*((_of_zxcvbn(text), *_verdicts(text)) for text in every), strict=True)
    yield row("together", len(every), *map(_counted, columns))


def _counted(verdicts: Iterable[Strength]) -> str:
    counts = Counter(verdicts)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Strength if counts[verdict])


def _pairs() -> Iterator[str]:
    yield row("French", "zxcvbn alone", "`ZxcvbnMeter`", "English", "zxcvbn alone", "`ZxcvbnMeter`")
    yield row(*["---"] * 6)
    for pair in zip(FRENCH_PAIRS, ENGLISH_PAIRS, strict=True):
        yield row(*(cell for text in pair for cell in (_code(text), _of_zxcvbn(text), _verdicts(text)[0])))


def _agreement() -> Iterator[str]:
    counts = Counter(map(_verdicts, drawn()))
    yield row("of 1 000", *(f"`RustMeter`: {verdict}" for verdict in Strength))
    yield row(*["---"] * 4)
    for ours in Strength:
        yield row(f"`ZxcvbnMeter`: {ours}", *(counts[ours, ports] for ports in Strength))


def _differences() -> Iterator[str]:
    yield row("password", "`ZxcvbnMeter`", "`RustMeter`")
    yield row(*["---"] * 3)
    differing = (text for text in drawn() if len(set(_verdicts(text))) > 1)
    for text in islice(differing, _EXAMPLES):
        yield row(_code(text), *_verdicts(text))


@cache
def drawn() -> tuple[str, ...]:
    """Passwords of one to four pieces each, as people put them together, the same ones every time."""
    chance = Random(_SEED)
    lists = files("msa_recovery.adapters") / "french"
    french = {
        name: (lists / f"{name}.txt").read_text("utf-8").splitlines() for name in ("words", "first_names", "places")
    }
    english = [word for ranked in zxcvbn_lists().values() for word in ranked if len(word) > 3]
    pieces = (
        *(french["words"][:3_000], french["words"], french["first_names"], french["places"], english),
        [str(year) for year in range(1940, 2027)],
        [f"{number:02}" for number in range(100)],
        ["-", ".", "!", "_", " ", "?", "&", "*"],
        ["".join(walk) for walk in product(("aze", "qsd", "wxc", "éà("), ("rty", "fgh", "vbn", "123"))],
        [
            "".join(chance.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%*+", k=4))
            for _ in range(99)
        ],
    )
    texts: dict[str, None] = {}
    while len(texts) < MADE_UP:
        chosen = [chance.choice(chance.choice(pieces)) for _ in range(chance.randint(1, 4))]
        if chance.random() < 1 / 3:
            chosen[0] = chosen[0].capitalize()
        texts["".join(chosen)] = None
    return tuple(texts)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
