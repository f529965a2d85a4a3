"""SMS against a real HTTP server on loopback, and against one that does what none should."""

import gzip
import logging
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.sms_gateway import SmsGatewayMessenger
from msa_recovery.adapters.sms_receipts import Fate, Receipt, ReceiptShape
from msa_recovery.adapters.sms_shape import Encoding, Place, Said, SmsGateway
from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Delivered, Delivery, Message, MessageKind, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import message_text
from tests.support.authority import Authority
from tests.support.gateway import Answer, Gateway, gateway_opened
from tests.support.talker import Talk, talking

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
TO = "+33600000011"
PASSWORD = "Ab3{to}%&?{x"
"""Whatever it looks like, it must go as it is."""
SMS = Message(
    kind=MessageKind.TEMPORARY_PASSWORD,
    channel=Channel.SMS,
    to=(TO,),
    language=Language.FR,
    help=ASSISTANCE_INTERNET,
    written_at=NOW,
    secret=Secret(PASSWORD),
    until=NOW + timedelta(hours=24),
)
TEXT = message_text(SMS).body
KEY = MessageId("journey.1.1")
BODY: Mapping[str, Said] = {
    "sender": "MSA",
    "flash": False,
    "api_secret": Secret("key of the host"),
    "messages": [{"to": "{to}", "text": "{text}", "ref": "ref-{key}", "number": "{digits}"}],
}


def described(port: int) -> SmsGateway:
    return SmsGateway(
        url=f"http://127.0.0.1:{port}/v1/messages",
        body=BODY,
        headers={"Authorization": Secret("Bearer of the host"), "Idempotency-Key": "{key}"},
        reference_at=("messages", 0, "id"),
        timeout=5,
    )


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with gateway_opened() as gateway:
        yield gateway


def delivered(shape: SmsGateway, message: Message = SMS) -> Delivery:
    return SmsGatewayMessenger(shape, clock=ManualClock(NOW)).deliver(message, KEY)


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_a_body_in_json_is_filled_wherever_it_asks_for_it(gateway: Gateway) -> None:
    """The text holds what looks like a placeholder: it is not looked at again."""
    assert Delivered() == delivered(described(gateway.port))
    assert {
        "sender": "MSA",
        "flash": False,
        "api_secret": "key of the host",
        "messages": [{"to": TO, "text": TEXT, "ref": f"ref-{KEY}", "number": "33600000011"}],
    } == gateway.asked[0].json()


def test_a_body_may_be_a_form(gateway: Gateway) -> None:
    form = evolve(described(gateway.port), encoding=Encoding.FORM, body={"To": "{to}", "Body": "{text}", "From": "MSA"})
    assert Delivered() == delivered(form)
    assert {"To": TO, "Body": TEXT, "From": "MSA"} == gateway.asked[0].form()


def test_headers_are_filled_too(gateway: Gateway) -> None:
    delivered(described(gateway.port))
    headers = gateway.asked[0].headers
    assert ("Bearer of the host", KEY) == (headers["Authorization"], headers["Idempotency-Key"])


def test_a_gateway_may_ask_for_a_user_and_a_password(gateway: Gateway) -> None:
    basic = evolve(described(gateway.port), headers={}, user="msa", password=Secret("höst"))
    delivered(basic)
    assert f"Basic {b64encode('msa:höst'.encode()).decode()}" == gateway.asked[0].headers["Authorization"]


def test_neither_a_number_nor_a_secret_is_part_of_the_address(gateway: Gateway) -> None:
    """R33, R49: addresses are logged on the way."""
    delivered(described(gateway.port))
    assert ("POST", "/v1/messages") == (gateway.asked[0].method, gateway.asked[0].path)


def test_a_gateway_that_is_encrypted_is_verified(tmp_path: Path) -> None:
    authority = Authority.made(tmp_path)
    with gateway_opened(authority.server()) as gateway:
        shape = evolve(
            described(gateway.port), url=f"https://127.0.0.1:{gateway.port}/", authorities=authority.certificate
        )
        assert Delivered() == delivered(shape)


