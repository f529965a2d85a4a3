"""Facts as they are kept: each is a link of a chain, and signed checkpoints stand over all of them.

A chain tells of one thing: a journey, a message, what happened at the door of an account, an alarm. Its head, the
number and the MAC of its last fact, stands in the row of that thing, so that hosts that serve different people never
wait for each other.
"""

from datetime import datetime
from typing import final

from attrs import field, frozen

from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.audit import Fact
from msa_recovery.domain.journey import JourneyId

__all__ = ["AccountHead", "AuditRow", "Checkpoint", "Ended", "Forgotten", "Head", "Idle", "KeptFact"]


@final
@frozen
class Head:
    """Where a chain ends.

    Attributes:
        count: how many facts it has.
        mac: of the last one; empty before the first.
    """

    count: int = 0
    mac: bytes = field(default=b"", repr=False)


@final
@frozen
class AuditRow:
    """One fact, with when and of whom. It is what observers are told, too.

    Attributes:
        at: when (aware, UTC).
        account: by pseudonym; empty before an identifier was given, and for what concerns no single account.
        journey: in which journey; empty for a sign-in at the door that was not right.
        fact: what.
        chain: which chain it is a link of, such as ``journey:<id>``.
        number: its place there, from 1.
        mac: the keyed digest over all of this and over the MAC before it.
    """

    at: datetime
    account: str
    journey: str
    fact: Fact
    chain: str = ""
    number: int = 0
    mac: bytes = field(default=b"", repr=False)


@final
@frozen
class KeptFact:
    """A fact as it stands in a store, whoever wrote it: nothing of it is trusted before its MAC is.

    Attributes:
        sequence: its place among all facts; a later commit has a higher one.
        at: microseconds since 1970, UTC.
        account: see :class:`AuditRow`, also for what follows.
        journey: in which journey.
        name: what kind of fact.
        row: which row of the chart fired.
        reason: the code of the problem.
        chain: which chain.
        number: its place there.
        mac: as it was kept.
    """

    sequence: int
    at: int
    account: str
    journey: str
    name: str
    row: str
    reason: str | None
    chain: str
    number: int
    mac: bytes = field(repr=False)


@final
@frozen
class AccountHead:
    """The head of an account's chain, which stands beside its ledger.

    Attributes:
        account: whose.
        head: from now on.
        before: the count that was read; the store compares it. The ledger's version has no part in it, so that what
            anybody does at the door disturbs no journey.
    """

    account: Pseudonym
    head: Head
    before: int


@final
@frozen
class Ended:
    """A journey that may be deleted.

    Attributes:
        journey: its name.
        head: of its chain.
        version: the version that was read; the store compares it.
    """

    journey: JourneyId
    head: Head
    version: int


@final
@frozen
class Idle:
    """A ledger in which nothing can matter any more.

    Attributes:
        account: whose.
        version: the version that was read; the store compares it.
    """

    account: Pseudonym
    version: int


@final
@frozen
class Forgotten:
    """An account of which nothing is kept from now on.

    Attributes:
        account: whose.
        version: the version of its ledger that was read; the store compares it.
        facts: how many its chain has, as they were read; compared as well.
        chain: what the chain is called from now on, so that the pseudonym does not stand in its name.
    """

    account: Pseudonym
    version: int
    facts: int
    chain: str


@final
@frozen
class Checkpoint:
    """What a host signed over all facts up to one: none of them can be changed, moved or taken away any more.

    Attributes:
        number: its place among them, from 1.
        at: when it was signed (aware, UTC).
        through: its place, of the last fact that it covers.
        facts: how many it covers, from the very first one.
        digest: over all of these, one after the other.
        before: the MAC of the checkpoint before; empty for the first.
        mac: the keyed digest over all of this.
    """

    number: int
    at: datetime
    through: int
    facts: int
    digest: bytes = field(repr=False)
    before: bytes = field(repr=False)
    mac: bytes = field(repr=False)
