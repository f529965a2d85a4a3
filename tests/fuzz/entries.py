"""Every public entry point, with what is thrown at it and what may come of it: a value, or an exception of the library.

A check raises whatever must not be; everything else is as it should be.
"""

import io
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, final
from unittest.mock import patch

from attrs import evolve, fields, frozen
from hypothesis import strategies as st

from msa_recovery.adapters.accounts_file import AccountsFileError, read_accounts
from msa_recovery.adapters.codec import Codec, JourneySnapshot, SnapshotRefused
from msa_recovery.adapters.keyring import KeyringError, Keys
from msa_recovery.application.caller import Caller, Language, Origin
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.messages import Message, MessageKind
from msa_recovery.application.ports import Purpose
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.cli import main
from msa_recovery.domain import events, inputs
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import parse_amount, parse_answer, parse_vitale_serial
from msa_recovery.domain.contacts import ContactKind, parse_contact
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import parse_identifier
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.temporary import has_form
from msa_recovery.sample import __file__ as sample
from msa_recovery.testing.fakes import PlainHasher
from msa_recovery.testing.people import NIR_OF_LEA, NIR_OF_MARIE, START
from msa_recovery.texts import message_text
from tests.support.house import HERE, KEYS, House

from .hostile import MADE_UP, anything, mutated, mutated_bytes, texts

__all__ = ["ENTRIES", "Entry"]


@final
@frozen
class Entry:
    """One way in.

    Attributes:
        name: what it is called in a report.
        thrown: what is thrown at it.
        check: throws it; raises what must not be.
    """

    name: str
    thrown: st.SearchStrategy[Any]
    check: Callable[[Any], None]


# -- text --------------------------------------------------------------------------------------------------------------


def _is_read(text: str) -> None:
    for kind in ContactKind:
        _is_kept_back(parse_contact(kind, text), text)
    for value in (parse_identifier(text), parse_amount(text), parse_vitale_serial(text), parse_answer(text, text)):
        _is_kept_back(value, text)
    assert has_form(text, 12) in (True, False)


def _is_kept_back(value: object, text: str) -> None:
    """What was typed shows in no ``repr`` (R54), but for the name of a field or of a kind."""
    assert value is not None
    assert len(text) < 6 or text.isidentifier() or text not in repr(value)


_FORMS: Final = (
    *(inputs.Identify, inputs.OrderLetter, inputs.AnswerChallenge, inputs.ChooseChannel, inputs.SubmitCode),
    *(inputs.SignIn, inputs.ProvePassword, inputs.ChoosePassword, inputs.EditContact),
)
_EVENTS: Final = (events.ResendCode(), events.ConfirmContacts(), events.GoBack(), events.Abandon(), events.Lapse())


