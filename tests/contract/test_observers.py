"""The shipped observers keep the contract of an observer."""

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider

from msa_recovery.adapters.logging_observer import LoggingObserver
from msa_recovery.adapters.otel_observer import OtelObserver
from msa_recovery.adapters.spray_alarm import SprayAlarm
from msa_recovery.application.async_ports import AsyncObserver
from msa_recovery.application.facts import AuditRow
from msa_recovery.application.ports import Observer
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.testing.contracts import ObserverContract


class TestLoggingObserver(ObserverContract):
    @pytest.fixture
    def observer(self) -> Observer:
        return LoggingObserver()


class TestOtelObserver(ObserverContract):
    @pytest.fixture
    def observer(self) -> Observer:
        return OtelObserver(MeterProvider(shutdown_on_exit=False), TracerProvider(shutdown_on_exit=False))


class TestSprayAlarm(ObserverContract):
    @pytest.fixture
    def observer(self) -> Observer:
        return SprayAlarm(1)


class Awaited:
    """Concludes from each wrong guess that somebody should look."""

    async def observe(self, row: AuditRow) -> Fact | None:
        return Fact(FactName.SPRAY_ALARM) if row.fact.reason else None


class TestAwaitedObserver(ObserverContract):
    @pytest.fixture
    def observer(self) -> AsyncObserver:
        return Awaited()
