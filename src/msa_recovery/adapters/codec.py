"""Journeys and ledgers as text for a store, and back: a snapshot says of which version its form is.

An older snapshot is lifted, one version after the other, when it is read; a newer one, written by a newer release of
the library, is refused. Secrets are in it only as digests or sealed.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar, final

from attrs import field, frozen

from msa_recovery.application.caller import Language
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Answered
from msa_recovery.domain.account import Profile, Way
from msa_recovery.domain.journey import Code, Edit, Journey
from msa_recovery.domain.ledger import CodeSlot, Ledger, Mark, Sent, SignInTries, TemporaryPassword
from msa_recovery.domain.problem import Problem

from .codec_hooks import converter_for

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
    """A snapshot that this release cannot read: damaged, or written by a newer release."""

    def __init__(self, why: str) -> None:
        super().__init__("store", why)


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


# What is inside of another one comes before it.
_CLASSES: Final = (
    *(Way, Profile, Code, Edit, Journey),
    *(Problem, Answered, JourneySnapshot),
    *(Mark, Sent, CodeSlot, SignInTries, TemporaryPassword, Ledger),
)


@final
@frozen
class _Form(Generic[_T]):
    """How values of one class are written and read."""

    write: Callable[[_T], dict[str, Any]]
    read: Callable[[dict[str, Any], type[_T]], _T]


@final
@frozen
class _Forms:
    """What a codec works with, made once."""

    encode: Callable[[object], str]
    journey: _Form[JourneySnapshot]
    ledger: _Form[Ledger]


def _forms() -> _Forms:
    from json import JSONEncoder

    converter = converter_for(_CLASSES)

    def form(of: type[_T]) -> _Form[_T]:
        return _Form(converter.get_unstructure_hook(of), converter.get_structure_hook(of))

    # What was made of frozen values holds no circle that would have to be looked for.
    encoder = JSONEncoder(separators=(",", ":"), check_circular=False)
    return _Forms(encoder.encode, form(JourneySnapshot), form(Ledger))


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
    _forms: _Forms = field(factory=_forms, init=False, repr=False)

    def journey_text(self, snapshot: JourneySnapshot) -> str:
        """A journey as text."""
        return self._text(self._forms.journey.write(snapshot))

    def ledger_text(self, ledger: Ledger) -> str:
        """A ledger as text."""
        return self._text(self._forms.ledger.write(ledger))

    def journey(self, text: str) -> JourneySnapshot:
        """The journey that a text holds.

        Raises:
            SnapshotRefused: it is damaged, or of a newer release.
        """
        return self._read(text, JourneySnapshot, self._forms.journey, self.journey_lifts)

    def ledger(self, text: str) -> Ledger:
        """The ledger that a text holds.

        Raises:
            SnapshotRefused: it is damaged, or of a newer release.
        """
        return self._read(text, Ledger, self._forms.ledger, self.ledger_lifts)

    def _text(self, data: dict[str, Any]) -> str:
        return self._forms.encode({_VERSION: self.version, **data})

    def _read(self, text: str, wanted: type[_T], form: _Form[_T], lifts: Lifts) -> _T:
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
            return form.read(data, wanted)
        except SnapshotRefused:
            raise
        # Whatever is wrong with it, and never what stands in it.
        except Exception as error:  # noqa: BLE001
            raise SnapshotRefused(f"a {wanted.__name__} is damaged ({type(error).__name__})") from None
