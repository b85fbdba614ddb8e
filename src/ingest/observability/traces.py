"""Traces by OpenTelemetry, sent to whoever the standard variables (`OTEL_EXPORTER_OTLP_ENDPOINT`) name.

A provider of our own: what Prefect or others trace in this process goes its own way.
"""

import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import Status, StatusCode

from .. import __version__
from ..core.errors import IngestError, Transient
from ..core.log_lines import Line, line
from ..core.spans import Attributes, Span
from .logs import Veil, fields_of

log = logging.getLogger("ingest")

DELIVERY_SECONDS = 5.0  # a collector that is away must not hold up a run

_current: ContextVar["OtelTime | None"] = ContextVar("current", default=None)


class OtelTime:
    """A span under way, and the counts that were told in it so far."""

    def __init__(self, span: OtelSpan) -> None:
        self.span = span
        self.counts: dict[str, int | float] = {}

    def end(self) -> None:
        """End it."""
        self.span.end()


class OtelTracer:
    """Takes note of spans, and of what the log says in the course of each."""

    def __init__(self, *, secrets: Collection[str] = ()) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # we tell of what is lost, once
        ours = Resource({"service.name": "news-ingest", "service.version": __version__})
        self._veil = Veil(secrets)
        self._exporter = _Noting(OTLPSpanExporter())
        # Ended by us: the library's own way out waits for a collector that is away.
        self._provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("ingest", __version__)
        logger = logging.getLogger("ingest")
        logger.addHandler(_IntoSpans(self._veil))
        logger.setLevel(min(logger.getEffectiveLevel(), logging.INFO))

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[None]:
        """Take note of the block; an error that ends it is noted and goes on."""
        time = self.begin(name, attributes)
        before = _current.set(time)
        try:
            yield
        except BaseException as error:
            self._note(error, time.span)
            raise
        finally:
            _current.reset(before)
            time.end()

    def begin(self, name: str, attributes: Attributes) -> OtelTime:
        """Begin a span within the current one."""
        current = _current.get()
        parent = trace.set_span_in_context(current.span if current else trace.INVALID_SPAN)
        return OtelTime(self._tracer.start_span(name, parent, attributes=dict(attributes)))

    @contextmanager
    def within(self, span: Span) -> Iterator[None]:
        """Make a span the current one in the block, and on threads that take its context over."""
        before = _current.set(span if isinstance(span, OtelTime) else None)
        try:
            yield
        finally:
            _current.reset(before)

    def deliver(self) -> None:
        """Hand over what has ended; what is not taken in time is told and given up."""
        delivering = threading.Thread(target=self._provider.force_flush, daemon=True)
        delivering.start()
        delivering.join(DELIVERY_SECONDS)
        if delivering.is_alive():
            log.warning(line("traces_late", seconds=DELIVERY_SECONDS))
        elif lost := self._exporter.take_lost():
            log.warning(line("traces_lost", spans=lost))

    def _note(self, error: BaseException, span: OtelSpan) -> None:
        said = self._veil.over(str(error))
        span.set_attribute("error.type", error.reason if isinstance(error, IngestError) else type(error).__name__)
        span.set_attribute("ingest.is_transient", isinstance(error, Transient))
        if isinstance(error, IngestError) and error.kind:
            span.set_attribute("ingest.error_kind", error.kind)
        span.set_status(Status(StatusCode.ERROR, said))


class _IntoSpans(logging.Handler):
    """Gives the current span what the log says: an event for each line, and its counts, added up."""

    def __init__(self, veil: Veil) -> None:
        super().__init__(logging.INFO)
        self._veil = veil

    def emit(self, record: logging.LogRecord) -> None:
        time = _current.get()
        if time is None or not isinstance(record.msg, Line):
            return
        told = fields_of(record.msg)
        for name, count in told.get("counts", {}).items():
            time.counts[name] = time.counts.get(name, 0) + count
            time.span.set_attribute(f"ingest.{name}", time.counts[name])
        noted: dict[str, str | int | float] = {key: str(told[key]) for key in ("source_id", "batch_id") if key in told}
        noted |= told.get("counts", {})
        noted |= {name: self._veil.over(str(value)) for name, value in told.get("details", {}).items()}
        time.span.add_event(record.msg.event, noted)


class _Noting(SpanExporter):
    """Sends spans on, and counts those that were not taken."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._lost = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self._lost += len(spans)
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)

    def take_lost(self) -> int:
        lost, self._lost = self._lost, 0
        return lost
