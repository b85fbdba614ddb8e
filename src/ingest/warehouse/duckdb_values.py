"""How our values are handed to DuckDB."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal


def json_of(row: Mapping[str, object]) -> str:
    """Return a row as JSON: decimals as text, which keeps them exact, moments and days in ISO 8601."""
    text = _ENCODER.encode(row)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no text


def written(value: str) -> str:
    """Write a text as SQL does."""
    return "'" + value.replace("'", "''") + "'"


def _as_text(value: object) -> str:
    match value:
        case date():  # a moment is one as well
            return value.isoformat()
        case Decimal():
            return str(value)
    raise TypeError(f"{value!r} is no value of a row")


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_as_text)  # `json.dumps` would make one for each row
