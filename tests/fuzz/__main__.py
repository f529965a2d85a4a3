"""The long form, run by hand (``make fuzz``): each entry point gets so many seconds, and is reported in one line."""

import sys
import time
import traceback

from .entries import ENTRIES, Entry
from .fuzzing import fuzz

_AT_A_TIME = 500


def main(seconds: float) -> int:
    """Fuzz everything; 1 if something came of it that must not be."""
    return max(_fuzzed(entry, seconds) for entry in ENTRIES)


def _fuzzed(entry: Entry, seconds: float) -> int:
    until, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        try:
            fuzz(entry, _AT_A_TIME, seed=time.monotonic_ns())
        except Exception:  # noqa: BLE001 - whatever it is, the others are still to be fuzzed
            print(f"WRONG  {entry.name}\n{traceback.format_exc()}", flush=True)  # noqa: T201
            return 1
        rounds += 1
    print(f"ok     {entry.name}: {rounds * _AT_A_TIME} thrown", flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