@pytest.mark.parametrize(
    ("host", "valid_days", "trusted"), [("127.0.0.1", 1, False), ("other.example", 1, True), ("127.0.0.1", 0, True)]
)
def test_a_gateway_that_is_not_who_it_says_gets_nothing(
    tmp_path: Path, host: str, valid_days: int, trusted: bool
) -> None:
    authority, other = Authority.made(tmp_path), Authority.made(tmp_path, "somebody else")
    with gateway_opened(authority.server(host, valid_days=valid_days)) as gateway:
        trusts = (authority if trusted else other).certificate
        shape = evolve(described(gateway.port), url=f"https://127.0.0.1:{gateway.port}/", authorities=trusts)
        assert TryLater() == delivered(shape)
    assert [] == gateway.asked


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://sms.example/"}, "url: https"),
        ({"url": "ftp://127.0.0.1/"}, "url: https"),
        ({"url": "https://user:key@sms.example/"}, "url: user and password"),
        ({"url": "https://sms.example/{to}"}, "url: no placeholder"),
        ({"body": {"to": "{to}", "a": [{"b": "{code}"}]}}, "body: {code}"),
        ({"headers": {"X": "{text}"}}, "headers: {text}"),
        ({"encoding": Encoding.FORM}, "body: a form"),
        ({"encoding": "xml"}, "encoding: json or form"),
        ({"url": None}, "url: a str"),
        ({"body": {"to": "{to}"}}, "body: {text}"),
        ({"body": {"text": "{text}"}}, "body: {to} or {digits}"),
        ({"body": {"text": "{text}", "to": ("{to}",)}}, "body: no tuple"),
        ({"body": {"text": "{text}", "to": [{1: "{to}"}]}}, "body: names are texts"),
        ({"body": "{text}{to}"}, "body: names with what each says, not str"),
        ({"headers": {"X": 7}}, "headers: texts and Secret"),
        ({"headers": [("X", "y")]}, "headers: names with what each says, not list"),
        ({"user": "AC1"}, "user and password: both, or neither"),
        ({"password": Secret("of the host")}, "user and password: both, or neither"),
        ({"user": "AC1", "password": "of the host"}, "password: a Secret, not str"),
        ({"user": 7, "password": Secret("of the host")}, "user: a text"),
        ({"reference_at": "id"}, 'reference_at: a tuple, ("id",)'),
        ({"reference_at": ["id"]}, 'reference_at: a tuple, ("id",)'),
        ({"reference_at": ("messages", True)}, 'reference_at: a tuple, ("id",)'),
        ({"status_at": "status", "status_taken": {"0"}}, 'status_at: a tuple, ("id",)'),
        ({"status_at": ("status",)}, "status_taken: what the gateway says"),
        ({"status_at": ("status",), "status_later": {"1"}}, "status_taken: what the gateway says"),
        ({"status_at": ("status",), "status_taken": {0}}, "status_taken: a set of texts"),
        ({"status_at": ("status",), "status_taken": "0"}, "status_taken: a set of texts"),
        ({"status_at": ("status",), "status_taken": {"0"}, "status_later": {1}}, "status_later: a set of texts"),
        ({"status_taken": {"0"}}, "status_at: where"),
        ({"refusals": {"400"}}, "refusals: HTTP statuses"),
        ({"refusals": {200}}, "refusals: HTTP statuses"),
        ({"refusals": 400}, "refusals: HTTP statuses"),
        ({"authorities": 7}, "authorities: a path"),
        ({"proxy": "proxy.example:3128"}, "proxy: an address"),
        ({"timeout": None}, "timeout: seconds"),
        ({"patience": -1}, "patience: seconds"),
    ],
)
def test_a_shape_that_cannot_be_right_is_refused_at_once(change: dict[str, Any], said: str) -> None:
    with pytest.raises(CallerError) as refused:
        evolve(described(1), **change)
    assert said in str(refused.value)
    assert "of the host" not in str(refused.value)


def test_a_shape_may_be_said_in_texts_and_lists(gateway: Gateway) -> None:
    """Taken for none of its kind, such an encoding would send an empty body, and such a status refuse every SMS."""
    form: Any = "form"
    shape = evolve(
        described(gateway.port),
        encoding=form,
        body={"to": "{to}", "text": "{text}"},
        status_at=("messages", 0, "status"),
        status_taken=["accepted"],
        refusals=[404],
    )
    assert Encoding.FORM is shape.encoding
    gateway.answer = Answer(200, body=b'{"messages": [{"id": "p-1", "status": "accepted"}]}')
    assert Delivered() == delivered(shape)
    assert {"to": TO, "text": TEXT} == gateway.asked[0].form()
    gateway.answer = Answer(404)
    assert isinstance(delivered(shape), Rejected)


