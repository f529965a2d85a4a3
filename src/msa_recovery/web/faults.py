"""What an API caller is told of a call that cannot be answered: problem documents (RFC 9457), each with one status."""

from enum import Enum
from typing import final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

__all__ = ["Fault", "faulty", "refused"]


@final
class Fault(Enum):
    """The kinds: a name, which the document's ``type`` ends in, the status, and a title."""

    BAD_REQUEST = ("bad-request", 400, "The request cannot be read")
    UNKNOWN_HANDLE = ("unknown-handle", 401, "No journey has this handle")
    SIGN_IN_REFUSED = ("sign-in-refused", 401, "Wrong identifier or password")
    NOT_FOUND = ("not-found", 404, "There is nothing at this address")
    METHOD = ("method-not-allowed", 405, "This address does not take this method")
    EVENT_NOT_ACCEPTED = ("event-not-accepted", 409, "The journey's state does not accept this event; nothing changed")
    JOURNEY_FINISHED = ("journey-finished", 409, "The journey is over")
    NOT_OPEN = ("not-open", 409, "The journey does not open the private space")
    TOO_LARGE = ("too-large", 413, "The body is too long")
    MEDIA_TYPE = ("media-type", 415, "The body is not application/json")
    TOO_MANY = ("too-many-requests", 429, "Too many requests")
    UNAVAILABLE = ("unavailable", 503, "Nothing was done; the same call may be made again")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title


@final
class Refusal(HTTPException):
    """A call that is answered with a problem document."""

    def __init__(self, fault: Fault, detail: str | None, wait: int | None) -> None:
        headers = {} if wait is None else {"retry-after": str(wait)}
        if fault is Fault.UNKNOWN_HANDLE:
            headers["www-authenticate"] = "Bearer"
        super().__init__(fault.status, detail, headers)
        self.fault = fault
        self.said = detail


def refused(fault: Fault, detail: str | None = None, *, wait: int | None = None) -> HTTPException:
    """The exception that answers with a fault.

    Args:
        fault: which.
        detail: what is wrong with this call, never with a value that was sent.
        wait: seconds after which the same call may be made again.
    """
    return Refusal(fault, detail, wait)


def faulty(_: Request, error: Exception) -> Response:
    """The problem document of an exception; one that none of our own calls raised is known by its status."""
    of_status = {fault.status: fault for fault in Fault}
    status = error.status_code if isinstance(error, HTTPException) else Fault.UNAVAILABLE.status
    headers = error.headers if isinstance(error, HTTPException) else None
    fault = error.fault if isinstance(error, Refusal) else of_status.get(status, Fault.BAD_REQUEST)
    answer = {"type": f"urn:msa-recovery:fault:{fault.slug}", "title": fault.title, "status": fault.status}
    if isinstance(error, Refusal) and error.said is not None:
        answer["detail"] = error.said
    return JSONResponse(
        answer, status_code=fault.status, headers=dict(headers or {}), media_type="application/problem+json"
    )
