"""What came with a request: read to its cap and no further, and only in the one form that our pages send."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["LONGEST_BODY", "body_of", "form_of"]

LONGEST_BODY: Final = 16_384
"""Bytes. The longest password that is looked at, twice, written as a form, takes less."""

_MOST_FIELDS: Final = 16
_FORM: Final = "application/x-www-form-urlencoded"


async def body_of(request: Request) -> bytes:
    """The body.

    Raises:
        HTTPException: 413, it is longer than the cap, said or sent.
    """
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > LONGEST_BODY:
        raise HTTPException(413)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            raise HTTPException(413)
    return bytes(body)


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, each once: the last one of a name counts.

    Raises:
        HTTPException: 413, 415 for another type than a form's, 400 for what cannot be read.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    body = await body_of(request)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise HTTPException(400) from None
    return dict(pairs)
