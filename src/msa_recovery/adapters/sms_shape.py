"""What the gateways of this world have in common, and where they differ: the shape of a request and of its answer.

A request is one POST. Wherever a text of its headers or its body has one of these, it is put in:

=============  =========================================================================================
``{to}``       the number in E.164, ``+33612345678``
``{digits}``   the same without the plus, ``33612345678``
``{text}``     the whole SMS
``{key}``      the idempotency key: the gateway's reference of the client, or its header ``Idempotency-Key``
=============  =========================================================================================
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias, cast, final
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen

from msa_recovery.domain.errors import CallerError, checked
from msa_recovery.domain.secret import Secret

from .given import as_authorities, as_words, check_seconds, check_sign_in, check_text, one_of

__all__ = ["Encoding", "Place", "Said", "SmsGateway", "check_place", "filled", "word_at"]

Place: TypeAlias = tuple[str | int, ...]
"""Where something is in a JSON answer: ``("messages", 0, "id")``."""

Said: TypeAlias = "str | Secret | int | bool | list[Said] | dict[str, Said] | None"
"""What a body is made of."""

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_KNOWN: Final = frozenset({"to", "digits", "text", "key"})
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_FAILURES: Final = range(400, 600)


@final
class Encoding(StrEnum):
    """How the body is written."""

    JSON = "json"
    FORM = "form"


def filled(said: Said, values: Mapping[str, str]) -> Said:
    """The same with every placeholder of every text in it replaced, once: what is put in is not looked at again."""
    match said:
        case str():
            return _PLACEHOLDER.sub(lambda match: values[match[1]], said)
        case Secret():
            return said.reveal()
        case list():
            return [filled(each, values) for each in said]
        case dict():
            return {name: filled(each, values) for name, each in said.items()}
        case _:
            return said


def _found(place: Place, data: object) -> object:
    """What stands at that place; ``None`` where there is no such place."""
    for step in place:
        if isinstance(step, str) and isinstance(data, dict):
            data = cast("dict[object, object]", data).get(step)
        elif isinstance(step, int) and isinstance(data, list):
            listed = cast("list[object]", data)
            data = listed[step] if -len(listed) <= step < len(listed) else None
        else:
            return None
    return data


def word_at(place: Place, data: object) -> str | None:
    """The text or the number that stands at that place, as text."""
    value = _found(place, data)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _placeholders(said: Said) -> set[str]:
    match said:
        case str():
            return set(_PLACEHOLDER.findall(said))
        case list():
            return set[str]().union(*map(_placeholders, said))
        case dict():
            return set[str]().union(*map(_placeholders, said.values()))
        case _:
            return set()


def check_place(_: object, attribute: "Attribute[Place]", value: Place) -> None:
    """An attrs validator. ``("id")`` is a text, at which nothing would ever be found."""
    # True and False are whole numbers too, and no place in a list.
    if not isinstance(value, tuple) or any(type(step) not in (str, int) for step in value):
        raise CallerError(f'{attribute.name}: a tuple, ("id",)')


def _encoding(value: Encoding | str) -> Encoding:
    return one_of(Encoding, value, "encoding")


def _status_taken(value: Collection[str]) -> frozenset[str]:
    return as_words(value, "status_taken")


def _status_later(value: Collection[str]) -> frozenset[str]:
    return as_words(value, "status_later")


def _refusals(value: Collection[int]) -> frozenset[int]:
    if not isinstance(value, Collection) or any(type(each) is not int or each not in _FAILURES for each in value):
        raise CallerError(f"refusals: HTTP statuses from {_FAILURES[0]} to {_FAILURES[-1]}, as numbers")
    return frozenset(value)


def _listed(name: str, given: Mapping[str, Said]) -> dict[str, Said]:
    if not isinstance(given, Mapping):
        raise CallerError(f"{name}: names with what each says, not {type(given).__name__}")
    listed = dict(given)
    _check_said(name, listed)
    return listed


def _check_said(name: str, said: Said) -> None:
    """What is of another type goes as it is, or not at all: a tuple with its placeholders, a set."""
    match said:
        case str() | Secret() | int() | None:
            pass
        case list():
            for each in said:
                _check_said(name, each)
        case dict():
            for key, each in said.items():
                if not isinstance(key, str):
                    raise CallerError(f"{name}: names are texts, not {type(key).__name__}")
                _check_said(name, each)
        case _:
            raise CallerError(f"{name}: no {type(said).__name__}, but texts, whole numbers, Secret, lists and dicts")


def _check_url(_: "SmsGateway", __: "Attribute[str]", value: str) -> None:
    url = urlsplit(checked(value, str, "url"))
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _HERE):
        raise CallerError("url: https, or http on this machine: an SMS holds a secret")
    if url.username is not None or url.password is not None:
        raise CallerError("url: user and password have fields of their own: addresses are logged")
    if _PLACEHOLDER.search(value):
        raise CallerError("url: no placeholder: a secret or a number is never part of an address")


def _check_names(field_name: str, said: Said, known: frozenset[str]) -> None:
    if unknown := sorted(_placeholders(said) - known):
        raise CallerError(f"{field_name}: {{{unknown[0]}}} is not put in here, only {', '.join(sorted(known))}")


def _check_body(gateway: "SmsGateway", __: "Attribute[Mapping[str, Said]]", value: Mapping[str, Said]) -> None:
    body = _listed("body", value)
    _check_names("body", body, _KNOWN)
    if "text" not in _placeholders(body):
        raise CallerError("body: {text} goes somewhere, or every SMS is empty")
    if not (_placeholders(body) | _placeholders(dict(gateway.headers))) & {"to", "digits"}:
        raise CallerError("body: {to} or {digits} goes somewhere, or no SMS says to whom")


def _check_headers(
    _: "SmsGateway", __: "Attribute[Mapping[str, str | Secret]]", value: Mapping[str, str | Secret]
) -> None:
    headers = _listed("headers", value)
    if not all(isinstance(each, str | Secret) for each in headers.values()):
        raise CallerError("headers: texts and Secret only")
    # A text has line breaks.
    _check_names("headers", headers, _KNOWN - {"text"})


def _check_form(gateway: "SmsGateway", _: "Attribute[Encoding]", value: Encoding) -> None:
    if value is Encoding.FORM and any(isinstance(each, list | dict) for each in gateway.body.values()):
        raise CallerError("body: a form has texts and numbers only")


def _check_status(gateway: "SmsGateway", _: "Attribute[Place]", value: Place) -> None:
    if value and not gateway.status_taken:
        raise CallerError("status_taken: what the gateway says at status_at of an SMS that it took")
    if (gateway.status_taken or gateway.status_later) and not value:
        raise CallerError("status_at: where the gateway says what status_taken and status_later are compared with")


def _check_proxy(_: "SmsGateway", __: "Attribute[str | None]", value: str | None) -> None:
    # It may have a password, so it is not shown.
    if value is not None and not re.fullmatch(r"(https?|socks5h?)://\S+", checked(value, str, "proxy")):
        raise CallerError("proxy: an address such as http://proxy.example:3128")


def _no_headers() -> dict[str, str | Secret]:
    return {}


@final
@frozen(kw_only=True)
class SmsGateway:
    """One gateway, as its manual describes it. A bad value is a :class:`CallerError` that names it.

    Attributes:
        url: where an SMS is handed in; ``http`` only on this machine, a :class:`CallerError` otherwise.
        body: what is sent, with placeholders, ``{text}`` among them; a key of the host's is a :class:`Secret`.
        encoding: of the body.
        headers: such as ``Authorization``, with placeholders; a key of the host's is a :class:`Secret`.
        user: who signs in by HTTP Basic, if the gateway asks for it.
        password: that of the user.
        reference_at: where the provider's id is in a JSON answer. With a place, an answer that has none there is no
            answer, and the message waits.
        status_at: where a JSON answer says what became of the message, at gateways that answer 200 to everything.
        status_taken: what it says there when it took the message, as text: ``{"0"}``.
        status_later: what it says there when it may be asked again; whatever else it says rejects the message.
        refusals: the HTTP statuses by which it says that this number or text will never be taken. All others of 4xx
            are about the host's account or the address of the gateway: they keep the message waiting.
        authorities: as that of an ``SmtpServer``.
        proxy: through which the gateway is reached, ``http://proxy.example:3128``. The environment is not asked.
        timeout: how long each step may take, in seconds: to connect, to send, to wait, to read.
        patience: how long all of them together may take, in seconds: less than the 50 that a relay waits.
    """

    url: str = field(validator=_check_url)
    body: Mapping[str, Said] = field(validator=_check_body)
    encoding: Encoding = field(default=Encoding.JSON, converter=_encoding, validator=_check_form)
    headers: Mapping[str, str | Secret] = field(factory=_no_headers, validator=_check_headers)
    user: str | None = field(default=None, validator=check_text)
    password: Secret | None = field(default=None, validator=check_sign_in)
    reference_at: Place = field(default=(), validator=check_place)
    status_at: Place = field(default=(), validator=[check_place, _check_status])
    status_taken: frozenset[str] = field(default=frozenset(), converter=_status_taken)
    status_later: frozenset[str] = field(default=frozenset(), converter=_status_later)
    refusals: frozenset[int] = field(default=frozenset({400, 422}), converter=_refusals)
    authorities: Path | None = field(default=None, converter=as_authorities)
    proxy: str | None = field(default=None, repr=False, validator=_check_proxy)
    timeout: float = field(default=15.0, validator=check_seconds)
    patience: float = field(default=45.0, validator=check_seconds)