@st.composite
def _forms(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> tuple[Any, list[Any]]:
    form: Any = draw(st.sampled_from(_FORMS))
    return form, [draw(values) for _ in fields(form)]


def _form_is_read(thrown: tuple[Any, list[Any]]) -> None:
    form, values = thrown
    if not all(isinstance(value, str) for value in values):
        try:
            form(*values)
        except CallerError:
            return
        raise AssertionError("what is no text was taken for text")
    typed = form(*values)
    for policy in (Policy.msa(), Policy.strict()):
        event = inputs.read(typed, policy)
        assert isinstance(event, Problem) or event.name is form.name


def _caller_is_judged(thrown: tuple[Any, Any, Any, Any]) -> None:
    with suppress(CallerError):
        Origin(thrown[0])
    with suppress(CallerError):
        Caller(origin=thrown[0], language=thrown[1], request_id=thrown[2], agent=thrown[3])


# -- the library -------------------------------------------------------------------------------------------------------


@cache
def _a_house() -> tuple[House, Reply]:
    house = House()
    return house, house.at_sign_in()


_METHODS: Final = {"begin": 1, "send": 3, "resume": 2, "sign_in": 3, "pending": 2, "begin_change": 2, "relay": 1}


@st.composite
def _calls(draw: st.DrawFn) -> tuple[str, list[Any]]:
    name = draw(st.sampled_from(sorted(_METHODS)))
    right: st.SearchStrategy[Any] = st.sampled_from((HERE, "handle", *_EVENTS, inputs.Identify(NIR_OF_MARIE)))
    return name, [draw(anything | right) for _ in range(_METHODS[name])]


def _call_is_answered(thrown: tuple[str, list[Any]]) -> None:
    house, reply = _a_house()
    name, arguments = thrown
    arguments = [reply.handle if type(each) is str and each == "handle" else each for each in arguments]
    with suppress(CallerError):
        answer = getattr(Recovery(house.ports), name)(*arguments)
        assert not isinstance(answer, Reply) or answer.account is None


@st.composite
def _visits(draw: st.DrawFn) -> list[Any]:
    """What somebody does who holds everything but what only Marie has."""
    near = st.sampled_from((NIR_OF_MARIE, NIR_OF_LEA, "sms", "email", "vitale_serial", "mobile", *MADE_UP))
    form = _forms(near | texts.filter(lambda text: len(text) < 10_000)).map(lambda pair: pair[0](*pair[1]))
    return draw(st.lists(form | st.sampled_from(_EVENTS) | st.sampled_from((1, 61, 1_900)), min_size=1, max_size=25))


def _visit_opens_nothing(thrown: list[Any]) -> None:
    house = House()
    reply = house.host.begin(HERE)
    for event in (inputs.Identify(NIR_OF_MARIE), inputs.ChooseChannel("sms"), *thrown):
        if isinstance(event, int):
            house.later(seconds=event)
            continue
        with suppress(CallerError):
            reply = house.send(reply, event)
        assert reply.account is None


# -- what is read from files -------------------------------------------------------------------------------------------


def _keys_are_read(text: str) -> None:
    with suppress(KeyringError):
        assert isinstance(Keys.from_text(text), Keys)


_SAMPLE: Final = Path(sample).with_name("accounts.toml").read_text(encoding="utf-8")
_HEAD, *_ACCOUNTS = _SAMPLE.split("[[account]]")


def _accounts_are_read(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.toml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with suppress(AccountsFileError):
            read_accounts(path, clock=House().clock, hasher=PlainHasher())


def _snapshots() -> tuple[str, ...]:
    house, reply = _a_house()
    stored = house.journey(reply)
    ledgers = house.store._ledgers.values()
    journey = JourneySnapshot(stored.journey, stored.language, stored.answered)
    return (Codec().journey_text(journey), *(Codec().ledger_text(stored.ledger) for stored in ledgers))


def _snapshot_is_read(text: str) -> None:
    for read, kind in ((Codec().journey, JourneySnapshot), (Codec().ledger, Ledger)):
        with suppress(SnapshotRefused):
            assert isinstance(read(text), kind)


def _sealed() -> bytes:
    return _a_house()[0].vault.seal(b"secret", bound_to=(b"here",), size=64)


def _seal_is_broken(sealed: bytes) -> None:
    vault = _a_house()[0].vault
    with suppress(InfrastructureError):
        assert (sealed, b"secret") == (sealed, vault.unseal(sealed, bound_to=(b"here",)))
    with suppress(InfrastructureError):
        assert not vault.verify(Purpose.CODE, sealed, b"here")


# -- the command line --------------------------------------------------------------------------------------------------

_WORDS: Final = (
    *(
        "journeys",
        "outbox",
        "purge",
        "forget",
        "keys",
        "chart",
        "risk",
        "demo",
        "new",
        "check",
        "add",
        "use",
        "reseal",
        "drop",
    ),
    *(
        "--json",
        "--limit",
        "--finished",
        "--dead",
        "--newest",
        "--lost",
        "--days",
        "--store",
        "--help",
        "--version",
        "--lang",
        "en",
    ),
    *(
        "0",
        "-1",
        "50",
        "999999999999999999999",
        "keys.toml",
        "store.sqlite",
        "folder",
        "--",
        "-",
        "--folder",
        "--profile",
    ),
)


def _command_ends(arguments: list[str]) -> None:
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("keys.toml").write_text(KEYS.to_text().reveal())
        Path("store.sqlite").write_bytes(b"")
        Path("folder").mkdir()
        # The pages of the demonstration are served until Ctrl-C: here they end at once.
        ended = patch("uvicorn.Server.run")
        with redirect_stdout(out), redirect_stderr(out), patch("sys.stdin", io.StringIO("q\n")), ended:
            assert isinstance(main(arguments), int)
    assert "Traceback" not in out.getvalue()


# -- what people read --------------------------------------------------------------------------------------------------


@st.composite
def _messages(draw: st.DrawFn) -> Message:
    short = texts.filter(lambda text: len(text) < 10_000)
    return Message(
        kind=draw(st.sampled_from(MessageKind)),
        channel=draw(st.sampled_from(Channel)),
        to=(draw(short),),
        language=draw(st.sampled_from(Language)),
        help=evolve(ASSISTANCE_INTERNET, name=draw(short)),
        written_at=START,
        secret=Secret(draw(short)),
        until=draw(st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1))).replace(tzinfo=START.tzinfo),  # noqa: DTZ001
    )


def _is_ever_sent(message: Message) -> bool:
    kinds = (MessageKind.CODE, MessageKind.LETTER_UNDER_WAY)
    return message.channel is not Channel.LETTER or message.kind not in kinds


def _message_is_written(message: Message) -> None:
    assert message_text(message).body


ENTRIES: Final = (
    Entry("domain: every parse_*", texts, _is_read),
    Entry("domain: inputs.read", _forms(texts), _form_is_read),
    Entry("domain: inputs of any type", _forms(anything), _form_is_read),
    Entry("application: Caller, Origin", st.tuples(anything, anything, anything, anything), _caller_is_judged),
    Entry("application: Recovery, arguments of any type", _calls(), _call_is_answered),
    Entry("application: Recovery, whole visits", _visits(), _visit_opens_nothing),
    Entry("adapters: Keys.from_text", texts | mutated([KEYS.to_text().reveal()]), _keys_are_read),
    Entry(
        "adapters: read_accounts",
        texts | mutated([_HEAD + "[[account]]" + account for account in _ACCOUNTS[:4]]),
        _accounts_are_read,
    ),
    Entry("adapters: Codec", texts | st.deferred(lambda: mutated(_snapshots())), _snapshot_is_read),
    Entry("adapters: Vault", st.binary() | st.deferred(lambda: mutated_bytes(_sealed())), _seal_is_broken),
    Entry(
        "cli: msa-recovery",
        st.lists(st.sampled_from(_WORDS) | texts.filter(lambda text: len(text) < 10_000), max_size=6),
        _command_ends,
    ),
    Entry("texts: message_text", _messages().filter(_is_ever_sent), _message_is_written),
)
