"""The body of an API call: one flat object of texts, and nothing that the document does not name."""

import json
from collections.abc import Mapping
from typing import Final, NoReturn, cast

from starlette.requests import Request

from msa_recovery.contrib.inputs import INPUTS, fields_of, kind_of

from .body import body_of
from .faults import Fault, refused

__all__ = ["LONGEST_TEXT", "texts_of"]

LONGEST_TEXT: Final = 1_024
"""Code points. No field of a person is longer."""


async def texts_of(request: Request, wanted: tuple[str, ...] | None) -> Mapping[str, str]:
    """The texts of a body.

    Args:
        request: the call.
        wanted: their names, all of them needed; ``None`` for an event, whose name says what else is needed. With no
            name at all the body may be left out.

    Raises:
        HTTPException: 400 with what is wrong, 413, 415.
    """
    body = await body_of(request)
    if wanted == () and not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise refused(Fault.MEDIA_TYPE)
    try:
        read: object = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise refused(Fault.BAD_REQUEST, "the body is no JSON") from None
    if not isinstance(read, dict):
        raise refused(Fault.BAD_REQUEST, "the body is no object")
    texts = cast(dict[str, object], read)
    names = _of_event(texts) if wanted is None else wanted
    if set(texts) != set(names):
        raise refused(Fault.BAD_REQUEST, f"the fields are {', '.join(names) or 'none'}, and no other")
    for name in names:
        text = texts[name]
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise refused(Fault.BAD_REQUEST, f"{name}: a text of at most {LONGEST_TEXT} characters")
    return cast(dict[str, str], texts)


def _of_event(read: Mapping[str, object]) -> tuple[str, ...]:
    kind = kind_of(str(read.get("event")))
    if kind is None:
        raise refused(Fault.BAD_REQUEST, f"event: one of {', '.join(INPUTS)}")
    return ("event", *fields_of(kind))


def _no_constant(_: str) -> NoReturn:
    raise ValueError
