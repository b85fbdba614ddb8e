"""The event that `ingest listen` sends to Prefect when something was pushed or pinged."""

from datetime import datetime

from prefect.events import emit_event

from .deployments import SOURCE_PINGED


def emit_ping(source_id: str, reason: str, received_at: datetime) -> None:
    """Tell that a source was pushed or pinged. It is heard by whoever listens now: what waits is kept elsewhere."""
    emit_event(
        event=SOURCE_PINGED,
        resource={"prefect.resource.id": f"ingest.source.{source_id}"},
        payload={"source_id": source_id, "reason": reason, "received_at": received_at.isoformat()},
    )
