"""E-mail over SMTP: one connection a message, encrypted and verified, and a reply code for an answer."""

import re
import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from hashlib import sha256
from logging import getLogger
from pathlib import Path
from typing import Final, final

from attrs import Attribute, Factory, field, frozen

from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import CallerError, checked
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import TEXTS, Texts

from .email_page import page_of
from .given import as_authorities, check_network_port, check_seconds, check_sign_in, check_text, one_of, trusting
from .smtp_replies import ImpatientSMTP, ImpatientSMTPS

__all__ = ["Encryption", "SmtpMessenger", "SmtpServer", "mail_of"]

_LOGGER: Final = getLogger("msa_recovery.smtp")

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
"""What may stand in an envelope as it is: no space, no angle bracket, no line break. Whether it is good was judged."""

_ENHANCED: Final = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")

_HERE: Final = ("localhost", "127.0.0.1", "::1")

_TAKEN: Final = (250, 251, 252)
_FOR_GOOD: Final = range(500, 600)


@final
class Encryption(StrEnum):
    """How the connection is kept from others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS: Final = {Encryption.STARTTLS: 587, Encryption.TLS: 465, Encryption.NONE: 25}
"""RFC 6409, RFC 8314 (section 3.3) and RFC 5321."""


def _encryption(value: Encryption | str) -> Encryption:
    return one_of(Encryption, value, "encryption")


def _usual_port(server: "SmtpServer") -> int:
    return _PORTS[server.encryption]


def _check_encryption(server: "SmtpServer", _: "Attribute[Encryption]", value: Encryption) -> None:
    if value is Encryption.NONE and server.host not in _HERE:
        raise CallerError(f"encryption: a secret goes to {server.host} encrypted, or not at all")


def _check_ascii(server: "SmtpServer", _: "Attribute[Secret | None]", value: Secret | None) -> None:
    if not (server.user or "").isascii() or not (value is None or value.reveal().isascii()):
        raise CallerError("user and password: in ASCII, which is all that SMTP's sign-in can carry")


@final
@frozen(kw_only=True)
class SmtpServer:
    """Where mail is handed in. A bad value is a :class:`CallerError` that names it.

    Attributes:
        host: its name, which its certificate must have.
        encryption: ``NONE`` only for a server on this machine; a :class:`CallerError` otherwise. Where ``STARTTLS`` is
            not offered, nothing is sent.
        port: number of the port; when nothing is said 587 for ``STARTTLS``, 465 for ``TLS``, 25 for ``NONE``.
        user: who signs in; ``None`` where the server asks for nobody.
        password: that of the user.
        authorities: a file with the certificates of those who may vouch for the server, in PEM; the system's when
            nothing is said.
        timeout: how long each answer may take, in seconds.
        patience: how long all of them together may take, in seconds: less than the 50 that a relay waits.
        announced_as: the name of this machine in ``EHLO``; the system's when nothing is said.
    """

    host: str = field(validator=check_text)
    encryption: Encryption = field(default=Encryption.STARTTLS, converter=_encryption, validator=_check_encryption)
    port: int = field(default=Factory(_usual_port, takes_self=True), validator=check_network_port)
    user: str | None = field(default=None, validator=check_text)
    password: Secret | None = field(default=None, validator=[check_sign_in, _check_ascii])
    authorities: Path | None = field(default=None, converter=as_authorities)
    timeout: float = field(default=10.0, validator=check_seconds)
    patience: float = field(default=45.0, validator=check_seconds)
    announced_as: str | None = field(default=None, validator=check_text)


@final
class SmtpMessenger:
    """Sends e-mail; threads may share it.

    What the server answers to the address or to the content is the answer: 5xx rejects the message, anything else lets
    it wait. What goes wrong before that (a name, a certificate, a password, a sender) is nothing that a message could
    help, so all of them wait, and the log says why, without an address or a word of a server that may repeat one.

    Args:
        server: where mail is handed in.
        sender: the address that the mails come from.
        name: who writes, as a mailbox shows it.
        texts: the words; the shipped ones when nothing is said.

    Raises:
        CallerError: the sender is not an address, the name has a line break, or the server's authorities cannot be
            read.
    """

    def __init__(self, server: SmtpServer, *, sender: str, name: str, texts: Texts = TEXTS) -> None:
        self._server = checked(server, SmtpServer, "server")
        if not _ADDRESS.fullmatch(checked(sender, str, "sender")):
            raise CallerError("sender: an address such as ne-pas-repondre@msa.example")
        if not checked(name, str, "name").isprintable():
            raise CallerError("name: one line, as a mailbox shows it")
        self._from = Address(name, addr_spec=sender)
        self._texts = checked(texts, Texts, "texts")
        self._context = None if server.encryption is Encryption.NONE else trusting(server.authorities)

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Hand one mail to the server. A second one with the same key is the same mail, byte for byte and with the
        same ``Message-ID``, by which mailboxes know it again."""
        if message.channel is not Channel.EMAIL:
            return Rejected(f"this messenger delivers by {Channel.EMAIL}, not by {message.channel}")
        if len(message.to) != 1 or not _ADDRESS.fullmatch(message.to[0]):
            return Rejected("not an e-mail address")
        mail = mail_of(message, key, self._from, self._texts)
        try:
            with self._connected() as connection:
                return _handed_over(connection, self._from.addr_spec, message.to[0], mail, key)
        except OSError as failure:  # smtplib's are OSErrors too
            return _waits(key, _cause(failure))

    @contextmanager
    def _connected(self) -> Generator[smtplib.SMTP]:
        server = self._server
        if server.encryption is Encryption.TLS:
            connection: ImpatientSMTP = ImpatientSMTPS(
                server.host,
                server.port,
                server.announced_as,
                timeout=server.timeout,
                patience=server.patience,
                context=self._context,
            )
        else:
            connection = ImpatientSMTP(
                server.host, server.port, server.announced_as, timeout=server.timeout, patience=server.patience
            )
        try:
            if server.encryption is Encryption.STARTTLS:
                connection.starttls(context=self._context)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password.reveal())
            yield connection
            # What was taken stays taken, however the server says goodbye.
            with suppress(OSError):
                connection.quit()
        finally:
            connection.close()


