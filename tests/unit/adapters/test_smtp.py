"""E-mail against a real SMTP server on loopback, and against one that does what none should."""

import logging
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.adapters.smtp import Encryption, SmtpMessenger, SmtpServer, mail_of
from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Delivered, Message, MessageKind, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import Texts, kept_together, message_text
from tests.support.authority import Authority
from tests.support.postoffice import LOOPBACK, PASSWORD, USER, PostOffice, opened
from tests.support.talker import Talk, talking

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
TO = "camille@example.org"
SENDER = "ne-pas-repondre@msa.example"
CODE = Message(
    kind=MessageKind.CODE,
    channel=Channel.EMAIL,
    to=(TO,),
    language=Language.FR,
    help=ASSISTANCE_INTERNET,
    written_at=NOW,
    secret=Secret("0042"),
    until=NOW + timedelta(minutes=30),
)
PASSWORD_MESSAGE = evolve(CODE, kind=MessageKind.TEMPORARY_PASSWORD, secret=Secret("<b>&x9?@Qx%4"))
KEY = MessageId("journey.1.1")


def plain(port: int) -> SmtpServer:
    return SmtpServer(host=LOOPBACK, port=port, encryption=Encryption.NONE, timeout=5, announced_as="host.example")


def messenger(server: SmtpServer, texts: Texts | None = None) -> SmtpMessenger:
    return SmtpMessenger(server, sender=SENDER, name="MSA Sud Aquitaine", texts=texts or Texts())


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as office:
        yield office


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path)


# -- what the person gets ----------------------------------------------------------------------------------------------


@pytest.fixture
def mail(office: PostOffice) -> EmailMessage:
    assert Delivered() == messenger(plain(office.port)).deliver(PASSWORD_MESSAGE, KEY)
    return office.mails()[0]


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_the_envelope_and_the_head_say_the_same(office: PostOffice, mail: EmailMessage) -> None:
    envelope = office.envelopes[0]
    assert (SENDER, [TO]) == (envelope.mail_from, envelope.rcpt_tos)
    assert (f"MSA Sud Aquitaine <{SENDER}>", TO) == (mail["From"], mail["To"])


def test_the_text_part_is_the_text(mail: EmailMessage) -> None:
    assert message_text(PASSWORD_MESSAGE).body == part(mail, "plain").rstrip("\n")


def test_the_page_has_the_secret_as_it_was_drawn(mail: EmailMessage) -> None:
    """Whatever its signs mean in HTML."""
    assert 1 == part(mail, "html").count(">&lt;b&gt;&amp;x9?@Qx%4</strong>")


def test_the_page_asks_for_nothing_and_leads_nowhere(mail: EmailMessage) -> None:
    """R33: it is the same with images off, and has no link to imitate."""
    page = part(mail, "html")
    assert [] == re.findall(r"(?i)<(?:img|a|link|script|iframe|form|style)\b|https?:|url\(|src=|href=|@import", page)


def test_the_page_says_its_language(mail: EmailMessage) -> None:
    assert '<html lang="fr">' in part(mail, "html")


def test_an_address_in_the_page_breaks_behind_its_at_sign(mail: EmailMessage) -> None:
    """On a phone it broke before its last letter."""
    assert "assistanceinternet.blf@<wbr>sudaquitaine.msa.fr" in part(mail, "html")


def test_the_page_has_every_paragraph_of_the_text(mail: EmailMessage) -> None:
    page = re.sub(r"<[^>]+>", " ", part(mail, "html").replace("<br>", "\n").replace("<wbr>", ""))
    shown = " ".join(page.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())
    body = kept_together(message_text(PASSWORD_MESSAGE).body)
    assert [] == [each for each in body.split("\n\n") if " ".join(each.split()) not in shown]


def test_the_mail_says_its_language_and_that_nobody_wrote_it(mail: EmailMessage) -> None:
    """RFC 3834: no out-of-office answers it."""
    assert ("fr", "auto-generated", "All") == (
        mail["Content-Language"],
        mail["Auto-Submitted"],
        mail["X-Auto-Response-Suppress"],
    )


