"""SMS over a gateway that speaks HTTP: one request a message, and the answer for an answer."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from logging import getLogger
from re import compile as pattern
from typing import TYPE_CHECKING, Final, cast, final

from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected, TryLater
from msa_recovery.application.ports import Clock
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import checked
from msa_recovery.texts import TEXTS, Texts

from .clocks import SystemClock
from .given import need, trusting
from .sms_shape import Encoding, SmsGateway, filled, word_at
from .time_limit import TimeLimit

if TYPE_CHECKING:
    import httpx

__all__ = ["SmsGatewayMessenger"]

_LOGGER: Final = getLogger("msa_recovery.sms")

_NUMBER: Final = pattern(r"\+[1-9][0-9]{6,14}")
"""E.164."""

_ANSWER_SIZE: Final = 65_536
"""Bytes of an answer that are read: its id is in the first few hundred."""

_LONGEST_WAIT: Final = timedelta(days=1)
"""What a gateway may ask for by ``Retry-After``; more is taken for a mistake."""

_SUCCESS: Final = range(200, 300)


@final
class SmsGatewayMessenger:
    """Sends SMS; threads may share it, and so may what is forked.

    Nothing that fails names a number, a text or a key of the host's: not the answer, not the log.

    Args:
        gateway: the gateway.
        texts: the words; the shipped ones when nothing is said.
        clock: by which ``Retry-After`` is counted; the system's when nothing is said.
        on_taken: is told the key and the provider's id (empty where the gateway gives none) once an SMS is taken, so
            that a receipt can be matched later. What it raises is logged: the SMS is gone.

    Raises:
        CallerError: the extra ``sms`` is not installed, or the gateway's authorities cannot be read.
    """

    def __init__(
        self,
        gateway: SmsGateway,
        *,
        texts: Texts = TEXTS,
        clock: Clock | None = None,
        on_taken: Callable[[MessageId, str], None] | None = None,
    ) -> None:
        need("httpx", "SMS", "sms")
        self._gateway = checked(gateway, SmsGateway, "gateway")
        self._texts = checked(texts, Texts, "texts")
        self._clock = clock or SystemClock()
        self._on_taken = on_taken
        self._context = trusting(gateway.authorities)

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Hand one SMS to the gateway. A second one with the same key is the same request, with the same ``{key}``."""
        import httpx

        if message.channel is not Channel.SMS:
            return Rejected(f"this messenger delivers by {Channel.SMS}, not by {message.channel}")
        if len(message.to) != 1 or not _NUMBER.fullmatch(message.to[0]):
            return Rejected("not a phone number")
        values = {
            "to": message.to[0],
            "digits": message.to[0].removeprefix("+"),
            "text": self._texts.message_text(message).body,
            "key": str(key),
        }
        try:
            response, body = self._posted(values)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as failure:
            # Its request holds the number, the text and the keys: nothing but its name is taken.
            return self._waits(key, type(failure).__name__)
        return self._judged(key, response, body)

    def _posted(self, values: Mapping[str, str]) -> "tuple[httpx.Response, bytes]":
        import httpx

        gateway = self._gateway
        content = cast("dict[str, object]", filled(dict(gateway.body), values))
        headers = cast("dict[str, str]", filled(dict(gateway.headers), values))
        password = gateway.password
        auth = None if gateway.user is None or password is None else httpx.BasicAuth(gateway.user, password.reveal())
        with (
            TimeLimit(gateway.patience) as limit,
            httpx.Client(
                verify=self._context,
                proxy=gateway.proxy,
                timeout=gateway.timeout,
                # Whoever could redirect it could read it; and whatever the environment holds is not meant for it.
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream(
                "POST",
                gateway.url,
                headers=headers,
                auth=auth,
                json=content if gateway.encoding is Encoding.JSON else None,
                data=content if gateway.encoding is Encoding.FORM else None,
                extensions={"trace": limit.trace},
            ) as response,
        ):
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _ANSWER_SIZE:
                    break
            return response, body[:_ANSWER_SIZE]

    def _judged(self, key: MessageId, response: "httpx.Response", body: bytes) -> Delivery:
        gateway, status = self._gateway, response.status_code
        if status in gateway.refusals:
            return Rejected(f"the gateway answers {status}")
        if status not in _SUCCESS:
            return self._waits(key, f"it answers {status}", self._retry_at(response))
        answer = _json(body)
        if gateway.status_at:
            said = word_at(gateway.status_at, answer)
            if said is None:
                return self._waits(key, "its answer has no status where one should be")
            if said in gateway.status_later:
                return self._waits(key, "it says later")
            if said not in gateway.status_taken:
                return Rejected("the gateway's status says no")
        reference = word_at(gateway.reference_at, answer) if gateway.reference_at else ""
        if reference is None:
            return self._waits(key, "its answer has no id where one should be")
        self._tell(key, reference)
        return Delivered()

    def _tell(self, key: MessageId, reference: str) -> None:
        if self._on_taken is None:
            return
        try:
            self._on_taken(key, reference)
        except Exception:
            _LOGGER.exception("SMS %s is taken, and whoever should be told failed", key)

    def _retry_at(self, response: "httpx.Response") -> datetime | None:
        """RFC 9110, 10.2.3: so many seconds, or a date."""
        said = response.headers.get("Retry-After", "").strip()
        now = self._clock.now()
        if said.isascii() and said.isdigit():
            return now + min(timedelta(seconds=int(said[:9])), _LONGEST_WAIT)
        try:
            at = parsedate_to_datetime(said)
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return min(at, now + _LONGEST_WAIT)

    def _waits(self, key: MessageId, why: str, retry_at: datetime | None = None) -> TryLater:
        _LOGGER.warning("SMS %s waits: %s", key, why)
        return TryLater(retry_at)


def _json(body: bytes) -> object:
    """What the answer says, or nothing if that cannot be read."""
    try:
        return cast("object", json.loads(body))
    except (ValueError, RecursionError):
        return None
