"""Print every figure: ``python -m benchmarks``."""

from . import commits, exploring, imports, journeys, pages, relaying, resets, restoring, steps, strength
from .report import header


def main() -> None:
    """Measure one thing after the other."""
    print(header(), flush=True)
    for lines in (
        steps.lines,
        restoring.lines,
        commits.lines,
        commits.postgres_lines,
        imports.lines,
        strength.lines,
        journeys.lines,
        relaying.lines,
        exploring.lines,
        pages.lines,
        resets.lines,
    ):
        for line in lines():
            print(line, flush=True)


if __name__ == "__main__":
    main()
