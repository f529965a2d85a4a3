"""The web host beside the resets that Django has, on stores of equal durability, hashing aside.

What differs: a recovery of ours is longer than theirs. It asks for an identifier, a channel, a code, a temporary
password, a new password and the contact details, counts each guess before it is compared, and keeps an audit; theirs
asks for an address, a code or a link, and a new password. Theirs sends its mail into memory within the request; ours
commits it to an outbox. Both keep their sessions or journeys in SQLite, WAL and FULL, in a file that has been in use.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from time import perf_counter

from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.sqlite_store import SqliteStore

from .django_site import DjangoSite, Visitor
from .host import Host
from .journeys import called, grown
from .pages import STEPS, walked
from .report import Line, pairwise

__all__ = ["lines"]

_ROUNDS = 8
_RESETS = 6
_USER = "marie@example.org"


def lines() -> Iterator[Line]:
    """Measure them in turns."""
    meter, keys = ZxcvbnMeter(), Keys.generate()
    meter.prepare()
    ours: list[float] = []
    whole: list[float] = []
    posts: dict[str, list[float]] = {"django-allauth": [], "Django": []}
    resets: dict[str, list[float]] = {"django-allauth": [], "Django": []}
    with TemporaryDirectory() as text:
        folder = Path(text)
        theirs, mine = folder / "django.sqlite", folder / "journeys.sqlite"
        site, store = DjangoSite(theirs, _USER), SqliteStore(mine)
        store.open_intents(1)  # So that the tables are there.
        host = Host(store, meter, keys)
        ways = {"django-allauth": site.by_code, "Django": site.by_link}
        grown(mine, lambda: called(host))
        grown(theirs, lambda: _reset(site, site.by_code))
        for number in range(_ROUNDS):
            _, waits = asyncio.run(walked(1, folder / f"pages-{number}.sqlite"))
            ours.append(fmean(each for step in STEPS[1:] for each in waits[step]) * 1_000)
            whole.append(called(host))
            for name, way in ways.items():
                post, reset = _reset(site, way)
                posts[name].append(post)
                resets[name].append(reset)
        store.close()
    what = "one form post and the page it leads to, SQLite FULL, hashing aside"
    yield Line.median_of(f"{what}: ours", ours, "ms")
    yield Line.median_of(f"{what}: django-allauth", posts["django-allauth"], "ms")
    yield Line.median_of(f"{what}: allauth / ours", pairwise(posts["django-allauth"], ours), "times", least=2)
    yield Line.median_of(f"{what}: Django / ours", pairwise(posts["Django"], ours), "times")
    what = "a whole recovery, SQLite FULL, hashing aside"
    yield Line.median_of(f"{what}: Recovery", whole, "ms")
    yield Line.median_of(f"{what}: allauth's reset / ours", pairwise(resets["django-allauth"], whole), "times", least=3)
    yield Line.median_of(f"{what}: Django's reset / ours", pairwise(resets["Django"], whole), "times")


def _reset(site: DjangoSite, way: Callable[[Visitor, str], None]) -> tuple[float, float]:
    """Milliseconds of a form, on average, and of a whole reset."""
    steps: list[float] = []
    start = perf_counter()
    for number in range(_RESETS):
        visitor = Visitor(site.application, perf_counter)
        way(visitor, f"Brouette-{number}-bleue")
        steps += visitor.steps
    return fmean(steps) * 1_000, (perf_counter() - start) * 1_000 / _RESETS