def test_the_subject_has_no_secret(mail: EmailMessage) -> None:
    """R33: nor any other line of the head."""
    assert PASSWORD_MESSAGE.secret is not None
    assert [] == [name for name, value in mail.items() if PASSWORD_MESSAGE.secret.reveal() in value]


def test_the_day_is_that_of_the_promise(mail: EmailMessage) -> None:
    assert NOW == mail["Date"].datetime


def test_the_same_key_is_the_same_mail_byte_for_byte(office: PostOffice) -> None:
    """A mailbox knows it again by its ``Message-ID``."""
    sending = messenger(plain(office.port))
    for _ in range(2):
        sending.deliver(CODE, KEY)
    first, second = office.envelopes
    assert first.content == second.content


def test_another_key_has_another_message_id(office: PostOffice) -> None:
    sending = messenger(plain(office.port))
    for key in (KEY, MessageId("journey.1.2")):
        sending.deliver(CODE, key)
    first, second = (mail["Message-ID"] for mail in office.mails())
    assert first != second
    assert re.fullmatch(r"<[0-9a-f]{32}@msa\.example>", first)


def test_a_mail_is_ascii_in_lines_that_every_server_takes() -> None:
    """RFC 5322: 998 characters, and better 78."""
    mail = mail_of(PASSWORD_MESSAGE, KEY, Address("Mutualité", addr_spec=SENDER))
    assert mail.isascii()
    assert max(len(line) for line in mail.split(b"\r\n")) <= 78


def test_a_host_s_own_words_are_sent_in_both_parts(office: PostOffice) -> None:
    own = Texts({Language.FR: {"message.code.email": "Tapez %(secret)s <ici> avant %(until)s."}})
    messenger(plain(office.port), own).deliver(CODE, KEY)
    mail = office.mails()[0]
    assert "Tapez 0042 <ici> avant" in part(mail, "plain")
    assert "&lt;ici&gt; avant" in part(mail, "html")


# -- how it gets there -------------------------------------------------------------------------------------------------


def test_a_mail_goes_encrypted_by_starttls_and_signed_in(authority: Authority) -> None:
    with opened(starttls=authority.server(), sign_in=True) as office:
        server = SmtpServer(
            host=LOOPBACK, port=office.port, user=USER, password=Secret(PASSWORD), authorities=authority.certificate
        )
        assert Delivered() == messenger(server).deliver(CODE, KEY)
    assert ([True], [USER]) == (office.encrypted, office.users)


def test_a_mail_goes_encrypted_from_the_first_byte(authority: Authority) -> None:
    with opened(tls=authority.server()) as office:
        server = SmtpServer(
            host=LOOPBACK, port=office.port, encryption=Encryption.TLS, authorities=authority.certificate
        )
        assert Delivered() == messenger(server).deliver(CODE, KEY)
    assert 1 == len(office.envelopes)


@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
@pytest.mark.parametrize(
    ("host", "valid_days", "trusted"), [("127.0.0.1", 1, False), ("other.example", 1, True), ("127.0.0.1", 0, True)]
)
def test_a_server_that_is_not_who_it_says_gets_nothing(
    authority: Authority, tmp_path: Path, encryption: Encryption, host: str, valid_days: int, trusted: bool
) -> None:
    """Nobody vouches for it, its name is another one, or its certificate is over."""
    context = authority.server(host, valid_days=valid_days)
    other = Authority.made(tmp_path, "somebody else")
    direct = encryption is Encryption.TLS
    # aiosmtpd tries its own door with a client that trusts everybody.
    with opened(tls=context if direct else None, starttls=None if direct else context) as office:
        server = SmtpServer(
            host=LOOPBACK,
            port=office.port,
            encryption=encryption,
            authorities=(authority if trusted else other).certificate,
        )
        assert TryLater() == messenger(server).deliver(CODE, KEY)
    assert [] == office.envelopes


def test_where_starttls_is_not_offered_nothing_is_sent(office: PostOffice) -> None:
    """Whoever sits between could have taken the offer out."""
    assert TryLater() == messenger(SmtpServer(host=LOOPBACK, port=office.port)).deliver(CODE, KEY)
    assert [] == office.envelopes


