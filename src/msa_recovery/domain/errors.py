"""The root of every exception of this library, and the faults that are found before any journey runs."""

from typing import TypeVar

__all__ = ["CallerError", "ChartError", "NotText", "PolicyError", "RecoveryError", "checked"]

_T = TypeVar("_T")


class RecoveryError(Exception):
    """Everything that this library raises on purpose. Its subclasses say whose fault it is."""


class CallerError(RecoveryError):
    """The host asked for something that cannot be: its fault, nothing was changed, the same call fails again."""


class NotText(CallerError, TypeError):
    """A field that a person fills was given something else than a ``str`` (R35).

    Attributes:
        field: the name of the field.
    """

    def __init__(self, field: str, given: object) -> None:
        super().__init__(f"{field}: a str, not {type(given).__name__}")
        self.field = field


def checked(value: object, wanted: type[_T], name: str) -> _T:
    """What a host gave, if it is what it should be. Its value is never shown: it may be a secret.

    Raises:
        CallerError: it is something else.
    """
    if not isinstance(value, wanted):
        given = f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
        article = "an" if wanted.__name__.startswith(tuple("AEIOU")) else "a"
        raise CallerError(f"{name}: {article} {wanted.__name__}, not {given}")
    return value


class PolicyError(RecoveryError, ValueError):
    """A policy has a value that cannot be meant: the host's fault, found when the policy is made.

    Attributes:
        field: the name of the policy's field.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"policy field {field!r}: {why}")
        self.field = field


class ChartError(RecoveryError):
    """A chart is not one that can be trusted: its author's fault, found when the chart is compiled, at import."""