def test_authorities_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match=r"authorities: .*none\.pem: No such file"):
        SmsGatewayMessenger(evolve(described(1), authorities=tmp_path / "none.pem"))


@pytest.mark.parametrize(
    ("gateway", "texts", "said"),
    [
        (SmsGateway, message_text, "gateway: a SmsGateway, not the class SmsGateway"),
        (described(1), {"fr": {}}, "texts: a Texts, not dict"),
    ],
)
def test_a_messenger_that_could_not_send_is_refused_by_name(gateway: Any, texts: Any, said: str) -> None:
    with pytest.raises(CallerError, match=said):
        SmsGatewayMessenger(gateway, texts=texts)


def test_a_shape_shows_no_key_of_the_host() -> None:
    """R54."""
    shown = repr(evolve(described(1), user="msa", password=Secret("of the host")))
    assert "of the host" not in shown


# -- what is answered --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202])
def test_what_is_taken_is_on_its_way_and_the_host_is_told_the_provider_s_id(gateway: Gateway, status: int) -> None:
    gateway.answer = Answer(status)
    told: list[tuple[MessageId, str]] = []
    messenger = SmsGatewayMessenger(described(gateway.port), on_taken=lambda *one: told.append(one))
    assert Delivered() == messenger.deliver(SMS, KEY)
    assert [(KEY, "provider-1")] == told


def test_what_is_taken_stays_taken_when_whoever_is_told_fails(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    def told(_: MessageId, __: str) -> None:
        raise RuntimeError("the host's own table is full")

    assert Delivered() == SmsGatewayMessenger(described(gateway.port), on_taken=told).deliver(SMS, KEY)
    assert "the host's own table is full" in caplog.text


@pytest.mark.parametrize("status", [400, 422])
def test_what_is_refused_for_good_is_rejected(gateway: Gateway, status: int) -> None:
    gateway.answer = Answer(status, f"{TO} is nobody".encode())
    assert Rejected(f"the gateway answers {status}") == delivered(described(gateway.port))


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405, 407, 408, 409, 410, 429, 500, 502, 503, 504, 599])
def test_what_no_message_could_help_keeps_it_waiting(gateway: Gateway, status: int) -> None:
    """A wrong key, an account without credit, an address that moved, a gateway that is down."""
    gateway.answer = Answer(status)
    assert TryLater() == delivered(described(gateway.port))


@pytest.mark.parametrize(
    ("said", "retry_at"),
    [
        ("0", NOW),
        ("120", NOW + timedelta(minutes=2)),
        ("99999999999999999999", NOW + timedelta(days=1)),
        ("Sun, 29 Mar 2026 12:10:00 GMT", NOW + timedelta(minutes=10)),
        ("Sun, 29 Mar 2026 14:10:00 +0200", NOW + timedelta(minutes=10)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW + timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 -0800", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("\u0661", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_that_says_when_is_not_asked_before(
    gateway: Gateway, status: int, said: str, retry_at: datetime | None
) -> None:
    gateway.answer = Answer(status, headers={"Retry-After": said.encode().decode("latin-1")})
    assert TryLater(retry_at) == delivered(described(gateway.port))


def test_a_redirect_is_not_followed(gateway: Gateway) -> None:
    """Whoever could redirect it could read it."""
    gateway.answer = Answer(307, headers={"Location": f"http://127.0.0.1:{gateway.port}/elsewhere"})
    assert TryLater() == delivered(described(gateway.port))
    assert ["/v1/messages"] == [asked.path for asked in gateway.asked]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Please sign in</html>",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"null",
        b'{"messages": []}',
        b'{"messages": [{"id": null}]}',
        b'{"messages": [{"id": true}]}',
        b'{"messages": {"0": {"id": "x"}}}',
        b"[" * 60_000,
        b" " * 1_000_000,
    ],
)
def test_an_answer_without_the_id_that_it_should_have_is_no_answer(gateway: Gateway, body: bytes) -> None:
    """Such as the page of a proxy, which answers 200 too."""
    gateway.answer = Answer(200, body)
    assert TryLater() == delivered(described(gateway.port))


def test_where_no_id_is_expected_the_status_is_enough(gateway: Gateway) -> None:
    gateway.answer = Answer(204, b"")
    assert Delivered() == delivered(evolve(described(gateway.port), reference_at=()))


