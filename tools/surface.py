"""What is public: every name that a host may import, module by module, and the page of the reference that describes it.

A module stands here with what its ``__all__`` lists, or with those names of it that a host may use. The pages are made
from it by ``python -m tools.reference``; tests hold README, docs and examples to it, and each name to its docstring.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType, MappingProxyType
from typing import Any, Final, final

from attrs import frozen

from msa_recovery import contrib

__all__ = [
    "OPAQUE",
    "OVERRIDDEN",
    "PUBLIC",
    "SECTIONS",
    "Section",
    "members_of",
    "public",
    "public_names",
    "public_values",
]

_LIBRARY: Final = "msa_recovery"


@final
@frozen
class Section:
    """Modules that belong together.

    Attributes:
        page: of ``docs/reference``, that describes them.
        title: its heading there; empty where a page is written by hand.
        lead: what stands under the heading.
        modules: without the library's own name; each with its public names, none for all of ``__all__``.
    """

    page: str
    title: str
    lead: str
    modules: tuple[tuple[str, tuple[str, ...]], ...]


_OF_CONTRIB: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"schedule": ("Schedule",)})
"""What a host may use of the modules that list more, for each other."""

SECTIONS: Final = (
    Section("api.md", "", "", (("", ()),)),
    Section("ports.md", "", "", (("application.ports", ()), ("application.async_ports", ()))),
    # -- values
    Section(
        "values.md",
        "An account",
        "What an `AccountDirectory` makes.",
        (
            (
                "domain.account",
                ("Account", "AccountType", "Contact", "ContactId", "IdentifierKind", "Pseudonym", "VerifiedIdentity"),
            ),
            ("domain.identifiers", ()),
            ("domain.contacts", ("ContactKind", "EmailAddress", "PhoneNumber", "parse_contact")),
            ("domain.challenge", ("Amount", "ChallengeKind", "Proof", "VitaleSerial")),
            ("domain.helpdesk", ("ASSISTANCE_INTERNET", "Opening")),
            ("application.intents", ()),
        ),
    ),
    Section(
        "values.md",
        "A message",
        "What a `Messenger` takes, and what it answers.",
        (
            ("application.messages", ("Delivered", "Delivery", "Message", "MessageKind", "Rejected", "TryLater")),
            ("application.records", ("MessageId",)),
        ),
    ),
    Section(
        "values.md",
        "A fact",
        "What an `Observer` is told; what each fact means is in [the audit](../audit.md).",
        (("domain.audit", ("Fact", "FactName")),),
    ),
    Section(
        "values.md",
        "What a store keeps",
        "The rows that a `Store` writes and finds again. A `Journey` and a `Ledger` are carried whole, as `Codec` "
        "writes them: what they hold is the chart's own, and may change as the chart does.",
        (
            (
                "application.records",
                (
                    "Answered",
                    "Change",
                    "HandleHash",
                    "IntentRow",
                    "KeyUse",
                    "OutboxRow",
                    "OutboxState",
                    "Place",
                    "StoredJourney",
                    "StoredLedger",
                    "Traces",
                ),
            ),
            ("application.facts", ()),
            ("domain.journey", ("ChartName", "Journey", "JourneyId")),
            ("domain.ledger", ("Ledger",)),
            ("adapters.codec", ("Codec", "JourneySnapshot", "SnapshotRefused")),
        ),
    ),
    Section(
        "values.md",
        "In an answer",
        "Parts of a `View`, and what the calls of an operator return.",
        (
            ("domain.view", ("Choice", "ContactDetail")),
            ("application.relay", ("Relayed",)),
            ("application.rotation", ("Resealed",)),
            ("application.tokens", ("Tokens",)),
            ("application.errors", ("AuditBroken", "KeysMissing", "WrongAnswer")),
            ("domain.errors", ("NotText",)),
        ),
    ),
    Section(
        "values.md",
        "A policy",
        "What a `Policy` holds beside numbers, and what its `assess` says.",
        (
            ("domain.policy", ("DecoyWeights",)),
            ("domain.risk", ("CAMPAIGNS", "SPANS", "Assessment", "Odds")),
            ("domain.deviation", ("Demand", "Deviation", "Setting", "Standard")),
        ),
    ),
    # -- adapters
    Section(
        "adapters.md",
        "Keys",
        "How to make, keep and change them: [keys](../operating.md).",
        (("adapters.keyring", ()), ("adapters.vault", ())),
    ),
    Section(
        "adapters.md",
        "Accounts",
        "Directories that keep the accounts themselves, for a host that has none yet and for tests.",
        (
            ("adapters.memory_directory", ()),
            ("adapters.sqlite_directory", ()),
            ("adapters.held_account", ("HeldAccount", "Pivot")),
            ("adapters.password_hashing", ()),
        ),
    ),
    Section(
        "adapters.md",
        "Stores",
        "`compose` takes a path or a URL as well, and opens the store itself.",
        (
            ("adapters.sqlite_store", ()),
            ("adapters.postgres_store", ()),
            ("adapters.postgres_async_store", ()),
            ("adapters.memory_store", ()),
        ),
    ),
    Section(
        "adapters.md",
        "Messengers",
        "How to plug them in: [messages](../messages.md).",
        (
            ("adapters.smtp", ("Encryption", "SmtpMessenger", "SmtpServer")),
            ("adapters.sms_gateway", ()),
            ("adapters.sms_shape", ("Encoding", "Place", "Said", "SmsGateway")),
            ("adapters.sms_receipts", ()),
            ("adapters.letter_spool", ()),
            ("adapters.console", ()),
            ("adapters.recording", ()),
            ("adapters.sqlite_inbox", ()),
        ),
    ),
    Section(
        "adapters.md",
        "Observers",
        "What to watch for: [alarms](../how-to/alarms.md).",
        (
            ("adapters.logging_observer", ()),
            ("adapters.otel_observer", ()),
            ("adapters.spray_alarm", ()),
            ("adapters.relay_progress", ()),
        ),
    ),
    Section(
        "adapters.md",
        "Clocks, meters, chance",
        "`compose` picks these where a host says nothing.",
        (
            ("adapters.clocks", ()),
            ("adapters.meter", ("ZxcvbnMeter",)),
            ("adapters.rust_meter", ()),
            ("adapters.secrets_source", ()),
        ),
    ),
    Section(
        "adapters.md",
        "FranceConnect",
        "The extra `franceconnect`; how to use it: [FranceConnect](../franceconnect.md).",
        (("adapters.franceconnect", ()),),
    ),
    # -- for hosts
    Section("glue.md", "The pages", "The extra `web`; how to mount them: [the pages](../web.md).", (("web", ()),)),
    Section(
        "glue.md",
        "Glue for hosts",
        "What hosts need that draw their own screens or run their own workers; a module that needs an extra says so.",
        tuple((f"contrib.{found.name}", _OF_CONTRIB.get(found.name, ())) for found in iter_modules(contrib.__path__)),
    ),
    Section(
        "glue.md",
        "The words",
        "What a person reads; how to replace some of it: [messages](../messages.md) and [the pages](../web.md).",
        (("texts", ()),),
    ),
    Section("glue.md", "Sample accounts", "People who are made up, for a first look.", (("sample", ()),)),
    # -- testing
    Section(
        "testing.md",
        "Contracts",
        "A suite of tests for each port, to inherit from. Its test methods are not public: a version may add some.",
        (("testing.contracts", ()),),
    ),
    Section("testing.md", "Whole recoveries", "", (("testing.machine", ()),)),
    Section("testing.md", "Strategies", "What Hypothesis draws.", (("testing.strategies", ()),)),
    Section(
        "testing.md",
        "Stand-ins",
        "",
        (("testing.fakes", ()), ("testing.people", ()), ("testing.async_ports", ())),
    ),
    Section(
        "testing.md",
        "Lines",
        "Between the library and a port: somebody who listens, or a line that fails.",
        (("testing.tapped", ()), ("testing.lines", ())),
    ),
)
"""All of it, in the order of the pages."""


OPAQUE: Final = frozenset({"Journey", "Ledger"})
"""Values that a host carries and does not look into: what they hold is not public."""

OVERRIDDEN: Final = MappingProxyType(
    {
        "AccountDirectoryContract": ("directory", "known", "revocations"),
        "ClockContract": ("clock",),
        "MessengerContract": ("messenger", "broken", "received", "messages"),
        "ObserverContract": ("observer",),
        "PortContract": ("call",),
        "RecoveryMachine": ("make_store", "make_directory", "make_messengers", "everything_stored"),
        "SecretsContract": ("secrets",),
        "StoreContract": ("store", "audit"),
        "StrengthMeterContract": ("meter",),
        "VaultContract": ("vault", "other"),
    }
)
"""What a host overrides or calls of a suite; its tests are told by the docstrings of the port."""


def _named(module: str) -> str:
    return f"{_LIBRARY}.{module}" if module else _LIBRARY


def public_names(section: Section) -> dict[str, tuple[str, ...]]:
    """The names of a section, by the whole names of its modules, sorted as they stand there."""
    return {_named(module): names or tuple(import_module(_named(module)).__all__) for module, names in section.modules}


def _public() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for section in SECTIONS:
        for module, names in public_names(section).items():
            found[module] = (*found.get(module, ()), *names)
    return found


PUBLIC: Final = MappingProxyType(_public())
"""The public names of each public module."""


def public(module: str, name: str) -> bool:
    """Whether a host may write ``from module import name``; a module that has public names is one itself."""
    return name in PUBLIC.get(module, ()) or f"{module}.{name}" in PUBLIC


def public_values() -> dict[str, Any]:
    """Every public thing by its whole name."""
    return {
        f"{module}.{name}": getattr(import_module(module), name) for module, names in PUBLIC.items() for name in names
    }


def members_of(value: type) -> tuple[str, ...]:
    """The public methods and properties of a public class: its own, and of a suite what a host calls or overrides."""
    if value.__qualname__ in OPAQUE:
        return ()
    if value.__qualname__ in OVERRIDDEN:
        return OVERRIDDEN[value.__qualname__]
    kinds = (FunctionType, classmethod, staticmethod, property, cached_property)
    return tuple(name for name, each in vars(value).items() if isinstance(each, kinds) and not name.startswith("_"))
