"""A receiver of traces on loopback: takes what OpenTelemetry sends over HTTP, or falls silent."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A span as it arrived."""

    span_id: bytes
    parent_id: bytes
    trace_id: bytes
    name: str
    attributes: dict[str, Any]
    events: tuple[str, ...]
    failed: bool
    began: int
    ended: int


@dataclass
class TraceReceiver:
    """Answers 200 and remembers, or keeps whoever sends waiting."""

    hangs: bool = False
    spans: list[Told] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""

    def __enter__(self) -> "TraceReceiver":
        self._stop = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.hangs:
                    receiver._stop.wait()
                receiver._take(body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library names it
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def named(self, name: str) -> list[Told]:
        return [span for span in self.spans if span.name == name]

    def path(self, span: Told) -> list[str]:
        """Name a span and those around it, outermost first."""
        by_id = {one.span_id: one for one in self.spans}
        names = [span.name]
        while span.parent_id:
            span = by_id[span.parent_id]
            names.insert(0, span.name)
        return names

    def _take(self, body: bytes) -> None:
        self.raw += body
        request = ExportTraceServiceRequest.FromString(body)
        for resource_spans in request.resource_spans:
            self.resource |= _plain(resource_spans.resource.attributes)
            for scope in resource_spans.scope_spans:
                for span in scope.spans:
                    told = Told(
                        span_id=span.span_id,
                        parent_id=span.parent_span_id,
                        trace_id=span.trace_id,
                        name=span.name,
                        attributes=_plain(span.attributes),
                        events=tuple(event.name for event in span.events),
                        failed=span.status.code == 2,
                        began=span.start_time_unix_nano,
                        ended=span.end_time_unix_nano,
                    )
                    self.spans.append(told)


def _plain(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