def test_a_wrong_password_keeps_every_mail_waiting(authority: Authority) -> None:
    """None of them could help it, and the next try finds it put right."""
    with opened(starttls=authority.server(), sign_in=True) as office:
        server = SmtpServer(
            host=LOOPBACK, port=office.port, user=USER, password=Secret("wrong"), authorities=authority.certificate
        )
        assert TryLater() == messenger(server).deliver(CODE, KEY)
    assert [] == office.envelopes


def test_a_secret_leaves_this_machine_encrypted_or_not_at_all() -> None:
    with pytest.raises(CallerError, match=r"smtp\.example encrypted"):
        SmtpServer(host="smtp.example", encryption=Encryption.NONE)


@pytest.mark.parametrize(
    ("user", "password"), [(USER, None), (None, Secret("x")), (USER, Secret("é")), ("é", Secret("x"))]
)
def test_what_nobody_could_sign_in_with_is_refused(user: str | None, password: Secret | None) -> None:
    with pytest.raises(CallerError, match="user and password"):
        SmtpServer(host=LOOPBACK, user=user, password=password)


def test_starttls_may_be_said_as_text(authority: Authority) -> None:
    """Taken for no encryption at all, the mail would go in clear, and the password with it."""
    said: Any = "starttls"
    with opened(starttls=authority.server(), sign_in=True) as office:
        server = SmtpServer(
            host=LOOPBACK,
            port=office.port,
            encryption=said,
            user=USER,
            password=Secret(PASSWORD),
            authorities=authority.certificate,
        )
        assert Delivered() == messenger(server).deliver(CODE, KEY)
    assert ([True], [USER]) == (office.encrypted, office.users)


def test_tls_may_be_said_as_text(authority: Authority, office: PostOffice) -> None:
    """A server that speaks in clear is no such server."""
    said: Any = "tls"
    with opened(tls=authority.server()) as encrypted:
        server = SmtpServer(
            host=LOOPBACK, port=encrypted.port, encryption=said, authorities=str(authority.certificate), timeout=5
        )
        assert Delivered() == messenger(server).deliver(CODE, KEY)
    assert TryLater() == messenger(evolve(server, port=office.port)).deliver(CODE, KEY)
    assert [] == office.envelopes


def test_that_nothing_is_encrypted_is_refused_as_text_too() -> None:
    said: Any = "none"
    with pytest.raises(CallerError, match=r"smtp\.example encrypted"):
        SmtpServer(host="smtp.example", encryption=said)


@pytest.mark.parametrize(("encryption", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_is_the_usual_one_of_the_encryption(encryption: Any, port: int) -> None:
    assert port == SmtpServer(host=LOOPBACK, encryption=encryption).port


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"encryption": "ssl"}, "encryption: starttls, tls or none"),
        ({"encryption": None}, "encryption: starttls, tls or none"),
        ({"encryption": True}, "encryption: starttls, tls or none"),
        ({"host": None}, "host: a text"),
        ({"host": ""}, "host: a text"),
        ({"port": "587"}, "port: a whole number"),
        ({"port": 0}, "port: a whole number"),
        ({"user": 7, "password": Secret("x")}, "user: a text"),
        ({"user": USER, "password": "in clear"}, "password: a Secret, not str"),
        ({"authorities": 7}, "authorities: a path"),
        ({"timeout": "10"}, "timeout: seconds"),
        ({"timeout": 0}, "timeout: seconds"),
        ({"patience": float("inf")}, "patience: seconds"),
        ({"announced_as": ""}, "announced_as: a text"),
    ],
)
def test_a_server_that_cannot_be_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    usual: dict[str, Any] = {"host": LOOPBACK}
    with pytest.raises(CallerError, match=said) as refused:
        SmtpServer(**usual | change)
    assert "in clear" not in str(refused.value)


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_authorities_that_cannot_be_read_are_named(tmp_path: Path, text: str | None) -> None:
    """By ``ssl`` the file is not."""
    file = tmp_path / "authorities.pem"
    if text is not None:
        file.write_text(text, encoding="ascii")
    with pytest.raises(CallerError, match=r"authorities: .*authorities\.pem"):
        messenger(SmtpServer(host=LOOPBACK, authorities=file))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"server": LOOPBACK}, "server: a SmtpServer, not str"),
        ({"server": SmtpServer}, "server: a SmtpServer, not the class SmtpServer"),
        ({"sender": None}, "sender: a str"),
        ({"name": "MSA\nBcc: b@msa.example"}, "name: one line"),
        ({"name": None}, "name: a str"),
        ({"texts": {"fr": {}}}, "texts: a Texts, not dict"),
    ],
)
def test_a_messenger_that_could_not_send_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    usual: dict[str, Any] = {"server": plain(25), "sender": SENDER, "name": "MSA"}
    with pytest.raises(CallerError, match=said):
        SmtpMessenger(**usual | change)


