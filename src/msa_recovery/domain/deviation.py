"""One point where the journey, under some policy, is not what a standard asks for."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Final, final

from attrs import frozen

from .policy import DAY, Policy

__all__ = ["TITLES", "Demand", "Deviation", "Rule", "Setting", "Standard", "found_by", "in_words"]


@final
class Standard(StrEnum):
    """Whose demands a policy is held against."""

    NIST = "nist"
    ASVS = "asvs"
    CNIL = "cnil"
    ANSSI = "anssi"


TITLES: Final = {
    Standard.NIST: "NIST SP 800-63-4",
    Standard.ASVS: "OWASP ASVS 5.0",
    Standard.CNIL: "CNIL, délibération 2022-100",
    Standard.ANSSI: "ANSSI-PG-078 v2.0",
}
"""What each standard is called."""


@final
class Demand(StrEnum):
    """How strongly a standard wants it."""

    MUST = "must"
    """A requirement (SHALL), of the level of ASVS that the clause names if it is not the second."""

    SHOULD = "should"
    """A recommendation."""

    HOST = "host"
    """A requirement on what belongs to the host: a policy cannot tell whether it is met."""


@final
@frozen
class Setting:
    """A field of the policy, and the nearest value that closes a deviation.

    Attributes:
        name: the field.
        value: what it would have to be; a length of time is a ``timedelta``.
    """

    name: str
    value: int | timedelta | bool

    def __str__(self) -> str:
        return f"{self.name} = {in_words(self.value) if isinstance(self.value, timedelta) else self.value}"


@final
@frozen(kw_only=True)
class Deviation:
    """What differs, why, and what would close it.

    Attributes:
        code: its stable name, part of the public interface: one is added, never renamed.
        standard: whose demand it is.
        clause: where the standard says so.
        demand: how strongly.
        has: what there is under this policy.
        wants: what the standard asks for.
        why: the reason: the source text, or a limit that makes up for it.
        settings: the fields that close it, all of them together; empty if no field does.
        remedy: what else closes it; empty if the settings do.
    """

    code: str
    standard: Standard
    clause: str
    demand: Demand
    has: str
    wants: str
    why: str
    settings: tuple[Setting, ...] = ()
    remedy: str = ""


def _always(_: Policy) -> bool:
    return True


@final
@frozen(kw_only=True)
class Rule:
    """One demand of a standard, as a policy is held against it.

    Attributes:
        code, standard, clause, demand, wants, why, remedy: as in :class:`Deviation`.
        has: says what there is under a policy.
        broken: whether a policy does not meet it; if nothing is said, none does.
        closing: the fields that would close it, with their values; those that have them already included.
    """

    code: str
    standard: Standard
    clause: str
    wants: str
    has: Callable[[Policy], str]
    why: str
    demand: Demand = Demand.MUST
    broken: Callable[[Policy], bool] = _always
    closing: Callable[[Policy], dict[str, int | timedelta | bool]] | None = None
    remedy: str = ""


def found_by(rule: Rule, policy: Policy) -> Deviation | None:
    """What a policy owes to one demand, or ``None`` if it meets it."""
    if not rule.broken(policy):
        return None
    closing = {} if rule.closing is None else rule.closing(policy)
    return Deviation(
        code=rule.code,
        standard=rule.standard,
        clause=rule.clause,
        demand=rule.demand,
        has=rule.has(policy),
        wants=rule.wants,
        why=rule.why,
        settings=tuple(Setting(name, value) for name, value in closing.items() if getattr(policy, name) != value),
        remedy=rule.remedy,
    )


def in_words(span: timedelta) -> str:
    """A length of time in its largest whole unit: ``30 min``, ``24 h``, ``21 days``."""
    for unit, name in ((DAY, "days"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if span > unit and not span % unit:
            return f"{span // unit} {name}"
    return f"{span.total_seconds():g} s"
