"""The statements of `warehouse/statements/`, by name."""

from functools import cache

from ..assets import asset


@cache
def statement(name: str) -> str:
    """Read a statement of `warehouse/statements/`, once."""
    return (asset("warehouse/statements") / f"{name}.sql").read_text(encoding="utf-8")
