"""The root of every exception of this library, and the faults that are found before any journey runs."""

__all__ = ["CallerError", "ChartError", "NotText", "PolicyError", "RecoveryError"]


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
