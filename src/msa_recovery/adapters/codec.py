"""Journeys and ledgers as text for a store, and back: a snapshot says of which version its form is.

An older snapshot is lifted, one version after the other, when it is read; a newer one, written by a newer release of
the library, is refused. Secrets are in it only as digests or sealed.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar, final

from attrs import field, frozen
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn
from cattrs.preconf.json import JsonConverter, make_converter

from msa_recovery.application.caller import Language
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Answered
from msa_recovery.domain.account import Profile, Way
from msa_recovery.domain.journey import Code, Edit, Journey
from msa_recovery.domain.ledger import CodeSlot, Ledger, Mark, Sent, SignInTries, TemporaryPassword
from msa_recovery.domain.problem import Problem

__all__ = ["SNAPSHOT_VERSION", "Codec", "JourneySnapshot", "Lifts", "SnapshotRefused"]

SNAPSHOT_VERSION: Final = 1
"""The form that this release writes."""

_VERSION: Final = "snapshot"

Lifts = Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]
"""For each earlier version, what makes a snapshot of it one of the next version."""

_NO_LIFTS: Final[Lifts] = MappingProxyType({})

_T = TypeVar("_T")


@final
class SnapshotRefused(InfrastructureError):
    """A snapshot that this release cannot read: damaged, or written by a newer release.

    Attributes:
        why: which of the two, and what to do.
    """

    def __init__(self, why: str) -> None:
        super().__init__("store", why)
        self.why = why


@final
@frozen
class JourneySnapshot:
    """What a journey's row holds beside its columns.

    Attributes:
        journey: the domain's value.
        language: what the person reads.
        answered: the requests answered last.
    """

    journey: Journey
    language: Language
    answered: tuple[Answered, ...] = ()


def _converter() -> JsonConverter:
    converter = make_converter(detailed_validation=False)
    # What is inside of another one comes before it.
    for each in (Way, Profile, Code, Edit, Journey, Problem, Answered, JourneySnapshot, Mark, Sent, CodeSlot,
                 SignInTries, TemporaryPassword, Ledger):  # fmt: skip
        unstructure = make_dict_unstructure_fn(each, converter, _cattrs_omit_if_default=True)
        structure = make_dict_structure_fn(
            each, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False
        )
        converter.register_unstructure_hook(each, unstructure)
        converter.register_structure_hook(each, structure)
    return converter


@final
@frozen(eq=False)
class Codec:
    """Writes and reads snapshots; threads may share one.

    Attributes:
        version: the form that is written.
        journey_lifts: how older journeys are lifted to it.
        ledger_lifts: how older ledgers are.
    """

    version: int = SNAPSHOT_VERSION
    journey_lifts: Lifts = _NO_LIFTS
    ledger_lifts: Lifts = _NO_LIFTS
    _converter: JsonConverter = field(factory=_converter, init=False, repr=False)

    def journey_text(self, snapshot: JourneySnapshot) -> str:
        """A journey as text."""
        return self._text(snapshot)

    def ledger_text(self, ledger: Ledger) -> str:
        """A ledger as text."""
        return self._text(ledger)

    def journey(self, text: str) -> JourneySnapshot:
        """The journey that a text holds.

        Raises:
            SnapshotRefused: it is damaged, or of a newer release.
        """
        return self._read(text, JourneySnapshot, self.journey_lifts)

    def ledger(self, text: str) -> Ledger:
        """The ledger that a text holds.

        Raises:
            SnapshotRefused: it is damaged, or of a newer release.
        """
        return self._read(text, Ledger, self.ledger_lifts)

    def _text(self, value: object) -> str:
        import json

        return json.dumps({_VERSION: self.version, **self._converter.unstructure(value)}, separators=(",", ":"))

    def _read(self, text: str, wanted: type[_T], lifts: Lifts) -> _T:
        import json

        try:
            data: dict[str, Any] = json.loads(text)
            version: int = data.pop(_VERSION)
            if version > self.version:
                raise SnapshotRefused(
                    f"a {wanted.__name__} of snapshot version {version} was written by a newer release: this one reads "
                    f"versions up to {self.version}; upgrade msa-recovery on this host"
                )
            for older in range(version, self.version):
                data = lifts[older](data)
            return self._converter.structure(data, wanted)
        except SnapshotRefused:
            raise
        # Whatever is wrong with it, and never what stands in it.
        except Exception as error:  # noqa: BLE001
            raise SnapshotRefused(f"a {wanted.__name__} is damaged ({type(error).__name__})") from None
