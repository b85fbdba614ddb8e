"""The statements of `statements/`, by name."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Read a statement, once."""
    return (files(__package__) / "statements" / f"{name}.sql").read_text(encoding="utf-8")
