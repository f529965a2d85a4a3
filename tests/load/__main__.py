"""``make load``: a minute of it, on a server of its own."""

import argparse
import sys

from .cluster import cluster
from .loading import Size, loaded


def main() -> int:
    """Load it, and print what came of it."""
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--hosts", type=int, default=8)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between two faults, 0 for none")
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--bug", default="")
    asked = vars(parser.parse_args())
    bug = asked.pop("bug")
    with cluster() as server:
        came = loaded(server, Size(**asked), bug)
    print(came)
    return 1 if came.violations else 0


if __name__ == "__main__":
    sys.exit(main())
