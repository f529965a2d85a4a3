"""Journeys and ledgers as text for a store, and back: a snapshot says of which version its form is.

An older snapshot is lifted, one version after the other, when it is read; a newer one, written by a newer release of
the library, is refused. Secrets are in it only as digests or sealed.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar, final

from attrs import Factory, field, frozen
from msgspec import convert, json
from msgspec.json import Decoder, Encoder

from msa_recovery.application.caller import Language
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Answered
from msa_recovery.domain.journey import Journey
from msa_recovery.domain.ledger import Ledger

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


_ENCODER: Final = Encoder()
_JOURNEYS: Final = Decoder(JourneySnapshot)
_LEDGERS: Final = Decoder(Ledger)


def _head_of(codec: "Codec") -> str:
    return f'{{"{_VERSION}":{codec.version},'


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
    _head: str = field(init=False, repr=False, default=Factory(_head_of, takes_self=True))

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
        return self._read(text, _JOURNEYS, self.journey_lifts)

    def ledger(self, text: str) -> Ledger:
        """The ledger that a text holds.

        Raises:
            SnapshotRefused: it is damaged, or of a newer release.
        """
        return self._read(text, _LEDGERS, self.ledger_lifts)

    def _text(self, value: JourneySnapshot | Ledger) -> str:
        # Every field is written, so that there is something after the head.
        return self._head + _ENCODER.encode(value).decode()[1:]

    def _read(self, text: str, decoder: Decoder[_T], lifts: Lifts) -> _T:
        try:
            # What this very version wrote begins like this, and needs no second look.
            return decoder.decode(text) if text.startswith(self._head) else self._lifted(text, decoder.type, lifts)
        except SnapshotRefused:
            raise
        # Whatever is wrong with it, and never what stands in it.
        except Exception as error:  # noqa: BLE001
            raise SnapshotRefused(f"a {decoder.type.__name__} is damaged ({type(error).__name__})") from None

    def _lifted(self, text: str, wanted: type[_T], lifts: Lifts) -> _T:
        data: dict[str, Any] = json.decode(text)
        version: int = data.pop(_VERSION)
        if version > self.version:
            raise SnapshotRefused(
                f"a {wanted.__name__} of snapshot version {version} was written by a newer release: this one reads "
                f"versions up to {self.version}; upgrade msa-recovery on this host"
            )
        for older in range(version, self.version):
            data = lifts[older](data)
        return convert(data, wanted)
