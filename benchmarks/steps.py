"""One pure step beside its peers: the same chart, guards, effects and situations on every side.

Each side is given a case, an event and a context, and must return the very :class:`Step` that the product returns; this
is checked for every row before anything is timed. A peer is told which row fires, for it cannot say; the product finds
out. Whatever brings a peer back to the state that the next event starts from is outside the timed part.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from time import perf_counter_ns
from typing import Final, Protocol

from msa_recovery.domain.machine import step

from .by_hand import ByHand
from .peers import Peer, StatemachinePeer, TransitionsPeer
from .report import Line, pairwise