def test_an_id_may_be_a_number(gateway: Gateway) -> None:
    gateway.answer = Answer(200, b'{"ids": [7, 42]}')
    told: list[str] = []
    shape = evolve(described(gateway.port), reference_at=("ids", -1))
    SmsGatewayMessenger(shape, on_taken=lambda _, reference: told.append(reference)).deliver(SMS, KEY)
    assert ["42"] == told


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"0", Delivered()),
        (b'"0"', Delivered()),
        (b"1", TryLater()),
        (b"6", Rejected("the gateway's status says no")),
        (b"null", TryLater()),
        (b"{}", TryLater()),
    ],
)
def test_a_gateway_that_answers_200_to_everything_is_asked_what_it_means(
    gateway: Gateway, said: bytes, answer: Delivery
) -> None:
    gateway.answer = Answer(200, b'{"messages": [{"id": "x", "status": ' + said + b"}]}")
    place: Place = ("messages", 0, "status")
    shape = evolve(
        described(gateway.port), status_at=place, status_taken=frozenset({"0"}), status_later=frozenset({"1", "5"})
    )
    assert answer == delivered(shape)


@pytest.mark.parametrize(
    "to", [(), ("",), ("0600000011",), ("+33 600000011",), ("+33600000011\n",), (TO, TO), ("+٣٣600000011",)]
)
def test_what_is_no_number_is_rejected_before_anybody_is_asked(gateway: Gateway, to: tuple[str, ...]) -> None:
    assert isinstance(delivered(described(gateway.port), evolve(SMS, to=to)), Rejected)
    assert [] == gateway.asked


def test_a_message_of_another_channel_is_never_taken(gateway: Gateway) -> None:
    assert isinstance(
        delivered(described(gateway.port), evolve(SMS, channel=Channel.EMAIL, to=("a@b.example",))), Rejected
    )


def test_an_sms_that_failed_is_taken_by_a_later_try(gateway: Gateway) -> None:
    gateway.answer = Answer(503)
    delivered(described(gateway.port))
    gateway.answer = Answer()
    assert Delivered() == delivered(described(gateway.port))
    assert [KEY] == list(gateway.sent)


# -- what no gateway should do -----------------------------------------------------------------------------------------


def reads(connection: socket.socket) -> None:
    heard = b""
    while TEXT.encode()[-10:] not in heard and b"Appelez" not in heard:
        more = connection.recv(65_536)
        if not more:
            return
        heard += more


def hangs_up(connection: socket.socket) -> None:
    pass


def hangs_up_after_reading(connection: socket.socket) -> None:
    reads(connection)


def talks_nonsense(connection: socket.socket) -> None:
    reads(connection)
    connection.sendall(b"\xff\xfenonsense\r\n\r\n")


