"""How our values are handed to DuckDB."""

import json
from decimal import Decimal


def plain(value: object) -> object:
    """Give DuckDB no decimals to find a common width for; the column's type is named anyway."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no text
    return value


def written(value: str) -> str:
    """Write a text as SQL does."""
    return "'" + value.replace("'", "''") + "'"
