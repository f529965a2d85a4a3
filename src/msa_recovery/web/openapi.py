"""The OpenAPI document of the API, made from what the code itself reads: the inputs, the states, the problem codes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msa_recovery import Channel, EventName, PasswordRule, Policy, ProblemCode, State, Strength
from msa_recovery.contrib.inputs import INPUTS, fields_of

from .faults import Fault
from .json_body import LONGEST_TEXT

__all__ = ["KEY_FORM", "document"]

Schema = dict[str, Any]

KEY_FORM: Final = "[!-~]{1,128}"
"""What an idempotency key looks like."""

_TEXT: Final[Schema] = {"type": "string", "maxLength": LONGEST_TEXT}
_SECRET: Final = frozenset({"password", "repeated", "code", "answer"})
_EVERYWHERE: Final = (Fault.TOO_MANY, Fault.UNAVAILABLE, Fault.BAD_REQUEST)
_WITH_BODY: Final = (Fault.TOO_LARGE, Fault.MEDIA_TYPE)


def document(policy: Policy) -> Schema:
    """The document, for the policy in force."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "msa_recovery",
            "version": "1",
            "description": "Mot de passe oublié: the journey, for hosts that draw their own screens. A mistake of the "
            "person is in the view, with status 200; a fault of the caller is a problem document (RFC 9457).",
        },
        "paths": {
            "/journeys": {
                "post": _call("Begin a recovery", _reply(201), faults=_WITH_BODY, body=_object({}), needs=False)
            },
            "/journey": {
                "get": _call("Where the journey is", _reply(200), faults=(Fault.UNKNOWN_HANDLE,), handle=True)
            },
            "/journey/events": {
                "post": _call(
                    "Send one event of the person",
                    _reply(200),
                    faults=(Fault.UNKNOWN_HANDLE, Fault.EVENT_NOT_ACCEPTED, Fault.JOURNEY_FINISHED, *_WITH_BODY),
                    body={"oneOf": [_event(event, policy) for event in INPUTS]},
                    handle=True,
                )
            },
            "/journey/strength": {
                "post": _call(
                    "How hard a new password is to guess",
                    _ok("The strength", _object({"strength": _enum(Strength)})),
                    faults=(Fault.UNKNOWN_HANDLE, *_WITH_BODY),
                    body=_object({"password": _password()}),
                    handle=True,
                )
            },
            "/journey/enter": {
                "post": _call(
                    "Open the private space after a journey that came to its good end",
                    _ok(
                        "Where the host leads to; its session comes in its own cookies", _object({"location": _STRING})
                    ),
                    faults=(Fault.UNKNOWN_HANDLE, Fault.NOT_OPEN, *_WITH_BODY),
                    body=_object({}),
                    needs=False,
                    handle=True,
                )
            },
            "/sign-in": {
                "post": _call(
                    "Sign in, with the usual or with a temporary password",
                    _ok(
                        "A journey, or where the host leads to",
                        {"anyOf": [_ref("Reply"), _object({"location": _STRING})]},
                    ),
                    faults=(Fault.SIGN_IN_REFUSED, *_WITH_BODY),
                    body=_object({"identifier": _TEXT, "password": _password()}),
                )
            },
            "/openapi.json": {"get": _call("This document", _ok("The document", {"type": "object"}))},
        },
        "components": {
            "schemas": {"Reply": _REPLY, "View": _VIEW, "Fault": _FAULT},
            "securitySchemes": {"handle": {"type": "http", "scheme": "bearer"}},
        },
    }


_STRING: Final[Schema] = {"type": "string"}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _enum(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _password() -> Schema:
    return {**_TEXT, "format": "password"}


def _event(event: EventName, policy: Policy) -> Schema:
    texts = {name: _password() if name in _SECRET else _TEXT for name in fields_of(INPUTS[event])}
    schema = _object({"event": {"const": event.value}, **texts})
    if event is EventName.SUBMIT_CODE:
        schema["description"] = f"A code of {policy.code_digits} digits."
    return schema


_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}

_VIEW: Final[Schema] = _object(
    {
        "chart": _enum(("recovery", "change")),
        "state": _enum(State),
        "title": _STRING,
        "lead": _STRING,
        "problem": _or_null(
            _object(
                {
                    "code": _enum(ProblemCode),
                    "text": _STRING,
                    "field": _or_null(_STRING),
                    "retry_at": _or_null(_MOMENT),
                    "limit": _or_null({"type": "integer"}),
                    "reasons": {
                        "type": "array",
                        "items": _object({"code": _enum(PasswordRule), "text": _STRING}),
                    },
                }
            )
        ),
        "may": {"type": "array", "items": _enum((*INPUTS, EventName.USE_FRANCECONNECT))},
        "now": _MOMENT,
        "deadline": _or_null(_MOMENT),
        "questions": {"type": "array", "items": _object({"kind": _STRING, "text": _STRING})},
        "choices": {
            "type": "array",
            "items": _object({"channel": _enum(Channel), "name": _STRING, "mask": _or_null(_STRING)}),
        },
        "channel": _or_null(_enum(Channel)),
        "mask": _or_null(_STRING),
        "code_deadline": _or_null(_MOMENT),
        "attempts_left": _or_null({"type": "integer"}),
        "resend_at": _or_null(_MOMENT),
        "contacts": {
            "type": "array",
            "items": _object(
                {"kind": _STRING, "name": _STRING, "text": _or_null(_STRING), "edited": {"type": "boolean"}}
            ),
        },
        "help": _object(dict.fromkeys(("name", "phone", "email", "hours", "open_now"), _STRING)),
    }
)

_REPLY: Final[Schema] = _object({"handle": _STRING, "opens": {"type": "boolean"}, "view": _ref("View")})

_FAULT: Final[Schema] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": [f"urn:msa-recovery:fault:{fault.slug}" for fault in Fault]},
        "title": _STRING,
        "status": {"type": "integer"},
        "detail": _STRING,
    },
    "required": ["type", "title", "status"],
    "additionalProperties": False,
}


def _ok(says: str, schema: Schema, status: int = 200) -> Schema:
    return {str(status): {"description": says, "content": {"application/json": {"schema": schema}}}}


def _reply(status: int) -> Schema:
    return _ok("The journey's handle from now on, and what may be shown", _ref("Reply"), status)


def _call(
    summary: str,
    answers: Schema,
    *,
    faults: tuple[Fault, ...] = (),
    body: Schema | None = None,
    needs: bool = True,
    handle: bool = False,
) -> Schema:
    said: dict[str, list[str]] = {}
    for fault in (*faults, *_EVERYWHERE):
        said.setdefault(str(fault.status), []).append(fault.title)
    problem = {"application/problem+json": {"schema": _ref("Fault")}}
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same for the same form, sent twice: then it acts once.",
        "schema": {"type": "string", "pattern": f"^{KEY_FORM}$"},
    }
    call: Schema = {
        "summary": summary,
        "responses": answers
        | {status: {"description": "; ".join(t), "content": problem} for status, t in said.items()},
    }
    if body is not None:
        call["parameters"] = [key]
        call["requestBody"] = {"required": needs, "content": {"application/json": {"schema": body}}}
    if handle:
        call["security"] = [{"handle": []}]
    return call