def breaks_off_in_its_answer(connection: socket.socket) -> None:
    reads(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"messages"')


def lies_about_its_encoding(connection: socket.socket) -> None:
    reads(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd")


def sends_headers_for_ever(connection: socket.socket) -> None:
    reads(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: " + b"x" * 1_000 + b"\r\n")


def sends_for_ever(connection: socket.socket) -> None:
    reads(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 10_000)


def sends_what_unpacks_to_a_thousand_times_as_much(connection: socket.socket) -> None:
    reads(connection)
    packed = gzip.compress(b" " * 100_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    connection.sendall(head.encode() + packed)


@pytest.mark.parametrize(
    "talk",
    [
        hangs_up,
        hangs_up_after_reading,
        talks_nonsense,
        breaks_off_in_its_answer,
        lies_about_its_encoding,
        sends_headers_for_ever,
        sends_for_ever,
        sends_what_unpacks_to_a_thousand_times_as_much,
    ],
)
def test_a_gateway_that_breaks_off_or_talks_nonsense_keeps_the_sms_waiting(talk: Talk) -> None:
    """R15."""
    with talking(talk) as port:
        assert TryLater() == delivered(described(port))


def test_a_gateway_that_falls_silent_is_not_waited_for() -> None:
    def silent(connection: socket.socket) -> None:
        reads(connection)
        connection.recv(1)

    with talking(silent) as port:
        assert TryLater() == delivered(evolve(described(port), timeout=0.2))


def now_and_then(head: bytes, again: bytes) -> Talk:
    """Begins an answer, and never comes to its end."""

    def talk(connection: socket.socket) -> None:
        reads(connection)
        connection.sendall(head)
        while True:
            connection.sendall(again)
            time.sleep(0.05)

    return talk


HEADERS = now_and_then(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n")
SIGNS = now_and_then(b"HTTP/1.1 200 OK\r\n\r\n", b" ")


@pytest.mark.parametrize("talk", [HEADERS, SIGNS], ids=["headers", "signs"])
def test_a_gateway_that_never_comes_to_an_end_is_not_waited_for(talk: Talk) -> None:
    """The time-out of a socket begins anew with each byte, of which there is no end here."""
    with talking(talk) as port:
        assert TryLater() == delivered(evolve(described(port), patience=0.3))


def test_one_that_is_encrypted_is_not_waited_for_either(tmp_path: Path) -> None:
    authority = Authority.made(tmp_path)
    server = authority.server()

    def encrypted(connection: socket.socket) -> None:
        with server.wrap_socket(connection, server_side=True) as inside:
            HEADERS(inside)

    with talking(encrypted) as port:
        shape = evolve(described(port), url=f"https://127.0.0.1:{port}/", authorities=authority.certificate)
        assert TryLater() == delivered(evolve(shape, patience=0.5))


def test_where_nobody_listens_the_sms_waits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert TryLater() == delivered(described(port))


@pytest.mark.parametrize("answer", [Answer(), Answer(400), Answer(429), Answer(500), Answer(200, b"garbage"), None])
def test_no_log_has_a_secret_a_number_or_a_key_of_the_host(
    gateway: Gateway, answer: Answer | None, caplog: pytest.LogCaptureFixture
) -> None:
    """R54: at any level, whatever the gateway does, and in the log of the HTTP library too."""
    port = gateway.port
    if answer is None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
    else:
        gateway.answer = answer
    with caplog.at_level(logging.DEBUG):
        delivered(described(port))
    assert [] == [hidden for hidden in (PASSWORD, TO, TO[1:], "of the host", "Ab3") if hidden in caplog.text]


# -- receipts ----------------------------------------------------------------------------------------------------------

SHAPE = ReceiptShape(
    status_at=("status",),
    arrived=frozenset({"delivered", "0"}),
    lost=frozenset({"failed"}),
    key_at=("client", "ref"),
    reference_at=("id",),
)


@pytest.mark.parametrize(
    ("fields", "receipt"),
    [
        ({"status": "delivered", "client": {"ref": KEY}, "id": "p-1"}, Receipt(KEY, "p-1", Fate.ARRIVED)),
        ({"status": 0, "client": {"ref": KEY}}, Receipt(KEY, "", Fate.ARRIVED)),
        ({"status": "failed", "id": 17}, Receipt(None, "17", Fate.LOST)),
        ({"status": "sent", "id": "p-1"}, Receipt(None, "p-1", Fate.UNDER_WAY)),
        ({"status": "failed", "client": "x\ny", "id": "p-1\nforged"}, None),
        ({"status": "delivered"}, None),
        ({"id": "p-1"}, None),
        ({"status": ["delivered"], "id": "p-1"}, None),
        ({}, None),
    ],
)
def test_a_receipt_is_read_where_the_gateway_says_it(fields: dict[str, object], receipt: Receipt | None) -> None:
    """R53: and what could forge a line of the log is no name."""
    assert receipt == SHAPE.read(fields)


def test_a_receipt_is_no_line_of_the_log_before_its_message_is_found(caplog: pytest.LogCaptureFixture) -> None:
    """Anybody may send one, of a message that never was."""
    with caplog.at_level(logging.DEBUG):
        receipt = SHAPE.read({"status": "failed", "client": {"ref": KEY}})
    assert (Receipt(KEY, "", Fate.LOST), []) == (receipt, caplog.records)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status_at": ()}, "status_at: where"),
        ({"status_at": "status"}, 'status_at: a tuple, ("id",)'),
        ({"key_at": "ref"}, 'key_at: a tuple, ("id",)'),
        ({"reference_at": "id"}, 'reference_at: a tuple, ("id",)'),
        ({"key_at": (), "reference_at": ()}, "key_at, reference_at: one of them"),
        ({"arrived": "delivered"}, "arrived: a set of texts"),
        ({"lost": {4}}, "lost: a set of texts"),
    ],
)
def test_a_receipt_that_could_never_be_read_is_refused_at_once(change: dict[str, Any], said: str) -> None:
    with pytest.raises(CallerError) as refused:
        evolve(SHAPE, **change)
    assert said in str(refused.value)
