"""A real SMTP server on loopback, which can be told to fail at each step of a conversation."""

import asyncio
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final, cast, final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from attrs import Factory, define

__all__ = ["LOOPBACK", "PASSWORD", "USER", "PostOffice", "opened"]

LOOPBACK: Final = "127.0.0.1"
USER: Final = "msa"
PASSWORD: Final = "correct horse"


@final
@define
class PostOffice:
    """What arrived, and what to answer.

    Attributes:
        answers: by command (``MAIL``, ``RCPT``, ``DATA``), in place of taking it.
        envelopes: what was taken, oldest first.
        encrypted: for each, whether it came encrypted.
        users: for each, who had signed in.
        port: where it listens.
    """

    answers: dict[str, str] = Factory(dict)
    envelopes: list[Envelope] = Factory(list)
    encrypted: list[bool] = Factory(list)
    users: list[str | None] = Factory(list)
    port: int = 0

    def mails(self) -> list[EmailMessage]:
        """What was taken, read as a mail client reads it."""
        return [message_from_bytes(cast(bytes, each.content), policy=policy.default) for each in self.envelopes]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("25"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.envelopes.append(envelope)
            self.encrypted.append(session.ssl is not None)
            self.users.append(cast("str | None", session.auth_data))
        return answer


def _judged(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right, auth_data=USER if right else None)


@contextmanager
def opened(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, sign_in: bool = False
) -> Generator[PostOffice]:
    """A server that is there for as long as the block runs."""
    office = PostOffice()
    controller = _Controller(
        office,
        LOOPBACK,
        0,
        ssl_context=tls,
        tls_context=starttls,
        auth_required=sign_in,
        authenticator=_judged if sign_in else None,
    )
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """Any port that is free."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
