"""Schemathesis calls the API with whatever its document allows and forbids, and finds nothing to say."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from msa_recovery import AsyncRecovery, Caller
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage
from msa_recovery.web import Settings, recovery_app

STAGE = Stage.sample(MONDAY_MORNING)
APP = recovery_app(AsyncRecovery.of(STAGE.recovery), settings=Settings(posts="999999/second", gets="999999/second"))
SCHEMA = schemathesis.openapi.from_asgi("/api/openapi.json", APP)


@SCHEMA.auth(refresh_interval=None)  # pyright: ignore[reportUntypedFunctionDecorator]
class NewHandle:
    """A journey of its own for every call."""

    def get(self, case: Any, context: Any) -> str:
        return STAGE.recovery.begin(Caller()).handle.reveal()

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@SCHEMA.parametrize()  # pyright: ignore[reportUntypedFunctionDecorator]
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_every_call_is_answered_as_the_document_says(case: Any) -> None:
    case.call_and_validate()
