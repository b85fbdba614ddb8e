"""Joins whoever watches to their edges: log, traces, metrics. Nothing is opened or imported before it is used."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from ..core.errors import Misconfigured
from ..core.settings import Settings, load_settings, telemetry_wanted
from ..core.spans import NoTracer, Tracer

if TYPE_CHECKING:
    from ..state import State
    from ..warehouse.warehouse import Warehouse


def log_as_set(settings: Settings) -> None:
    """Send our log to standard error as the settings have it, whoever takes the steps."""
    from .logs import log_to_standard_error

    log_to_standard_error(settings.log_level, form=settings.log_format, secrets=settings.secrets)


@cache
def tracer() -> Tracer:
    """Return what takes note of spans: OpenTelemetry where its standard variables name a receiver, else nothing."""
    if not telemetry_wanted():
        return NoTracer()
    try:
        from .traces import OtelTracer
    except ImportError as error:
        said = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the extra `telemetry` is not installed"
        message = f"{said}: pip install 'news-ingest[telemetry]', or unset it ({error})"
        raise Misconfigured(message, about="telemetry") from error
    return OtelTracer(secrets=load_settings().secrets)


def write_metrics(
    settings: Settings, listed: Sequence[str], now: datetime, *, state: "State", warehouse: "Warehouse"
) -> None:
    """Write the metrics of the listed sources where the settings want them, if they do."""
    if path := settings.metrics_path:
        from .metrics import write_metrics

        is_for_others = (
            settings.metrics_file is not None
        )  # another user's exporter reads it; else we serve it ourselves
        write_metrics(path, listed, now, state=state, warehouse=warehouse, mode=0o644 if is_for_others else 0o600)


@contextmanager
def metrics_served(settings: Settings) -> Iterator[None]:
    """Answer Prometheus while the block runs, where the settings name a port; with what the last run wrote."""
    if settings.metrics_port is None or settings.metrics_path is None:
        yield
        return
    from .metrics import served

    with served(settings.metrics_path, settings.metrics_host, settings.metrics_port):
        yield
