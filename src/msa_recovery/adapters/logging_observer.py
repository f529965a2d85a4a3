"""Facts go to the log of the host, through the standard ``logging``."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, final

from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import FactName

__all__ = ["LoggingObserver"]

_LEVELS: Final[Mapping[FactName, int]] = MappingProxyType(
    {
        FactName.SIGN_IN_ALARM: logging.WARNING,
        FactName.SPRAY_ALARM: logging.WARNING,
        FactName.INTENT_REFUSED: logging.WARNING,
        FactName.MESSAGE_FAILED: logging.WARNING,
        FactName.MESSAGE_LOST: logging.WARNING,
    }
)
"""What somebody should look at; everything else is information."""


@final
class LoggingObserver:
    """Logs each fact in one line, with the same as fields of the record (``extra``) for a structured handler:
    ``fact``, ``row``, ``reason``, ``account`` (a pseudonym), ``journey`` and ``at``, each after ``recovery_``.

    None of them is anything that a person typed: names, rows and reasons are the library's own words, and a pseudonym
    and a journey's name are letters and digits. So no line can be forged, and none has an identifier or a secret.

    Args:
        logger: where to; the logger ``msa_recovery.audit`` if nothing is said.
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        self._logger = logger or logging.getLogger("msa_recovery.audit")

    def observe(self, row: AuditRow) -> None:
        fact = row.fact
        fields = {
            "fact": fact.name.value,
            "row": fact.row,
            "reason": "" if fact.reason is None else fact.reason.value,
            "account": row.account,
            "journey": row.journey,
            "at": row.at.isoformat(),
        }
        said = " ".join(f"{name}={_plain(value)}" for name, value in fields.items() if value)
        extra = {f"recovery_{name}": _plain(value) for name, value in fields.items()}
        self._logger.log(_LEVELS.get(fact.name, logging.INFO), "%s", said, extra=extra)


def _plain(value: str) -> str:
    """The text without anything that ends a line or a field, should a store ever hold such a thing."""
    return "".join(each if each.isprintable() and each != " " else "?" for each in value)
