"""Many machines, many people, and faults: the short form of ``make load`` (R3, R5, R16, R40).

Hosts and relays are killed, connections are cut and the server is restarted while people recover their passwords.
After it every journey has a legal history that leads to its stored state, every promised message arrived, and no guess
was compared beyond its caps or without being counted.
"""

from collections.abc import Iterator

import pytest
from attrs import evolve

from .cluster import Cluster, cluster
from .loading import Size, loaded
from .planted import BUGS

SIZE = Size(hosts=3, workers=2, people=80, seconds=8, pause=0.7, restarts=1)

# Many more die, and the server does not: while it is down nothing can go wrong.
DEADLY = evolve(SIZE, pause=0.4, restarts=0)

FOUND = {
    "versions are not compared": {"audit", "cap", "count", "history"},
    "messages are promised in a statement of their own": {"message"},
    "a message has another key at every try": {"key"},
}
"""By bug: the checks of which one finds it."""


@pytest.fixture
def server() -> Iterator[Cluster]:
    with cluster() as server:
        yield server


def test_many_machines_keep_every_promise_while_they_die(server: Cluster) -> None:
    came = loaded(server, SIZE)
    assert () == came.violations
    assert min(came.kills, came.cut, came.restarts, came.messages, came.ended["completed"]) > 0


def test_every_bug_is_looked_for() -> None:
    assert BUGS.keys() == FOUND.keys()


# Half a minute each.
@pytest.mark.long
@pytest.mark.parametrize("bug", FOUND)
def test_a_planted_bug_is_found(bug: str, server: Cluster) -> None:
    came = loaded(server, DEADLY, bug)
    assert FOUND[bug] & {each.check for each in came.violations}
