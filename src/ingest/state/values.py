"""How values are written to the state database and read from it, alike in SQLite and PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

Row = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STORED_AS_THEY_ARE = frozenset({type(None), bool, int, float, bytes})
_LISTS = frozenset({"authors", "tags", "skip_hours", "skip_days", "hub_urls", "labels", "article_ids"})


def encoded(value: object) -> object:
    """Return a value as it is stored: moments in microseconds since 1970, days as ISO 8601 text, the rest as JSON."""
    if type(value) in _STORED_AS_THEY_ARE:  # most values; none of the patterns below is quick to say so
        return value
    if type(value) is str and value.isascii() and "\0" not in value:
        return value
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")  # neither is text to both
        case datetime():
            return (value - _EPOCH) // _MICROSECOND
        case date():
            return value.isoformat()
        case Mapping():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple() | set() | frozenset():
            return json.dumps(list(value), ensure_ascii=False)
    return value


def encoded_row(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row with its values as they are stored."""
    return {name: encoded(value) for name, value in row.items()}


def row_of(record: Any) -> Row:
    """Return the fields of a dataclass as a row. Unlike `dataclasses.asdict` it copies no value, so it is quick."""
    return {name: getattr(record, name) for name in _field_names(record.__class__)}


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def decoded_rows(columns: Sequence[str], found: Iterable[Sequence[Any]]) -> list[Row]:
    """Return rows by column name, each value as its column's name tells."""
    decoders = [_decoder(column) for column in columns]
    return [
        {
            column: decode(value) if decode and value is not None else value
            for column, decode, value in zip(columns, decoders, values, strict=True)
        }
        for values in found
    ]


def _decoder(column: str) -> Callable[[Any], object] | None:
    if column.endswith(("_at", "_since")):
        return _moment
    if column.endswith("_day"):
        return date.fromisoformat
    if column.startswith(("is_", "has_")) or column in {"passed", "waits"}:
        return bool
    return json.loads if column in _LISTS else None


def _moment(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)
