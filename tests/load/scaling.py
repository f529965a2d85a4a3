"""``make scaling``: how many events a second 1, 2, 4 and 8 hosts answer that share one PostgreSQL, when nobody dies.

The people, the hosts, the relays and the server share this machine: it says from when on more hosts are of no use.
"""

import os
import sys
from typing import Final

from .cluster import cluster
from .loading import Size, loaded

_HOSTS: Final = (1, 2, 4, 8)


def main() -> int:
    """Load each number of hosts for a quarter of a minute."""
    wrong = 0
    for hosts in _HOSTS:
        with cluster() as server:
            came = loaded(server, Size(hosts=hosts, workers=2, people=200, seconds=15, pause=0, restarts=0))
        wrong += len(came.violations)
        load, cores = os.getloadavg()[0], os.cpu_count()
        print(
            f"hosts {hosts}: {came.throughput:.0f} events/s, {came.log_of_each:.1f} kB of WAL"
            f" an event, {came.again} calls made again, violations {len(came.violations)}"
            f" ({cores} cores, load {load:.0f})",
            flush=True,
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