@pytest.mark.parametrize(
    "sender", ["", "msa", "a b@msa.example", "a@msa.example\nBcc: b@msa.example", "<a@msa.example>"]
)
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(CallerError, match="sender"):
        SmtpMessenger(plain(25), sender=sender, name="MSA")


def test_a_server_does_not_show_its_password() -> None:
    """R54."""
    assert "correct horse" not in repr(SmtpServer(host=LOOPBACK, user=USER, password=Secret(PASSWORD)))


# -- what the server answers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("550 5.1.1 <camille@example.org> is nobody", "the server answers 550 5.1.1"),
        ("554 no", "the server answers 554"),
        ("501 5.1.3camille", "the server answers 501"),
    ],
)
def test_what_is_refused_for_good_is_rejected(office: PostOffice, command: str, answer: str, why: str) -> None:
    """R54: by its code, and never in the server's words, which repeat the address."""
    office.answers[command] = answer
    assert Rejected(why) == messenger(plain(office.port)).deliver(CODE, KEY)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "450 4.2.1 busy", "451 greylisted", "452 4.2.2 full"])
def test_what_is_refused_for_now_waits(office: PostOffice, command: str, answer: str) -> None:
    office.answers[command] = answer
    assert TryLater() == messenger(plain(office.port)).deliver(CODE, KEY)


def test_a_sender_that_is_refused_is_no_fault_of_the_message(office: PostOffice) -> None:
    office.answers["MAIL"] = "550 5.7.1 not you"
    assert TryLater() == messenger(plain(office.port)).deliver(CODE, KEY)


@pytest.mark.parametrize("failure", ["RCPT", "MAIL"])
def test_a_mail_that_failed_is_taken_by_a_later_try(office: PostOffice, failure: str) -> None:
    sending = messenger(plain(office.port))
    office.answers[failure] = "451 later"
    sending.deliver(CODE, KEY)
    office.answers.clear()
    assert Delivered() == sending.deliver(CODE, KEY)


@pytest.mark.parametrize("to", ["", "camille", "a@b.example>\r\nDATA", "é@b.example", "a@b.example\n", "a b@c.example"])
def test_what_is_no_address_is_rejected_before_anybody_is_asked(office: PostOffice, to: str) -> None:
    assert isinstance(messenger(plain(office.port)).deliver(evolve(CODE, to=(to,)), KEY), Rejected)
    assert [] == office.envelopes


def test_a_message_of_another_channel_is_never_taken(office: PostOffice) -> None:
    sms = evolve(CODE, channel=Channel.SMS, to=("+33600000011",))
    assert isinstance(messenger(plain(office.port)).deliver(sms, KEY), Rejected)


# -- what no server should do ------------------------------------------------------------------------------------------


def silent(connection: socket.socket) -> None:
    connection.recv(1)


def hangs_up(connection: socket.socket) -> None:
    pass


def talks_nonsense(connection: socket.socket) -> None:
    connection.sendall(b"\xff\xfe nonsense\r\n" * 3)
    connection.recv(1_000)


def never_ends_a_line(connection: socket.socket) -> None:
    connection.sendall(b"220-" + b"x" * 100_000)
    connection.recv(1_000)