def mail_of(message: Message, key: MessageId, sender: Address, texts: Texts = TEXTS) -> bytes:
    """One mail, in text and in HTML, as it is sent: a pure function, so that a second try sends the same bytes.

    Args:
        message: one by e-mail.
        key: its idempotency key.
        sender: who writes.
        texts: the words.
    """
    rendered = texts.message_text(message)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.to[0]
    mail["Subject"] = rendered.subject
    mail["Date"] = message.written_at.astimezone(UTC)
    mail["Message-ID"] = f"<{_name(key)}@{sender.domain}>"
    # RFC 3834: no out-of-office answers it. Exchange asks for a header of its own.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(rendered.body, cte="quoted-printable")
    page = page_of(texts.written_message(message), sender.display_name, message.secret, message.language)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    # Not before: new content takes away every header whose name begins like this one's.
    mail["Content-Language"] = str(message.language)
    mail.set_boundary(f"part-{_name(key)}")
    return mail.as_bytes()


def _name(key: MessageId) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def _handed_over(connection: smtplib.SMTP, sender: str, to: str, mail: bytes, key: MessageId) -> Delivery:
    connection.ehlo_or_helo_if_needed()
    code, text = connection.mail(sender)
    if code not in _TAKEN:
        return _waits(key, f"the server refuses the sender: {_status(code, text)}")
    code, text = connection.rcpt(to)
    if code in _TAKEN:
        try:
            code, text = connection.data(mail)
        except smtplib.SMTPDataError as refused:
            code, text = refused.smtp_code, _bytes(refused.smtp_error)
    if code in _TAKEN:
        return Delivered()
    if code in _FOR_GOOD:
        return Rejected(f"the server answers {_status(code, text)}")
    return _waits(key, f"the server answers {_status(code, text)}")


def _waits(key: MessageId, why: str) -> TryLater:
    _LOGGER.warning("e-mail %s waits: %s", key, why)
    return TryLater()


def _status(code: int, text: bytes) -> str:
    """The reply code, and the enhanced one if there is one; never the text, in which servers repeat the address."""
    enhanced = _ENHANCED.match(text)
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)


def _cause(failure: OSError) -> str:
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{type(failure).__name__}, {_status(failure.smtp_code, _bytes(failure.smtp_error))}"
    if isinstance(failure, ssl.SSLCertVerificationError):
        return f"the certificate cannot be trusted, {failure.verify_message}"
    return type(failure).__name__


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
