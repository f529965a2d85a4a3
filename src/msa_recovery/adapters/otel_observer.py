"""Facts as counters and spans of OpenTelemetry (extra ``otel``), without anything that tells of a single person."""

from typing import Final, final

from opentelemetry import metrics, trace

from msa_recovery.application.facts import AuditRow

__all__ = ["OtelObserver"]

_SCOPE: Final = "msa_recovery"


@final
class OtelObserver:
    """Counts each fact in ``msa_recovery.facts``, and notes it in the trace: as an event of the span that the host has
    open, or else as a span of its own without any length.

    The attributes are the name of the fact, the row and the reason, each one of a closed list: no pseudonym and no
    journey, which would make a time series of every person, and tell an observer of the traffic who does what.

    Args:
        meters: where counters come from; the global provider if nothing is said.
        tracers: where spans come from; the global provider if nothing is said.
    """

    def __init__(
        self, meters: metrics.MeterProvider | None = None, tracers: trace.TracerProvider | None = None
    ) -> None:
        meter = metrics.get_meter(_SCOPE, meter_provider=meters)
        self._tracer = trace.get_tracer(_SCOPE, tracer_provider=tracers)
        self._facts = meter.create_counter("msa_recovery.facts", unit="{fact}", description="Facts of the audit.")

    def observe(self, row: AuditRow) -> None:
        fact = row.fact
        attributes = {"msa_recovery.fact": fact.name.value}
        if fact.row:
            attributes["msa_recovery.row"] = fact.row
        if fact.reason is not None:
            attributes["msa_recovery.reason"] = fact.reason.value
        self._facts.add(1, attributes)
        name = f"{_SCOPE}.{fact.name.value}"
        span = trace.get_current_span()
        if span.is_recording():
            span.add_event(name, attributes)
        else:
            self._tracer.start_span(name, attributes=attributes).end()
