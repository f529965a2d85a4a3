"""What OpenTelemetry is told of each fact: its kind, and nobody's name."""

from typing import Any

import pytest
from attrs import evolve
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from msa_recovery.adapters.otel_observer import OtelObserver
from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import NIR_OF_MARIE, START
from tests.support.house import House

ROW = AuditRow(START, "a pseudonym", "a journey", Fact(FactName.ROW_FIRED, "a.row.1", ProblemCode.CODE_WRONG))
ATTRIBUTES = {"msa_recovery.fact": "row_fired", "msa_recovery.row": "a.row.1", "msa_recovery.reason": "code_wrong"}


class Collector:
    """What a collector of OpenTelemetry gets."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self._spans = InMemorySpanExporter()
        self.tracers = TracerProvider(shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.observer = OtelObserver(MeterProvider([self._reader], shutdown_on_exit=False), self.tracers)

    def counts(self) -> list[tuple[dict[str, Any], float]]:
        data = self._reader.get_metrics_data()
        assert data is not None
        (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
        assert "msa_recovery.facts" == metric.name
        points: Any = metric.data.data_points
        return [(dict(point.attributes), point.value) for point in points]

    def spans(self) -> list[tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]]]]:
        return [
            (
                span.name,
                dict(span.attributes or {}),
                [(event.name, dict(event.attributes or {})) for event in span.events],
            )
            for span in self._spans.get_finished_spans()
        ]


@pytest.fixture
def collector() -> Collector:
    return Collector()


def test_facts_are_counted_by_name_row_and_reason(collector: Collector) -> None:
    collector.observer.observe(ROW)
    collector.observer.observe(evolve(ROW, account="somebody else"))
    assert [(ATTRIBUTES, 2)] == collector.counts()


def test_a_fact_without_row_and_reason_is_counted_by_its_name(collector: Collector) -> None:
    collector.observer.observe(evolve(ROW, fact=Fact(FactName.SPRAY_ALARM)))
    assert [({"msa_recovery.fact": "spray_alarm"}, 1)] == collector.counts()


def test_a_fact_is_an_event_of_the_span_of_the_host(collector: Collector) -> None:
    with collector.tracers.get_tracer("host").start_as_current_span("a request"):
        collector.observer.observe(ROW)
    assert [("a request", {}, [("msa_recovery.row_fired", ATTRIBUTES)])] == collector.spans()


def test_outside_of_any_span_a_fact_is_a_span_of_its_own(collector: Collector) -> None:
    collector.observer.observe(ROW)
    assert [("msa_recovery.row_fired", ATTRIBUTES, [])] == collector.spans()


def test_nothing_tells_of_a_single_person(collector: Collector) -> None:
    """R49: not even a pseudonym."""
    house = House(observers=(collector.observer,))
    house.at_contacts()
    told = f"{collector.counts()} {collector.spans()}"
    names = {name for row in house.store.audit() for name in (row.account, row.journey) if name}
    assert [] == [name for name in (*names, NIR_OF_MARIE.replace(" ", "")) if name in told]


def test_a_host_that_has_set_up_nothing_is_not_disturbed() -> None:
    house = House(observers=(OtelObserver(),))
    house.at_contacts()
    assert house.facts()
