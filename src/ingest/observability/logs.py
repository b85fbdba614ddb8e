"""Our log on standard error: as text for people or as one JSON object a line, and never with a secret in it."""

import json
import logging
import re
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from ..core.errors import IngestError
from ..core.log_lines import Line, course

HIDDEN = "***"
PROGRESS = "ingest.progress"  # whose lines are shown whatever the level: somebody waits for them
_KEYS = {"run": "run_id", "source": "source_id", "batch": "batch_id"}
# What stands between a scheme and an @, and what is given under a name that tells of a secret.
_USER_INFO = re.compile(r"(?<=://)[^/?#\s\"'<>]+@")
_NAMED_SECRET = re.compile(
    r"""((?:^|[^\w.-])[\w.-]*(?:token|secret|passw(?:or)?d|api[_-]?key|signature|authorization)["']?\s*[=:]\s*["']?)"""
    r"""((?:(?:bearer|basic)\s+)?[^\s&;,"'}<>]+)""",
    re.IGNORECASE,
)


class Veil:
    """Hides secrets in what is said: those it was told of, and what looks like one in an address."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self.secrets = frozenset(secret for secret in secrets if secret)

    def over(self, said: str) -> str:
        """Return what may be shown of it."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            said = said.replace(secret, HIDDEN)
        return _NAMED_SECRET.sub(rf"\1{HIDDEN}", _USER_INFO.sub(f"{HIDDEN}@", said))


class TextLines(logging.Formatter):
    """Time, level and what there is to say."""

    def __init__(self, veil: Veil) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._veil = veil

    def format(self, record: logging.LogRecord) -> str:
        """Write it for a person."""
        return self._veil.over(super().format(record))


class JsonLines(logging.Formatter):
    """One object a line, with the keys of what was under way."""

    def __init__(self, veil: Veil) -> None:
        super().__init__()
        self._veil = veil

    def format(self, record: logging.LogRecord) -> str:
        """Write it for a program."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **course(),
        }
        if isinstance(record.msg, Line):
            told |= fields_of(record.msg)
        if record.exc_info and record.exc_info[1]:
            told["error"] = self._error(record.exc_info[1], self.formatException(record.exc_info))
        return json.dumps(self._shown(told), ensure_ascii=False, default=str)

    def _error(self, error: BaseException, traceback: str) -> dict[str, str]:
        reason = error.reason if isinstance(error, IngestError) else "defect"
        return {"type": type(error).__name__, "reason": reason, "detail": str(error), "traceback": traceback}

    def _shown(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._shown(one) for key, one in value.items()}
        if isinstance(value, str):
            return self._veil.over(value)
        return value if isinstance(value, bool | int | float | None) else self._veil.over(str(value))


def fields_of(line: Line) -> dict[str, Any]:
    """Part a line into its event, its keys under their whole names, its counts, and what else it says."""
    keys = {_KEYS[name]: value for name, value in line.fields.items() if name in _KEYS}
    rest = {name: value for name, value in line.fields.items() if name not in _KEYS}
    counts = {
        name: value for name, value in rest.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }
    details = {name: value for name, value in rest.items() if name not in counts}
    told = {"event": line.event, **keys, "counts": counts, "details": details}
    return {name: value for name, value in told.items() if value not in (None, {})}


class _ToStandardError(logging.Handler):
    """Writes to what standard error is when a line is said: a bar on a terminal stands in for it for a while."""

    def __init__(self, least: int) -> None:
        super().__init__()
        self._least = least

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= self._least or record.name == PROGRESS

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001  as the library's own handlers do: a log must not end what it tells of
            self.handleError(record)


def log_to_standard_error(level: str, *, form: str = "text", secrets: Collection[str] = ()) -> None:
    """Send our log lines to standard error, from a level on; called again, the last call counts."""
    logger = logging.getLogger("ingest")
    least = logging.getLevelNamesMapping()[level.upper()]
    handler = _ToStandardError(least)
    handler.setFormatter((JsonLines if form == "json" else TextLines)(Veil(secrets)))
    logger.handlers = [one for one in logger.handlers if not isinstance(one, _ToStandardError)] + [handler]
    logger.setLevel(min(least, *(one.level for one in logger.handlers if one.level), logging.CRITICAL))
    logging.getLogger(PROGRESS).setLevel(logging.INFO)
    logger.propagate = False