def turns_everybody_away(connection: socket.socket) -> None:
    connection.sendall(b"554 5.3.2 no service here\r\n")
    connection.recv(1_000)


def after(answers: list[bytes]) -> Talk:
    """Says these, one for each line or mail that comes, and hangs up."""

    def talk(connection: socket.socket) -> None:
        for answer in answers:
            connection.sendall(answer)
            heard = b""
            while not heard.endswith(b"\r\n.\r\n" if answer.startswith(b"354") else b"\r\n"):
                more = connection.recv(65_536)
                if not more:
                    return
                heard += more

    return talk


UP_TO_THE_MAIL = [b"220 here\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"]


@pytest.mark.parametrize(
    "talk",
    [
        hangs_up,
        talks_nonsense,
        never_ends_a_line,
        turns_everybody_away,
        *(pytest.param(after(UP_TO_THE_MAIL[:said]), id=f"hangs up after {said}") for said in range(1, 6)),
        pytest.param(after([*UP_TO_THE_MAIL[:3], b"\x00\xff\r\n"]), id="nonsense for an answer"),
        pytest.param(after([*UP_TO_THE_MAIL[:3], b"999 recipient\r\n"]), id="a code that nobody knows"),
    ],
)
def test_a_server_that_breaks_off_or_talks_nonsense_keeps_the_mail_waiting(talk: Talk) -> None:
    """R15."""
    with talking(talk) as port:
        assert TryLater() == messenger(plain(port)).deliver(CODE, KEY)


@pytest.mark.parametrize("said", range(5))
def test_a_server_that_falls_silent_is_not_waited_for(said: int) -> None:
    def talk(connection: socket.socket) -> None:
        after(UP_TO_THE_MAIL[:said])(connection)
        connection.recv(65_536)
        connection.recv(65_536)

    with talking(talk) as port:
        assert TryLater() == messenger(evolve(plain(port), timeout=0.2)).deliver(CODE, KEY)


def says_a_sign_now_and_then(connection: socket.socket) -> None:
    connection.sendall(b"220")
    while True:
        connection.sendall(b"-")
        time.sleep(0.05)


def says_a_line_now_and_then(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-here\r\n")
        time.sleep(0.05)


def has_a_lot_to_say(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-here\r\n" * 1_000)


@pytest.mark.parametrize("talk", [says_a_sign_now_and_then, says_a_line_now_and_then])
def test_a_server_that_never_comes_to_an_end_is_not_waited_for(talk: Talk) -> None:
    """The time-out of a socket begins anew with each byte."""
    with talking(talk) as port:
        began = time.monotonic()
        assert TryLater() == messenger(evolve(plain(port), patience=0.3)).deliver(CODE, KEY)
        assert time.monotonic() - began < 5


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    with talking(has_a_lot_to_say) as port:
        assert TryLater() == messenger(plain(port)).deliver(CODE, KEY)


@pytest.mark.parametrize("goodbye", [b"421 gone\r\n", b"", b"\xff\r\n"])
def test_what_was_taken_stays_taken_however_the_server_says_goodbye(goodbye: bytes) -> None:
    with talking(after([*UP_TO_THE_MAIL, b"250 taken\r\n", goodbye])) as port:
        assert Delivered() == messenger(evolve(plain(port), timeout=0.5)).deliver(CODE, KEY)


def test_where_nobody_listens_the_mail_waits() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    assert TryLater() == messenger(plain(port)).deliver(CODE, KEY)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_the_log_says_why_a_mail_waits_and_neither_to_whom_nor_what(
    office: PostOffice, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    """R54."""
    office.answers[command] = f"451 4.7.1 {TO} 0042"
    with caplog.at_level(logging.DEBUG):
        messenger(plain(office.port)).deliver(CODE, KEY)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("msa_recovery")]
    assert 1 == len(ours)
    assert f"{KEY} waits" in ours[0]
    assert "451 4.7.1" in ours[0]
    assert [] == [hidden for hidden in (TO, "0042") if hidden in ours[0]]
